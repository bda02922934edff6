extension PayoutStep {
    /// The 50 statements of the payment: gross interest booked as expense, net to the customer, the rest to be split by the tax part.
    static let payment: [PayoutStep] = papers + account + customer + generalLedger + afterwards

    private static let papers: [PayoutStep] = [
        PayoutStep("take a payout number", BookingSQL.nextNumber("PAYOUT")),
        PayoutStep("take a journal number", BookingSQL.nextNumber("JOURNAL")),
        PayoutStep("open the payment's journal", BookingSQL.journal(kind: "PAYOUT")),
        PayoutStep("debit interest expense", BookingSQL.line(1, gl: BookingSQL.interestExpense, debit: ":gross")),
        PayoutStep(
            "credit the customer's deposit", BookingSQL.line(2, gl: BookingSQL.deposits, account: ":account", credit: ":net")),
        PayoutStep("credit tax withheld", BookingSQL.line(3, gl: BookingSQL.withheld, credit: ":withheld")),
        PayoutStep(
            "record the payout",
            """
            INSERT INTO payout(payout_no, account_id, customer_id, branch_code, product_code, tax_category, channel, business_date,
                month, year, journal_no, tax_journal_no, gross, income_tax, local_income_tax, net, balance_after, held_after,
                idempotency_key, mirrored, processed_at)
            VALUES(:payout, :account, :customer, :branch, :product, :category, :channel, :date, :month, :year, :journal, :taxJournal,
                :gross, :incomeTax, :localIncomeTax, :net, :balanceAfter, :heldAfter, :key, :mirrored, :at)
            """),
        PayoutStep(
            "keep the calculation",
            "INSERT INTO payout_calculation VALUES(:payout, :account, :from, :to, :days, :accrued, :gross)"),
        PayoutStep("keep the rates applied", "INSERT INTO payout_rate VALUES(:payout, :product, :since, :bands)"),
        PayoutStep(
            "keep what was checked",
            "INSERT INTO payout_eligibility VALUES(:payout, :customerState, :accountState, :depositFreeze, :withdrawalFreeze)"),
        PayoutStep("set the payout's status", "INSERT INTO payout_status VALUES(:payout, 'BOOKED', :at)"),
        PayoutStep("use up the day's one payout", "INSERT INTO payout_day VALUES(:account, :date, :payout)"),
    ]

    private static let account: [PayoutStep] = [
        PayoutStep("enter the credit", BookingSQL.entry),
        PayoutStep("raise the balance", BookingSQL.balance),
        PayoutStep("raise the daily balance", BookingSQL.dailyBalance),
        PayoutStep("move the last paid date", "UPDATE account SET last_paid_on = :date WHERE account_id = :account"),
        PayoutStep("settle the accrual", "INSERT INTO accrual_settlement VALUES(:payout, :account, :to, :gross)"),
        PayoutStep(
            "move the accrual position",
            BookingSQL.total(
                "accrual_position", key: "account_id", ":account, :to, :gross", adding: ["settled"], latest: ["settled_through"])),
        PayoutStep("print the statement line", BookingSQL.statementLine),
        PayoutStep("turn the passbook", BookingSQL.passbook),
        PayoutStep("post the deposit subledger", BookingSQL.subledger),
        PayoutStep("note the account's activity", BookingSQL.activity),
        PayoutStep("insure the deposit", BookingSQL.insured),
        PayoutStep(
            "total the account's year",
            BookingSQL.total("account_year", key: "account_id, year", ":account, :year, 1, :gross", adding: ["payouts", "gross"])),
        PayoutStep(
            "keep the balance's history",
            "INSERT INTO balance_history VALUES(:payout, :account, :balanceBefore, :balanceAfter, :version)"),
        PayoutStep("keep the hold's history", "INSERT INTO hold_history VALUES(:payout, :account, :heldBefore, :heldAfter)"),
    ]

    private static let customer: [PayoutStep] = [
        PayoutStep("audit the channel", BookingSQL.channelAudit),
        PayoutStep(
            "use the channel's limit",
            BookingSQL.total(
                "channel_limit", key: "channel, business_date", ":channel, :date, 1, :net", adding: ["payouts", "net"])),
        PayoutStep(
            "use the customer's limit",
            BookingSQL.total("customer_limit", key: "customer_id, year", ":customer, :year, :net", adding: ["net"])),
        PayoutStep(
            "total the customer",
            BookingSQL.total(
                "customer_total", key: "customer_id", ":customer, 1, :gross, :net", adding: ["payouts", "gross", "net"])),
        PayoutStep(
            "total the customer's month",
            BookingSQL.total(
                "customer_month", key: "customer_id, month", ":customer, :month, :gross, :net", adding: ["gross", "net"])),
        PayoutStep(
            "note the customer's contact",
            BookingSQL.total("customer_contact", key: "customer_id", ":customer, :date", latest: ["last_on"])),
        PayoutStep("write the receipt", "INSERT INTO receipt VALUES(:payout, :receipt, :net)"),
        PayoutStep(
            "queue the notice", "INSERT INTO notice_queue VALUES(:payout, :customer, 'INTEREST_PAID', :net, :authoritative)"),
        PayoutStep("screen the payment", "INSERT INTO screening_log VALUES(:payout, :customer, :net, 'INTEREST')"),
    ]

    private static let generalLedger: [PayoutStep] = [
        PayoutStep("post interest expense", BookingSQL.glAccount(BookingSQL.interestExpense, debit: ":gross")),
        PayoutStep("post deposits", BookingSQL.glAccount(BookingSQL.deposits, credit: ":net")),
        PayoutStep("post tax withheld", BookingSQL.glAccount(BookingSQL.withheld, credit: ":withheld")),
        PayoutStep("post the day's interest expense", BookingSQL.glDay(BookingSQL.interestExpense, debit: ":gross")),
        PayoutStep("post the day's deposits", BookingSQL.glDay(BookingSQL.deposits, credit: ":net")),
        PayoutStep("post the day's tax withheld", BookingSQL.glDay(BookingSQL.withheld, credit: ":withheld")),
        PayoutStep("control the day", BookingSQL.dayControl(amount: ":gross")),
        PayoutStep(
            "total the branch's day",
            BookingSQL.total(
                "branch_day", key: "branch_code, business_date", ":branch, :date, 1, :net", adding: ["payouts", "net"])),
        PayoutStep(
            "total the product's day",
            BookingSQL.total(
                "product_day", key: "product_code, business_date", ":product, :date, 1, :gross", adding: ["payouts", "gross"])),
        PayoutStep(
            "charge the cost centre",
            BookingSQL.total(
                "cost_centre_month", key: "branch_code, month", ":branch, :month, :gross", adding: ["interest_expense"])),
    ]

    private static let afterwards: [PayoutStep] = [
        PayoutStep("move the day's liquidity", BookingSQL.liquidity),
        PayoutStep("move the reserve base", BookingSQL.reserve),
        PayoutStep(
            "register the interest", "INSERT INTO interest_register VALUES(:payout, :account, :date, :gross, :withheld, :net)"),
        PayoutStep(
            "feed the warehouse", "INSERT INTO warehouse_feed VALUES(:payout, :date, :account, :product, :gross, :net)"),
        PayoutStep("keep the answer under its key", BookingSQL.idempotency),
    ]
}
