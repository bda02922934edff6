/// Checks that all the books agree: each table's rows and each total explained by another table.
///
/// It knows nothing of the steps that filled them. A payout that has left out any one statement is found by it.
struct BooksAudit: Sendable {
    /// One thing that must hold.
    struct Rule: Sendable, Hashable {
        let name: String
        /// Counts the rows that break it.
        let violations: String
    }

    static let rules: [Rule] = balances + sequences + papers + totals

    /// The rules that are broken, by name, with how many rows break each. Empty where the books are in order.
    static func complaints(in books: any CoreSession) throws -> [String] {
        var complaints: [String] = []
        for rule in rules {
            let count = try books.row(rule.violations)?.integer(0) ?? 0
            if count > 0 { complaints.append("\(rule.name): \(count)") }
        }
        let orphans = try books.orphans()
        if orphans > 0 { complaints.append("a row refers to nothing: \(orphans)") }
        return complaints
    }

    private static let balances: [Rule] = [
        Rule(
            name: "a balance is the sum of its entries",
            violations: """
                SELECT COUNT(*) FROM balance b WHERE balance <> COALESCE((SELECT SUM(amount) FROM entry e WHERE e.account_id = b.account_id), 0)
                """),
        Rule(
            name: "a balance has a version per entry",
            violations: """
                SELECT COUNT(*) FROM balance b WHERE version <> (SELECT COUNT(*) FROM entry e WHERE e.account_id = b.account_id)
                """),
        Rule(
            name: "a balance is what its deposit lines say",
            violations: """
                SELECT COUNT(*) FROM balance b
                WHERE balance <> COALESCE((SELECT SUM(credit - debit) FROM journal_line l WHERE l.account_id = b.account_id), 0)
                """),
        Rule(
            name: "debits equal credits in each journal",
            violations: """
                SELECT COUNT(*) FROM (SELECT j.journal_no FROM journal j LEFT JOIN journal_line l USING(journal_no)
                GROUP BY j.journal_no HAVING COUNT(l.line_no) < 2 OR SUM(l.debit) <> SUM(l.credit)) AS broken
                """),
        Rule(
            name: "a payout's journals have three lines each",
            violations: """
                SELECT COUNT(*) FROM (SELECT j.journal_no FROM journal j LEFT JOIN journal_line l USING(journal_no)
                WHERE j.kind IN ('PAYOUT', 'TAX') GROUP BY j.journal_no HAVING COUNT(l.line_no) <> 3) AS broken
                """),
        Rule(
            name: "tax withheld is split to the last won",
            violations: "SELECT COUNT(*) FROM gl_account WHERE gl_code = '\(BookingSQL.withheld)' AND debits <> credits"),
        Rule(
            name: "an entry has its statement line",
            violations: """
                SELECT COUNT(*) FROM entry e WHERE (SELECT COUNT(*) FROM statement_line s WHERE s.account_id = e.account_id
                AND s.journal_no = e.journal_no AND s.amount = e.amount AND s.printed_on = e.booked_on) <> 1
                """),
        Rule(
            name: "a statement line has its entry",
            violations: """
                SELECT COUNT(*) FROM statement_line s WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.journal_no = s.journal_no
                AND e.account_id = s.account_id AND e.amount = s.amount)
                """),
        Rule(
            name: "the last statement line shows the balance",
            violations: """
                SELECT COUNT(*) FROM statement_line s JOIN balance b USING(account_id) WHERE s.line_no = (SELECT MAX(line_no)
                FROM statement_line t WHERE t.account_id = s.account_id) AND s.balance_after <> b.balance
                """),
        Rule(
            name: "an account is last paid on its last payout's day",
            violations: """
                SELECT COUNT(*) FROM account a WHERE EXISTS (SELECT 1 FROM payout p WHERE p.account_id = a.account_id)
                AND a.last_paid_on IS DISTINCT FROM (SELECT MAX(business_date) FROM payout p WHERE p.account_id = a.account_id)
                """),
        Rule(
            name: "the held amount is what the last payout left",
            violations: """
                SELECT COUNT(*) FROM balance b JOIN payout p USING(account_id) WHERE p.payout_no =
                (SELECT MAX(payout_no) FROM payout q WHERE q.account_id = b.account_id) AND p.held_after <> b.held_amount
                """),
    ]

    private static let sequences: [Rule] = [
        ("PAYOUT", "SELECT MAX(payout_no) FROM payout"), ("JOURNAL", "SELECT MAX(journal_no) FROM journal"),
        ("WITHHOLDING", "SELECT MAX(withholding_no) FROM withholding"), ("CLOSURE", "SELECT MAX(closure_no) FROM closure"),
    ].map { name, highest in
        Rule(
            name: "no \(name) number beyond its counter",
            violations: "SELECT COUNT(*) FROM sequence_counter WHERE name = '\(name)' AND last_value < COALESCE((\(highest)), 0)")
    }

