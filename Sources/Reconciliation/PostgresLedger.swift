#if PostgreSQL
    internal import PostgreSQLClient

    /// The views `books_accounts` and `books_totals` of a service's schema in PostgreSQL.
    struct PostgresLedger: Ledger {
        private let pool: PostgresPool

        init(address: String, schema: String) throws(LedgerUnreachable) {
            do throws(PostgresSettings.Refusal) {
                var settings = try PostgresSettings(address, schema: schema)
                // One page after the other. A sum over all journals may take its time.
                settings.poolSize = 1
                settings.statementTimeoutMilliseconds = max(settings.statementTimeoutMilliseconds, 600_000)
                pool = PostgresPool(settings)
            } catch {
                throw LedgerUnreachable(description: "The books' address is wrong: \(error.description).")
            }
        }

        func totals() async throws(LedgerUnreachable) -> LedgerTotals {
            let columns = LedgerTotals.columns.map(\.sql)
            let sql = "SELECT \(columns.joined(separator: ", ")) FROM books_totals"
            let counts = try await read { transaction in
                try transaction.query(sql).first.map { row in try columns.indices.map { try row.integerIfAny($0) ?? 0 } }
            }
            guard let counts else {
                throw LedgerUnreachable(description: "The books at \(pool.settings.place) have no row in books_totals.")
            }
            return LedgerTotals(counts: counts)
        }

        func accounts(after: String, limit: Int) async throws(LedgerUnreachable) -> [LedgerAccount] {
            let texts = LedgerAccount.textColumns.map(\.sql)
            let amounts = LedgerAccount.amountColumns.map(\.sql)
            // In the order of the bytes, which is that of the other side, whatever the database's locale is.
            let sql = """
                SELECT \((["account_id"] + texts + amounts).joined(separator: ", ")) FROM books_accounts
                WHERE account_id COLLATE "C" > $1 ORDER BY account_id COLLATE "C" LIMIT $2
                """
            return try await read { transaction in
                try transaction.query(sql, [.text(after), .integer(Int64(limit))]).map { row in
                    LedgerAccount(
                        accountId: try row.text(0), texts: texts.indices.map { row.textIfAny($0 + 1) },
                        amounts: try amounts.indices.map { try row.integerIfAny($0 + 1 + texts.count) ?? 0 })
                }
            }
        }

        private func read<Value: Sendable>(
            _ body: @escaping @Sendable (PostgresTransaction) throws -> Value
        ) async throws(LedgerUnreachable) -> Value {
            do { return try await pool.read(body) } catch {
                throw LedgerUnreachable(
                    description:
                        "The books in the schema `\(pool.settings.schema)` at \(pool.settings.place) can't be read: \(error).")
            }
        }
    }
#endif
