#if PostgreSQL
    import PostgreSQLClient

    /// A transaction on PostgreSQL.
    ///
    /// The legacy core is a monolith of its time: it **sends each statement by itself and waits for its answer**, a round trip for each of a
    /// payout's 80 statements. That is a property of the core, which newer services are measured against; don't let statements travel
    /// together here. Filling the books from fixtures is no call of the old core's, and alone is spared the waiting.
    final class PostgresSession: CoreSession {
        private let transaction: PostgresTransaction
        private let dialect: PostgresDialect
        private let changes: ChangeCount
        private let waits: Bool

        /// - Parameter waits: for each statement's answer before the next goes out.
        init(_ transaction: PostgresTransaction, dialect: PostgresDialect, changes: ChangeCount, waits: Bool) {
            self.transaction = transaction
            self.dialect = dialect
            self.changes = changes
            self.waits = waits
        }

        /// Lets one writer at a time into the books, as SQLite does: the rest wait here, for their lock timeout at most.
        ///
        /// The numbers of journals and papers come from these rows, without gaps, so writers are one after the other anyhow. READ COMMITTED
        /// is enough behind this lock: each later statement of the transaction sees all that the writers before it have committed, and
        /// nobody else can write until it ends.
        func lockWriters() throws {
            _ = try transaction.query("SELECT name FROM sequence_counter ORDER BY name FOR UPDATE")
        }

        func rows(_ sql: String, _ arguments: BookArguments) throws -> [BookRow] {
            let query = dialect.translated(sql)
            return try transaction.query(query.sql, try query.values(of: arguments)).map(BookRow.init)
        }

        func change(_ sql: String, _ arguments: BookArguments, step: String?) throws {
            let statement = dialect.translated(sql)
            changes.add(1)
            try transaction.execute(statement.sql, try statement.values(of: arguments), as: step)
            guard waits else { return }
            // No further query: what stands in line goes out, and is answered.
            do throws(PostgresError) { _ = try transaction.queries([]) } catch {
                if let step, error.kind == .noRowChanged { throw StepWithoutEffect(step: step) }
                throw error
            }
        }

        func makeTemporary(_ sql: String) throws { try transaction.execute(PostgresDialect.definition(sql)) }

        /// None, ever: PostgreSQL checks each of them at the commit.
        func orphans() throws -> Int { 0 }
    }
#endif
