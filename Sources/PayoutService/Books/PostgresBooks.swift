#if PostgreSQL
    import InterestContract
    import PostgreSQLClient
    import Synchronization

    /// The books in a schema of a PostgreSQL database, at READ COMMITTED: an account's balance row is locked, and no other row is held
    /// while anything is decided.
    struct PostgresBooks: BookStore {
        let pool: PostgresPool
        var omitting: Set<String> = []
        /// Off in the test alone that shows what the lock is for.
        var locksBalances = true

        /// Connects, and refuses a schema of another version: `bank migrate` makes it.
        static func open(_ settings: PostgresSettings) async throws -> PostgresBooks {
            let books = PostgresBooks(pool: PostgresPool(settings))
            try await PostgresBooksSchema.schema.check(books.pool)
            return books
        }

        var outbox: any EventOutbox { PostgresEventOutbox(books: self) }

        /// Two transactions with one idempotency key: the second one begins again, and finds the first one's answer.
        private static let answeredBefore: Set<String> = ["idempotency_pkey"]

        func read<Value: Sendable>(_ body: @escaping @Sendable (any BooksReading) throws -> Value) async throws -> Value {
            try await look { try body(BooksSession(connection: $0, omitting: omitting)) }
        }

        func look<Value: Sendable>(_ work: @escaping @Sendable (any BookConnection) throws -> Value) async throws -> Value {
            do {
                return try await pool.read { try work(PostgresBookConnection(transaction: $0, locksBalances: false)) }
            } catch let error as PostgresError {
                throw BooksFailure(error) ?? error
            }
        }

        func change<Value: Sendable>(_ work: @escaping @Sendable (any BookConnection) throws -> Value) async throws -> Value {
            try await change(on: pool, work)
        }

        func changeAtLeisure<Value: Sendable>(
            _ work: @escaping @Sendable (any BookConnection) throws -> Value
        ) async throws -> Value {
            let pool = PostgresPool(pool.settings.atLeisure)
            defer { pool.close() }
            return try await change(on: pool, work)
        }

        private func change<Value: Sendable>(
            on pool: PostgresPool, _ work: @escaping @Sendable (any BookConnection) throws -> Value
        ) async throws -> Value {
            do {
                return try await pool.transaction {
                    .keep(try work(PostgresBookConnection(transaction: $0, locksBalances: locksBalances)))
                }
            } catch let error as PostgresError {
                throw BooksFailure(error) ?? error
            }
        }

        func transact<Value: Sendable>(
            _ body: @escaping @Sendable (any BooksWriting) throws -> Outcome<Value>
        ) async throws -> Value {
            let last = LastOutcome<Value>()
            do {
                let outcome = try await pool.transaction(conflicts: PostgresBooks.answeredBefore) { transaction in
                    let connection = PostgresBookConnection(transaction: transaction, locksBalances: locksBalances)
                    let outcome = try body(BooksSession(connection: connection, omitting: omitting))
                    last.set(outcome)
                    return outcome.isKept ? .keep(outcome) : .rollBack(outcome)
                }
                if outcome.isKept { outcome.afterCommit() }
                return outcome.value
            } catch let error as PostgresError {
                // It may have been kept: what hangs on it, such as a cached preview, has to go all the same.
                if error.isOutcomeUnknown { last.get()?.afterCommit() }
                throw BooksFailure(error) ?? error
            }
        }

        private final class LastOutcome<Value: Sendable>: Sendable {
            private let outcome = Mutex<Outcome<Value>?>(nil)

            func set(_ new: Outcome<Value>) { outcome.withLock { $0 = new } }
            func get() -> Outcome<Value>? { outcome.withLock { $0 } }
        }

        func close() { pool.close() }
    }

    /// A transaction in PostgreSQL. Steps only stand in line; they go out together with the next query or the commit.
    struct PostgresBookConnection: BookConnection {
        let transaction: PostgresTransaction
        let locksBalances: Bool

        var dialect: Dialect { .postgres }
        var balanceLock: BalanceLock? {
            locksBalances
                ? BalanceLock(select: "SELECT version FROM account_balance WHERE account_id = ?", locking: "FOR UPDATE") : nil
        }

        func rows(_ queries: [BookQuery]) throws -> [[any BookRow]] {
            try transaction.queries(queries.map { (PostgresTexts.text($0.sql).sql, $0.arguments.map(\.postgres)) })
        }

        func carryOut(_ steps: [BookStep]) throws {
            for (step, text) in PostgresTexts.ordered(steps) {
                try transaction.execute(text.sql, step.arguments.map(\.postgres), as: step.name)
            }
        }

        func execute(_ sql: String, _ arguments: [BookValue]) throws {
            try transaction.execute(PostgresTexts.text(sql).sql, arguments.map(\.postgres))
        }

        /// All that moves money takes a row of `account_balance` first, and all that books taxes one of `tax_inbox`; readers pass.
        func lockBooks() throws { try transaction.execute("LOCK TABLE account_balance, tax_inbox IN EXCLUSIVE MODE") }

        func settle() throws { _ = try transaction.query("SELECT 1") }
    }

    extension PostgresRow: BookRow {}
#endif
