/// What an auditor reads of one account: journals, tax records and tax events, with the names and columns that every bank system keeps
/// for this. Each is looked up by `account_id` on an index.
enum AccountViews {
    /// A journal's sums count what it moves each ledger account by in the end; what only passes through an account cancels out.
    ///
    /// An event's amounts are those of its payload: what was published, whatever the payout's own row says.
    static func sql(_ dialect: Dialect) -> String {
        """
        DROP VIEW books_journal_lines;
        CREATE VIEW books_journal_lines AS
        SELECT l.account_id, l.journal_id, date(l.booked_on * 86400, 'unixepoch') AS booked_on,
            date(l.valued_on * 86400, 'unixepoch') AS valued_on, j.kind, l.debit, l.credit
        FROM journal_line l JOIN journal j USING (journal_id) WHERE l.gl = 2100;

        CREATE VIEW books_journals AS
        SELECT j.account_id, j.journal_id, date(j.booked_on * 86400, 'unixepoch') AS booked_on, j.kind,
            (SELECT coalesce(sum(max(moved, 0)), 0) FROM (SELECT sum(debit - credit) AS moved FROM journal_line l
                WHERE l.journal_id = j.journal_id GROUP BY gl, account_id) AS m) AS debits,
            (SELECT coalesce(sum(max(-moved, 0)), 0) FROM (SELECT sum(debit - credit) AS moved FROM journal_line l
                WHERE l.journal_id = j.journal_id GROUP BY gl, account_id) AS m) AS credits
        FROM journal j;

        CREATE VIEW books_tax_records AS
        SELECT account_id, event_id AS record_id, date(business_day * 86400, 'unixepoch') AS business_date,
            category AS tax_category, gross, income_tax, local_tax AS local_income_tax
        FROM withholding;

        CREATE VIEW books_tax_events AS
        SELECT account_id, position, \(dialect.member("grossInterest")) AS gross, \(dialect.member("incomeTax")) AS income_tax,
            \(dialect.member("localIncomeTax")) AS local_income_tax, \(dialect.member("authoritative")) AS authoritative
        FROM tax_outbox;

        CREATE INDEX payout_claim_by_payout ON payout_claim (payout_id);
        CREATE INDEX tax_outbox_by_account ON tax_outbox (account_id, position);
        """
    }
}
