/// Takes an account and all that is its own out of the books, so that a fixture can open it anew.
enum AccountReplacement {
    /// False, and without effect, on an unknown account; else the totals are wrong afterwards, until they are filled anew.
    static func remove(_ account: String, in books: any CoreSession) throws -> Bool {
        let arguments: BookArguments = ["account": account]
        guard try books.row("SELECT 1 FROM account WHERE account_id = :account", arguments) != nil else { return false }
        for sql in statements { try books.change(sql, arguments) }
        return true
    }

    /// Once before accounts are removed: each change of the schema would make the database forget all statements it has prepared.
    static func prepare(in books: any CoreSession) throws {
        try books.makeTemporary("CREATE TEMP TABLE IF NOT EXISTS gone(journal_no INTEGER PRIMARY KEY)")
    }

    private static let statements = [
        // A transfer's journal is the other account's too: this leg goes to suspense, so that the journal stays balanced.
        """
        UPDATE journal_line SET account_id = NULL, gl_code = '\(BookingSQL.suspense)'
        WHERE account_id = :account AND EXISTS (SELECT 1 FROM journal_line o
            WHERE o.journal_no = journal_line.journal_no AND o.account_id IS NOT NULL AND o.account_id <> :account)
        """,
        "DELETE FROM gone",
        "INSERT INTO gone SELECT DISTINCT journal_no FROM journal_line WHERE account_id = :account",
        "INSERT INTO gone SELECT tax_journal_no FROM payout WHERE account_id = :account ON CONFLICT DO NOTHING",
        "DELETE FROM payout WHERE account_id = :account",
        "DELETE FROM entry WHERE account_id = :account",
        "DELETE FROM journal WHERE journal_no IN (SELECT journal_no FROM gone)",
        "DELETE FROM account WHERE account_id = :account",
    ]
}
