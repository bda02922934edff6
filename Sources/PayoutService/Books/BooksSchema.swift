import GRDB

/// The database's versions. Every change of a table is one more migration.
enum BooksSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: payment, tax and totals") { database in
            try database.execute(sql: PaymentTables.creation)
            try database.execute(sql: TaxTables.creation)
            for aggregate in Aggregate.all { try database.execute(sql: aggregate.creation) }
            try database.execute(sql: views)
        }
        migrator.registerMigration("2: views of one account") { database in try database.execute(sql: AccountViews.sql(.sqlite)) }
        migrator.registerMigration("3: versions of what previews rest on") { database in
            try database.execute(sql: PreviewToken.creation)
            try database.execute(sql: PreviewToken.naming, arguments: [PreviewToken.newBooks()])
        }
        migrator.registerMigration("4: tax events on their way through a topic") { database in
            try database.execute(sql: PublishedEvents.creation)
        }
        return migrator
    }

    /// What an auditor reads: the same names and columns as every bank system keeps for reconciliation.
    static let views = """
        CREATE VIEW books_accounts AS
        SELECT a.account_id, a.customer_id, a.state, b.balance, b.held AS held_amount,
            date(b.last_paid_on * 86400, 'unixepoch') AS last_paid_on,
            (SELECT coalesce(sum(amount), 0) FROM entry e WHERE e.account_id = a.account_id) AS entry_sum,
            (SELECT coalesce(sum(credit - debit), 0) FROM journal_line l
                WHERE l.account_id = a.account_id AND l.gl = 2100) AS journal_balance,
            (SELECT count(*) FROM payout p WHERE p.account_id = a.account_id) AS payouts,
            (SELECT coalesce(sum(gross), 0) FROM payout p WHERE p.account_id = a.account_id) AS gross_paid,
            (SELECT coalesce(sum(net), 0) FROM payout p WHERE p.account_id = a.account_id) AS net_paid,
            (SELECT coalesce(sum(income_tax), 0) FROM withholding w WHERE w.account_id = a.account_id) AS income_tax,
            (SELECT coalesce(sum(local_tax), 0) FROM withholding w WHERE w.account_id = a.account_id) AS local_income_tax,
            (SELECT count(*) FROM withholding w WHERE w.account_id = a.account_id) AS tax_records,
            (SELECT coalesce(sum(paid_out), 0) FROM closure c WHERE c.account_id = a.account_id) AS closed_paid_out
        FROM account a JOIN account_balance b USING (account_id);

        CREATE VIEW books_totals AS
        SELECT (SELECT count(*) FROM journal) AS journals,
            (SELECT count(*) FROM (SELECT journal_id FROM journal_line GROUP BY journal_id HAVING sum(debit) <> sum(credit)) AS j)
                AS journals_unbalanced,
            (SELECT coalesce(sum(debit), 0) FROM journal_line) AS debits,
            (SELECT coalesce(sum(credit), 0) FROM journal_line) AS credits,
            (SELECT count(*) FROM tax_outbox WHERE state = 'PENDING') AS pending_tax_events,
            (SELECT count(*) FROM tax_outbox WHERE state = 'DEAD') AS dead_tax_events,
            (SELECT count(*) FROM account) AS accounts,
            (SELECT count(*) FROM entry) AS entries,
            (SELECT count(*) FROM payout) AS payouts;

        CREATE VIEW books_journal_lines AS
        SELECT l.account_id, l.journal_id, date(l.booked_on * 86400, 'unixepoch') AS booked_on,
            date(l.valued_on * 86400, 'unixepoch') AS valued_on, j.kind, l.debit, l.credit
        FROM journal_line l JOIN journal j USING (journal_id);
        """
}
