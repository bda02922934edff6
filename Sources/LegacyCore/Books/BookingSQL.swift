/// The statements that every booking is made of, whether a payout, a deposit or a closure.
///
/// Named arguments: `:account`, `:product`, `:journal`, `:date` (booked on), `:valuedOn`, `:amount` (signed, the account's view),
/// `:heldAfter`, `:balanceAfter`. Where a statement is needed with several values it is a function of SQL expressions.
enum BookingSQL {
    static let settlement = "1010"
    static let deposits = "2010"
    static let withheld = "2510"
    static let incomeTaxPayable = "2520"
    static let localTaxPayable = "2530"
    static let interestExpense = "5010"
    static let suspense = "9990"

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
        """
        INSERT INTO gl_day(gl_code, booked_on, debits, credits) VALUES('\(code)', :date, \(debit), \(credit))
        ON CONFLICT DO UPDATE SET debits = debits + excluded.debits, credits = credits + excluded.credits
        """
    }

    static func dayControl(isTax: Int = 0, amount: String) -> String {
        """
        INSERT INTO day_control(booked_on, is_tax, journals, debits, credits) VALUES(:date, \(isTax), 1, \(amount), \(amount))
        ON CONFLICT DO UPDATE SET journals = journals + 1, debits = debits + excluded.debits, credits = credits + excluded.credits
        """
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
        ON CONFLICT DO UPDATE SET movement = movement + excluded.movement, closing_balance = closing_balance + :amount
        """

    static let statementLine = """
        INSERT INTO statement_line(account_id, line_no, journal_no, printed_on, amount, balance_after)
        VALUES(:account, COALESCE((SELECT MAX(line_no) FROM statement_line WHERE account_id = :account), 0) + 1,
               :journal, :date, :amount, :balanceAfter)
        """

    static let passbook = """
        INSERT INTO passbook(account_id, lines) VALUES(:account, 1) ON CONFLICT DO UPDATE SET lines = lines + 1
        """

    static let subledger = """
        INSERT INTO deposit_subledger(account_id, debits, credits) VALUES(:account, MAX(-:amount, 0), MAX(:amount, 0))
        ON CONFLICT DO UPDATE SET debits = debits + excluded.debits, credits = credits + excluded.credits
        """

    static let activity = """
        INSERT INTO account_activity(account_id, movements, last_on) VALUES(:account, 1, :date)
        ON CONFLICT DO UPDATE SET movements = movements + 1, last_on = MAX(last_on, excluded.last_on)
        """

    static let insured = """
        INSERT INTO insured_deposit(account_id, insured_amount) VALUES(:account, :amount)
        ON CONFLICT DO UPDATE SET insured_amount = insured_amount + excluded.insured_amount
        """

    static let liquidity = """
        INSERT INTO liquidity_day(booked_on, inflow, outflow) VALUES(:date, MAX(:amount, 0), MAX(-:amount, 0))
        ON CONFLICT DO UPDATE SET inflow = inflow + excluded.inflow, outflow = outflow + excluded.outflow
        """

    static let reserve = """
        INSERT INTO reserve_base(product_code, booked_on, change) VALUES(:product, :date, :amount)
        ON CONFLICT DO UPDATE SET change = change + excluded.change
        """

    static let channelAudit = """
        INSERT INTO channel_audit(idempotency_key, channel, operation, account_id, business_date, mirrored)
        VALUES(:key, :channel, :operation, :account, :date, :mirrored)
        """

    static let idempotency = """
        INSERT INTO idempotency_record(idempotency_key, method, path, body, status, content_type, answer, answered_at)
        VALUES(:key, :method, :path, :body, :status, :contentType, :answer, :at)
        """
}
