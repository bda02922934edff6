/// The totals that deposits, withdrawals, transfers, payouts and closures move.
enum PaymentAggregates {
    /// In the order in which they can be made anew: a total of totals comes after those.
    static let all =
        ofOpenings + [
            accountYear, customerYear, branchDay, productDay, channelDay, controlTotal, accrualPosition, payoutCalendar,
            channelOperationDay, noticeCount,
        ]

    /// What the opening of an account moves.
    static let ofOpenings = [
        valueDay, monthTurnover, creditUsage, customerCreditDay, reserveBase, statementHead, customerPosition, insuredDeposit,
        branchPosition, generalLedger, generalLedgerDay,
    ]

    /// Movement of the balance by value date: the runs of days that interest is computed over come from here.
    static let valueDay = Aggregate(
        "value_day", keys: [("account_id", .text), ("valued_on", .integer)], sums: ["movement", "entries"],
        definition: "SELECT account_id, valued_on, sum(amount), count(*) FROM entry GROUP BY 1, 2")

    static let monthTurnover = Aggregate(
        "month_turnover", keys: [("account_id", .text), ("month", .integer)], sums: ["credits", "debits"],
        definition: """
            SELECT account_id, \(month("booked_on")), sum(max(amount, 0)), sum(max(-amount, 0)) FROM entry GROUP BY 1, 2
            """)

    /// Credits a day, for the account's limits.
    static let creditUsage = Aggregate(
        "credit_usage", keys: [("account_id", .text), ("day", .integer)], sums: ["credits", "credited"],
        definition: "SELECT account_id, booked_on, count(*), sum(amount) FROM entry WHERE amount >= 0 GROUP BY 1, 2")

    /// Credits a day over all accounts of a customer, for the reports that anti-money-laundering law asks for.
    static let customerCreditDay = Aggregate(
        "customer_credit_day", keys: [("customer_id", .text), ("day", .integer)], sums: ["credits", "credited"],
        definition: """
            SELECT customer_id, booked_on, count(*), sum(amount) FROM entry JOIN account USING (account_id)
            WHERE amount >= 0 GROUP BY 1, 2
            """)

    /// Money in and out of deposits by day: the base of the reserve requirement.
    static let reserveBase = Aggregate(
        "reserve_base", keys: [("day", .integer)], sums: ["paid_in", "paid_out"],
        definition: "SELECT booked_on, sum(max(amount, 0)), sum(max(-amount, 0)) FROM entry GROUP BY 1")

    static let statementHead = Aggregate(
        "statement_head", keys: [("account_id", .text)], sums: ["lines", "printed"],
        definition: "SELECT account_id, count(*), sum(amount) FROM statement_line GROUP BY 1")

    static let customerPosition = Aggregate(
        "customer_position", keys: [("customer_id", .text)], sums: ["balance"],
        definition: """
            SELECT customer_id, sum(balance) FROM account_balance JOIN account USING (account_id) GROUP BY 1
            """)

    /// What deposit insurance covers of a customer: up to 100 million won.
    static let insuredDeposit = Aggregate(
        "insured_deposit", keys: [("customer_id", .text)], sums: ["covered"],
        upsert: """
            INSERT INTO insured_deposit (customer_id, covered)
            SELECT customer_id, min(max(balance, 0), 100000000) FROM customer_position WHERE customer_id = ?
            """, onConflict: "covered = excluded.covered",
        definition: "SELECT customer_id, min(max(balance, 0), 100000000) FROM customer_position")

    static let branchPosition = Aggregate(
        "branch_position", keys: [("branch", .text)], sums: ["balance"],
        definition: "SELECT branch, sum(balance) FROM account_balance JOIN account USING (account_id) GROUP BY 1")

    static let generalLedger = Aggregate(
        "general_ledger", keys: [("gl", .integer)], sums: ["debits", "credits"],
        definition: "SELECT gl, sum(debit), sum(credit) FROM journal_line GROUP BY 1")

