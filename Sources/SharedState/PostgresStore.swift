#if PostgreSQL
    public import PostgreSQLClient
    public import Verdicts

    /// A store in one schema of a PostgreSQL database, which others may write to at the same time: each transaction at READ COMMITTED.
    public struct PostgresStore: SQLStore {
        public let pool: PostgresPool

        public init(_ pool: PostgresPool) { self.pool = pool }

        public func read<Value: Sendable>(
            _ work: @escaping @Sendable (any SQLConnection) throws -> Value
        ) async throws -> Value {
            let schema = pool.settings.schema
            return try await pool.read { try work(PostgresStoreConnection($0, schema: schema)) }
        }

        public func write<Value: Sendable>(
            _ work: @escaping @Sendable (any SQLConnection) throws -> Value
        ) async throws -> Value {
            try await transaction { try work($0) }
        }

        /// Like ``write(_:)``, with what only PostgreSQL has.
        func transaction<Value: Sendable>(
            _ work: @escaping @Sendable (PostgresStoreConnection) throws -> Value
        ) async throws -> Value {
            let schema = pool.settings.schema
            return try await pool.transaction { .keep(try work(PostgresStoreConnection($0, schema: schema))) }
        }
    }

    /// One transaction. What nobody waits for travels with the next query.
    struct PostgresStoreConnection: SQLConnection {
        private let transaction: PostgresTransaction
        private let schema: String

        init(_ transaction: PostgresTransaction, schema: String) {
            self.transaction = transaction
            self.schema = schema
        }

        var dialect: SQLDialect { .postgres }

        func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] { try rows([(sql, arguments)])[0] }

        /// Several queries in one round trip, each on the state that the one before it left.
        func rows(_ queries: [(sql: String, arguments: [SQLValue])]) throws -> [[SQLRow]] {
            try transaction.queries(queries.map { (dialect.numbered($0.sql), $0.arguments.map(\.postgres)) }).map { rows in
                try rows.map { row in
                    SQLRow(try (0..<row.columns).map { SQLValue(try row.value($0)) })
                }
            }
        }

        func execute(_ sql: String, _ arguments: [SQLValue]) throws {
            try transaction.execute(dialect.numbered(sql), arguments.map(\.postgres))
        }

        func lock(_ name: String) throws {
            _ = try rows("SELECT pg_advisory_xact_lock(hashtext(?))", [.text("countersign \(schema) \(name)")])
        }
    }

    extension SQLValue {
        init(_ value: PostgresValue) {
            switch value {
            case .integer(let integer): self = .integer(integer)
            case .text(let text): self = .text(text)
            case .bytes(let bytes): self = .bytes(bytes)
            case .null: self = .null
            }
        }

        /// PostgreSQL's text can't hold the character NUL, which a caller's key or header can: it becomes the mark of what can't be shown.
        var postgres: PostgresValue {
            switch self {
            case .integer(let integer): .integer(integer)
            case .text(let text): .text(text.utf8.contains(0) ? text.replacing("\0", with: "\u{FFFD}") : text)
            case .bytes(let bytes): .bytes(bytes)
            case .null: .null
            }
        }
    }

    extension PostgresError {
        /// Refused for what was to be stored, and not for the state of the database or of the way there: it would be refused again.
        var isOfTheRow: Bool {
            kind == .outOfRange || kind == .unique || ["22", "23", "54"].contains { sqlState.hasPrefix($0) }
        }
    }
#endif