    /// A paper that a payout must have, with what it must say.
    private static func paper(_ table: String, of payout: String = "p.payout_no = t.payout_no", says condition: String) -> Rule {
        Rule(
            name: "a payout has its row in \(table)",
            violations: """
                SELECT COUNT(*) FROM payout p LEFT JOIN withholding w ON w.payout_no = p.payout_no
                WHERE (SELECT COUNT(*) FROM \(table) t WHERE \(payout) AND \(condition)) <> 1
                """)
    }

    private static func taxPaper(_ table: String, says condition: String) -> Rule {
        paper(table, of: "t.withholding_no = w.withholding_no", says: condition)
    }

    private static let papers: [Rule] = [
        paper("journal", of: "t.journal_no = p.journal_no", says: "t.kind = 'PAYOUT' AND t.booked_on = p.business_date"),
        paper("journal", of: "t.journal_no = p.tax_journal_no", says: "t.kind = 'TAX' AND t.booked_on = p.business_date"),
        paper(
            "entry", of: "t.journal_no = p.journal_no",
            says: "t.account_id = p.account_id AND t.amount = p.net AND t.valued_on = p.business_date"),
        paper("payout_calculation", says: "t.gross = p.gross AND t.period_to < p.business_date"),
        paper("payout_rate", says: "t.product_code = p.product_code"),
        paper("payout_eligibility", says: "t.deposit_freeze = 0 AND t.customer_state = 'NORMAL'"),
        paper("payout_status", says: "t.status = 'BOOKED'"),
        paper("payout_day", says: "t.account_id = p.account_id AND t.business_date = p.business_date"),
        paper("accrual_settlement", says: "t.account_id = p.account_id AND t.gross = p.gross"),
        paper("interest_register", says: "t.net = p.net AND t.withheld = p.gross - p.net AND t.paid_on = p.business_date"),
        paper("balance_history", says: "t.balance_after = p.balance_after AND t.balance_after - t.balance_before = p.net"),
        paper("hold_history", says: "t.held_after = p.held_after"),
        paper("receipt", says: "t.net = p.net"),
        paper("notice_queue", says: "t.net = p.net AND t.authoritative <> p.mirrored"),
        paper("screening_log", says: "t.amount = p.net AND t.customer_id = p.customer_id"),
        paper("warehouse_feed", says: "t.gross = p.gross AND t.net = p.net AND t.account_id = p.account_id"),
        paper(
            "channel_audit", of: "t.idempotency_key = p.idempotency_key",
            says: "t.channel = p.channel AND t.account_id = p.account_id AND t.operation IN ('PAYOUT', 'CLOSURE_INTEREST')"),
        paper(
            "idempotency_record", of: "t.idempotency_key = p.idempotency_key",
            says: "t.status = 201 AND t.answered_at = p.processed_at"),
        paper(
            "withholding",
            says: """
                t.account_id = p.account_id AND t.gross = p.gross AND t.income_tax = p.income_tax
                AND t.local_income_tax = p.local_income_tax AND t.withheld_on = p.business_date
                """),
        paper(
            "journal_line", of: "t.journal_no = p.tax_journal_no",
            says: "t.gl_code = '\(BookingSQL.incomeTaxPayable)' AND t.credit = p.income_tax"),
        paper(
            "journal_line", of: "t.journal_no = p.tax_journal_no",
            says: "t.gl_code = '\(BookingSQL.localTaxPayable)' AND t.credit = p.local_income_tax"),
        taxPaper("income_tax_line", says: "t.base = p.gross AND t.tax = p.income_tax"),
        taxPaper("local_tax_line", says: "t.base = p.income_tax AND t.tax = p.local_income_tax"),
        taxPaper("tax_rule_applied", says: "t.tax_category = p.tax_category"),
        taxPaper("withholding_certificate", says: "t.gross = p.gross AND t.withheld = p.gross - p.net"),
        taxPaper("payment_report_line", says: "t.gross = p.gross AND t.income_tax = p.income_tax"),
        taxPaper("tax_notice_queue", says: "t.income_tax = p.income_tax AND t.authoritative <> p.mirrored"),
        taxPaper("tax_trail", says: "t.journal_no = p.tax_journal_no AND t.withheld = p.gross - p.net"),
    ]

    private static let totals: [Rule] = LedgerTotal.all.map { total in
        Rule(name: "\(total.table) is explained by its papers", violations: total.differences)
    }
}
