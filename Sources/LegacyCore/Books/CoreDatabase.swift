import GRDB
import PostgreSQLClient

/// The core's one database: SQLite with a write-ahead log and readers beside one writer, or with everything in memory behind one queue,
/// or PostgreSQL.
struct CoreDatabase: Sendable {
    enum Engine: Sendable {
        case sqlite(any DatabaseWriter)
        #if PostgreSQL
            case postgres(PostgresPool, PostgresDialect)
        #endif
    }

    let engine: Engine
    /// INSERT, UPDATE and DELETE statements so far.
    let changes = ChangeCount()

    /// - Parameter foreignKeys: of SQLite; PostgreSQL always minds them.
    init(_ store: LegacyCoreConfiguration.Store, foreignKeys: Bool = true) async throws {
        switch store {
        case .memory:
            engine = .sqlite(try SQLiteBooks.open(path: nil, foreignKeys: foreignKeys))
        case .sqlite(let path):
            engine = .sqlite(try SQLiteBooks.open(path: path, foreignKeys: foreignKeys))
        #if PostgreSQL
            case .postgres(let settings):
                let pool = PostgresPool(settings)
                try await LegacySchema.postgres.check(pool)
                engine = .postgres(pool, PostgresDialect())
        #endif
        }
    }

    /// What a transaction came to.
    enum Ending<Value> {
        case keep(Value)
        case rollBack(Value)
    }

    /// How the statements of a transaction go out where the database is a server.
    enum Pace: Sendable {
        /// Each waits for its answer, as the core's calls do.
        case statementByStatement
        /// For filling the books.
        case together
    }

    /// One writing transaction; nothing else writes meanwhile. An error rolls back.
    ///
    /// - Parameter work: carried out again where a server's connection broke before the commit, so it must do nothing but read and write books.
    func transaction<Value: Sendable>(
        _ pace: Pace = .statementByStatement, _ work: @escaping @Sendable (any CoreSession) throws -> Ending<Value>
    ) async throws -> Value {
        switch engine {
        case .sqlite(let writer):
            return try await writer.writeWithoutTransaction { [changes] db in
                try SQLiteBooks.transaction(in: db) { try work(SQLiteSession(database: db, changes: changes)) }
            }
        #if PostgreSQL
            case .postgres(let pool, let dialect):
                return try await pool.transaction(conflicts: ["idempotency_record_pkey"]) { [changes] transaction in
                    let session = PostgresSession(
                        transaction, dialect: dialect, changes: changes, waits: pace == .statementByStatement)
                    try session.lockWriters()
                    return switch try work(session) {
                    case .keep(let value): .keep(value)
                    case .rollBack(let value): .rollBack(value)
                    }
                }
        #endif
        }
    }

    /// One state of the books, off the writers' way.
    func look<Value: Sendable>(_ work: @escaping @Sendable (any CoreSession) throws -> Value) async throws -> Value {
        switch engine {
        case .sqlite(let writer):
            return try await SQLiteBooks.look(writer) { [changes] db in
                try work(SQLiteSession(database: db, changes: changes))
            }
        #if PostgreSQL
            case .postgres(let pool, let dialect):
                return try await pool.read { [changes] transaction in
                    try work(PostgresSession(transaction, dialect: dialect, changes: changes, waits: true))
                }
        #endif
        }
    }

    /// Throws where the database is a server and can't be asked just now.
    func checkPresence() async throws {
        #if PostgreSQL
            if case .postgres(let pool, _) = engine { try await pool.read { _ = try $0.query("SELECT 1") } }
        #endif
    }
}

/// The journal and document numbers given out so far.
struct Counters: Sendable, Hashable {
    var payout: Int64 = 0
    var journal: Int64 = 0
    var withholding: Int64 = 0
    var closure: Int64 = 0

    init(in books: any CoreSession) throws {
        for row in try books.rows("SELECT name, last_value FROM sequence_counter") {
            let value = try row.integer(1)
            switch try row.text(0) {
            case "PAYOUT": payout = value
            case "JOURNAL": journal = value
            case "WITHHOLDING": withholding = value
            default: closure = value
            }
        }
    }
}