    static let generalLedgerDay = Aggregate(
        "general_ledger_day", keys: [("gl", .integer), ("day", .integer)], sums: ["debits", "credits"],
        definition: "SELECT gl, booked_on, sum(debit), sum(credit) FROM journal_line GROUP BY 1, 2")

    static let accountYear = Aggregate(
        "account_year", keys: [("account_id", .text), ("year", .integer)], sums: ["payouts", "gross", "withheld", "net"],
        definition: """
            SELECT account_id, \(year("business_day")), count(*), sum(gross), sum(gross - net), sum(net) FROM payout GROUP BY 1, 2
            """)

    /// Interest of a calendar year over all accounts: the base of comprehensive taxation.
    static let customerYear = Aggregate(
        "customer_year", keys: [("customer_id", .text), ("year", .integer)], sums: ["payouts", "gross", "withheld", "net"],
        definition: """
            SELECT customer_id, \(year("business_day")), count(*), sum(gross), sum(gross - net), sum(net)
            FROM payout JOIN account USING (account_id) GROUP BY 1, 2
            """)

    static let branchDay = Aggregate(
        "branch_day", keys: [("branch", .text), ("day", .integer)], sums: ["payouts", "gross", "net"],
        definition: """
            SELECT branch, business_day, count(*), sum(gross), sum(net) FROM payout JOIN account USING (account_id) GROUP BY 1, 2
            """)

    static let productDay = Aggregate(
        "product_day", keys: [("product", .text), ("day", .integer)], sums: ["payouts", "gross", "net"],
        definition: """
            SELECT product, business_day, count(*), sum(gross), sum(net) FROM payout JOIN account USING (account_id) GROUP BY 1, 2
            """)

    static let channelDay = Aggregate(
        "channel_day", keys: [("channel", .text), ("day", .integer)], sums: ["payouts", "gross", "net"],
        definition: "SELECT channel, business_day, count(*), sum(gross), sum(net) FROM payout GROUP BY 1, 2")

    /// The totals that the day's close is reconciled with.
    static let controlTotal = Aggregate(
        "control_total", keys: [("day", .integer)], sums: ["payouts", "gross", "withheld", "net"],
        definition: "SELECT business_day, count(*), sum(gross), sum(gross - net), sum(net) FROM payout GROUP BY 1")

    static let accrualPosition = Aggregate(
        "accrual_position", keys: [("account_id", .text)], sums: ["accruals", "accrued"],
        definition: "SELECT account_id, count(*), sum(amount) FROM accrual GROUP BY 1")

    /// When interest was last paid, by the payouts themselves.
    static let payoutCalendar = Aggregate(
        "payout_calendar", keys: [("account_id", .text)], sums: ["payouts", "last_payout_on"],
        onConflict: """
            payouts = payout_calendar.payouts + excluded.payouts,
            last_payout_on = max(payout_calendar.last_payout_on, excluded.last_payout_on)
            """,
        definition: "SELECT account_id, count(*), max(business_day) FROM payout GROUP BY 1")

    static let channelOperationDay = Aggregate(
        "channel_operation_day", keys: [("channel", .text), ("operation", .text), ("day", .integer)], sums: ["calls", "amount"],
        definition: "SELECT channel, operation, business_day, count(*), sum(amount) FROM channel_audit GROUP BY 1, 2, 3")

    static let noticeCount = Aggregate(
        "notice_count", keys: [("customer_id", .text)], sums: ["notices"],
        definition: "SELECT customer_id, count(*) FROM notice GROUP BY 1")

    /// `202603` of a day number.
    static func month(_ column: String) -> String {
        "CAST(strftime('%Y%m', \(column) * 86400, 'unixepoch') AS INTEGER)"
    }

    static func year(_ column: String) -> String { "CAST(strftime('%Y', \(column) * 86400, 'unixepoch') AS INTEGER)" }
}
