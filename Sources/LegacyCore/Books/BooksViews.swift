/// What an auditor or a reconciliation reads: the same names and columns as in every other system's books of this contract.
enum BooksViews {
    /// 20260302 as 2026-03-02; a missing date stays missing. Stored dates have eight digits, since years are 1900 … 9999.
    private static func date(_ column: String) -> String {
        let digits = "CAST(\(column) AS VARCHAR)"
        return "substr(\(digits), 1, 4) || '-' || substr(\(digits), 5, 2) || '-' || substr(\(digits), 7, 2)"
    }

    static let sql = """
        CREATE VIEW books_accounts AS
        SELECT a.account_id, a.customer_id, a.state, b.balance, b.held_amount, \(date("a.last_paid_on")) AS last_paid_on,
            COALESCE((SELECT SUM(amount) FROM entry WHERE account_id = a.account_id), 0) AS entry_sum,
            COALESCE((SELECT SUM(credit - debit) FROM journal_line WHERE account_id = a.account_id), 0) AS journal_balance,
            (SELECT COUNT(*) FROM payout WHERE account_id = a.account_id) AS payouts,
            COALESCE((SELECT SUM(gross) FROM payout WHERE account_id = a.account_id), 0) AS gross_paid,
            COALESCE((SELECT SUM(net) FROM payout WHERE account_id = a.account_id), 0) AS net_paid,
            COALESCE((SELECT SUM(income_tax) FROM withholding WHERE account_id = a.account_id), 0) AS income_tax,
            COALESCE((SELECT SUM(local_income_tax) FROM withholding WHERE account_id = a.account_id), 0) AS local_income_tax,
            (SELECT COUNT(*) FROM withholding WHERE account_id = a.account_id) AS tax_records,
            COALESCE((SELECT SUM(paid_out) FROM closure WHERE account_id = a.account_id), 0) AS closed_paid_out
        FROM account a JOIN balance b USING(account_id);

        CREATE VIEW books_totals AS
        SELECT (SELECT COUNT(*) FROM journal) AS journals,
            (SELECT COUNT(*) FROM (SELECT journal_no FROM journal_line GROUP BY journal_no HAVING SUM(debit) <> SUM(credit)) AS broken)
                AS journals_unbalanced,
            COALESCE((SELECT SUM(debit) FROM journal_line), 0) AS debits,
            COALESCE((SELECT SUM(credit) FROM journal_line), 0) AS credits,
            0 AS pending_tax_events, 0 AS dead_tax_events,
            (SELECT COUNT(*) FROM account) AS accounts, (SELECT COUNT(*) FROM entry) AS entries,
            (SELECT COUNT(*) FROM payout) AS payouts;

        CREATE VIEW books_journal_lines AS
        SELECT l.account_id, l.journal_no AS journal_id, \(date("j.booked_on")) AS booked_on, \(date("l.valued_on")) AS valued_on,
            j.kind, l.debit, l.credit
        FROM journal_line l JOIN journal j USING(journal_no) WHERE l.account_id IS NOT NULL;
        """

    /// What an auditor reads of one account. Each is looked up by `account_id` on an index.
    ///
    /// A journal is an account's by its deposit line, a tax journal by its payout; its sums are what it moves each ledger account by in the
    /// end. The core books a tax in the payment's transaction: its events are what it would publish.
    static let account = """
        CREATE VIEW books_journals AS
        SELECT t.account_id, t.journal_no AS journal_id, \(date("j.booked_on")) AS booked_on, j.kind,
            (SELECT COALESCE(SUM(MAX(moved, 0)), 0) FROM (SELECT CAST(SUM(debit - credit) AS BIGINT) AS moved FROM journal_line l
                WHERE l.journal_no = t.journal_no GROUP BY gl_code, account_id) AS moves) AS debits,
            (SELECT COALESCE(SUM(MAX(-moved, 0)), 0) FROM (SELECT CAST(SUM(debit - credit) AS BIGINT) AS moved FROM journal_line l
                WHERE l.journal_no = t.journal_no GROUP BY gl_code, account_id) AS moves) AS credits
        FROM (SELECT account_id, journal_no FROM journal_line WHERE account_id IS NOT NULL
            UNION ALL SELECT account_id, tax_journal_no FROM payout) t
        JOIN journal j USING(journal_no);

        CREATE VIEW books_tax_records AS
        SELECT account_id, withholding_no AS record_id, \(date("withheld_on")) AS business_date, tax_category, gross, income_tax,
            local_income_tax
        FROM withholding;

        CREATE VIEW books_tax_events AS
        SELECT w.account_id, w.withholding_no AS position, w.gross, w.income_tax, w.local_income_tax, 1 - p.mirrored AS authoritative
        FROM withholding w JOIN payout p USING(payout_no);
        """
}
