import Foundation
import GRDB
import InterestContract

/// The books in SQLite: one writer, many readers of the last committed state.
struct SQLiteBooks: BookStore {
    let database: any DatabaseWriter
    var omitting: Set<String> = []

    /// Opens the database, or makes it. The file is in WAL mode: previews read while a payment is written.
    ///
    /// - Parameter path: nil for a store in memory.
    static func open(path: String?, foreignKeys: Bool = true) throws -> SQLiteBooks {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = foreignKeys
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000")
        }
        let database: any DatabaseWriter =
            if let path {
                try DatabasePool(path: path, configuration: configuration)
            } else {
                try DatabaseQueue(configuration: configuration)
            }
        try BooksSchema.migrator.migrate(database)
        return SQLiteBooks(database: database)
    }

    var outbox: any EventOutbox { SQLiteEventOutbox(books: self) }
    var metrics: [Metric] { [] }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any BooksReading) throws -> Value) async throws -> Value {
        try await look { try body(BooksSession(connection: $0, omitting: omitting)) }
    }

    /// One state of the books, read off the writer's way.
    ///
    /// The store in memory has a single connection, which shows one state anyway. GRDB would make it read-only for the while, by a
    /// pragma at which SQLite forgets every prepared statement: more than half of its time went into preparing them again.
    func look<Value: Sendable>(_ work: @escaping @Sendable (any BookConnection) throws -> Value) async throws -> Value {
        if let queue = database as? DatabaseQueue {
            return try await queue.unsafeRead { try work(SQLiteConnection(database: $0)) }
        }
        return try await database.read { try work(SQLiteConnection(database: $0)) }
    }

    func change<Value: Sendable>(_ work: @escaping @Sendable (any BookConnection) throws -> Value) async throws -> Value {
        try await database.write { try work(SQLiteConnection(database: $0)) }
    }

    func changeAtLeisure<Value: Sendable>(
        _ work: @escaping @Sendable (any BookConnection) throws -> Value
    ) async throws -> Value {
        try await change(work)
    }

    func transact<Value: Sendable>(
        _ body: @escaping @Sendable (any BooksWriting) throws -> Outcome<Value>
    ) async throws -> Value {
        do {
            return try await database.writeWithoutTransaction { database in
                var done: Outcome<Value>?
                try database.inTransaction(.immediate) {
                    let session = BooksSession(connection: SQLiteConnection(database: database), omitting: omitting)
                    let outcome = try body(session)
                    done = outcome
                    return outcome.isKept ? .commit : .rollback
                }
                guard let done else { throw BooksDefect("the transaction has no outcome") }
                if done.isKept { done.afterCommit() }
                return done.value
            }
        } catch let error as DatabaseError {
            throw BooksFailure(error) ?? error
        }
    }

    func close() throws { try database.close() }
}

/// SQLite within a transaction: its writer is alone, so nothing needs a lock.
struct SQLiteConnection: BookConnection {
    let database: Database

    var dialect: Dialect { .sqlite }
    var balanceLock: BalanceLock? { nil }

    func rows(_ queries: [BookQuery]) throws -> [[any BookRow]] {
        try queries.map { query in
            try Row.fetchAll(try database.cachedStatement(sql: query.sql), arguments: StatementArguments(query.arguments))
        }
    }

    func carryOut(_ steps: [BookStep]) throws {
        for step in steps {
            try execute(step.sql, step.arguments)
            guard database.changesCount > 0 else { throw BooksDefect("the step \(step.name) touched no row") }
        }
    }

    func execute(_ sql: String, _ arguments: [BookValue]) throws {
        try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }

    func lockBooks() {}
    func settle() {}
}

extension Row: BookRow {
    func integer(_ column: Int) throws -> Int64 { try Int64.of(databaseValue(column), column) }
    func integerIfAny(_ column: Int) throws -> Int64? { try isNull(column) ? nil : integer(column) }
    func text(_ column: Int) throws -> String { try String.of(databaseValue(column), column) }
    func textIfAny(_ column: Int) throws -> String? { isNull(column) ? nil : try text(column) }
    func bytes(_ column: Int) throws -> [UInt8] { [UInt8](try Data.of(databaseValue(column), column)) }
    func flag(_ column: Int) throws -> Bool { try integer(column) != 0 }

    private func isNull(_ column: Int) -> Bool { databaseValue(column).isNull }
    private func databaseValue(_ column: Int) -> DatabaseValue { self[column] }
}

extension DatabaseValueConvertible {
    fileprivate static func of(_ value: DatabaseValue, _ column: Int) throws -> Self {
        guard let converted = Self.fromDatabaseValue(value) else {
            throw BooksDefect("column \(column) holds \(value) where a value of another kind belongs")
        }
        return converted
    }
}

extension BookValue: DatabaseValueConvertible {
    var databaseValue: DatabaseValue {
        switch self {
        case .integer(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .bytes(let value): Data(value).databaseValue
        case .null: .null
        }
    }

    static func fromDatabaseValue(_ value: DatabaseValue) -> BookValue? {
        switch value.storage {
        case .int64(let value): .integer(value)
        case .string(let value): .text(value)
        case .blob(let value): .bytes([UInt8](value))
        case .null: .null
        case .double: nil
        }
    }
}
