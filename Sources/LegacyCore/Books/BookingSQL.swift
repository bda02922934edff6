/// The statements that every booking is made of, whether a payout, a deposit or a closure.
///
/// Named arguments: `:account`, `:product`, `:journal`, `:date` (booked on), `:valuedOn`, `:amount` (signed, the account's view),
/// `:heldAfter`, `:balanceAfter`. Both engines take them as they stand (``CoreSession``). Where a statement is needed with several values it is a function of SQL expressions.
enum BookingSQL {
    static let settlement = "1010"
    static let deposits = "2010"
    static let withheld = "2510"
    static let incomeTaxPayable = "2520"
    static let localTaxPayable = "2530"
    static let interestExpense = "5010"
    static let suspense = "9990"

    /// Begins a running total's row, or adds to the one that is there.
    ///
    /// - Parameters:
    ///   - values: of all its columns, in their order.
    ///   - adding: the columns that add up.
    ///   - latest: those that keep the larger value.
    static func total(
        _ table: String, key: String, _ values: String, adding: [String] = [], latest: [String] = []
    ) -> String {
        "INSERT INTO \(table) VALUES(\(values)) " + onConflict(in: table, key: key, adding: adding, latest: latest)
    }

    static func onConflict(in table: String, key: String, adding: [String], latest: [String] = []) -> String {
        let sums = adding.map { "\($0) = \(table).\($0) + excluded.\($0)" }
        let maxima = latest.map { "\($0) = MAX(\(table).\($0), excluded.\($0))" }
        return "ON CONFLICT(\(key)) DO UPDATE SET " + (sums + maxima).joined(separator: ", ")
    }

    static func nextNumber(_ counter: String) -> String {
        "UPDATE sequence_counter SET last_value = last_value + 1 WHERE name = '\(counter)'"
    }

    static func journal(_ number: String = ":journal", kind: String) -> String {
        "INSERT INTO journal(journal_no, kind, booked_on) VALUES(\(number), '\(kind)', :date)"
    }

    static func line(
        _ number: Int, of journal: String = ":journal", gl: String, account: String = "NULL", valuedOn: String = ":date",
        debit: String = "0", credit: String = "0"
    ) -> String {
        """
        INSERT INTO journal_line(journal_no, line_no, gl_code, account_id, valued_on, debit, credit)
        VALUES(\(journal), \(number), '\(gl)', \(account), \(valuedOn), \(debit), \(credit))
        """
    }

    static func glAccount(_ code: String, debit: String = "0", credit: String = "0") -> String {
        "UPDATE gl_account SET debits = debits + \(debit), credits = credits + \(credit) WHERE gl_code = '\(code)'"
    }

    static func glDay(_ code: String, debit: String = "0", credit: String = "0") -> String {
        total("gl_day", key: "gl_code, booked_on", "'\(code)', :date, \(debit), \(credit)", adding: ["debits", "credits"])
    }

    static func dayControl(isTax: Int = 0, amount: String) -> String {
        total(
            "day_control", key: "booked_on, is_tax", ":date, \(isTax), 1, \(amount), \(amount)",
            adding: ["journals", "debits", "credits"])
    }

    static let entry = """
        INSERT INTO entry(account_id, booked_on, valued_on, amount, journal_no)
        VALUES(:account, :date, :valuedOn, :amount, :journal)
        """

    static let balance = """
        UPDATE balance SET balance = balance + :amount, held_amount = :heldAfter, version = version + 1
        WHERE account_id = :account
        """

    /// A booking moves the closing balance of its value date and of every later one: a late booking changes days gone by.
    static let dailyBalance = """
        INSERT INTO daily_balance(account_id, value_date, movement, closing_balance)
        SELECT :account, :valuedOn, :amount, :amount + COALESCE(
            (SELECT closing_balance FROM daily_balance WHERE account_id = :account AND value_date <= :valuedOn
             ORDER BY value_date DESC LIMIT 1), 0)
        UNION ALL SELECT account_id, value_date, 0, 0 FROM daily_balance WHERE account_id = :account AND value_date > :valuedOn
        ON CONFLICT(account_id, value_date) DO UPDATE SET movement = daily_balance.movement + excluded.movement,
            closing_balance = daily_balance.closing_balance + :amount
        """

    static let statementLine = """
        INSERT INTO statement_line(account_id, line_no, journal_no, printed_on, amount, balance_after)
        VALUES(:account, COALESCE((SELECT MAX(line_no) FROM statement_line WHERE account_id = :account), 0) + 1,
               :journal, :date, :amount, :balanceAfter)
        """

    static let passbook = total("passbook", key: "account_id", ":account, 1", adding: ["lines"])

    static let subledger = total(
        "deposit_subledger", key: "account_id", ":account, MAX(-:amount, 0), MAX(:amount, 0)", adding: ["debits", "credits"])

    static let activity = total(
        "account_activity", key: "account_id", ":account, 1, :date", adding: ["movements"], latest: ["last_on"])

    static let insured = total("insured_deposit", key: "account_id", ":account, :amount", adding: ["insured_amount"])

    static let liquidity = total(
        "liquidity_day", key: "booked_on", ":date, MAX(:amount, 0), MAX(-:amount, 0)", adding: ["inflow", "outflow"])

    static let reserve = total(
        "reserve_base", key: "product_code, booked_on", ":product, :date, :amount", adding: ["change"])

    static let channelAudit = """
        INSERT INTO channel_audit(idempotency_key, channel, operation, account_id, business_date, mirrored)
        VALUES(:key, :channel, :operation, :account, :date, :mirrored)
        """

    static let idempotency = """
        INSERT INTO idempotency_record(idempotency_key, method, path, body, status, content_type, answer, answered_at)
        VALUES(:key, :method, :path, :body, :status, :contentType, :answer, :at)
        """
}
