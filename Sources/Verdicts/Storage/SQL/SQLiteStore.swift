internal import Foundation
public import GRDB

/// A store in a SQLite database.
public struct SQLiteStore: SQLStore {
    private let connections: any DatabaseReader & DatabaseWriter

    public init(_ connections: any DatabaseReader & DatabaseWriter) { self.connections = connections }

    public func read<Value: Sendable>(_ work: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        try await connections.read { db in try work(SQLiteConnection(db)) }
    }

    public func write<Value: Sendable>(_ work: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        try await connections.write { db in try work(SQLiteConnection(db)) }
    }
}

/// One transaction of a SQLite database, which has one writer at a time.
public struct SQLiteConnection: SQLConnection {
    private let db: Database

    public init(_ db: Database) { self.db = db }

    public var dialect: SQLDialect { .sqlite }

    public func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
        let statement = try db.cachedStatement(sql: sql)
        return try Row.fetchAll(statement, arguments: StatementArguments(arguments.map(\.databaseValue))).map { row in
            SQLRow(row.databaseValues.map(SQLValue.init))
        }
    }

    public func execute(_ sql: String, _ arguments: [SQLValue]) throws {
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments.map(\.databaseValue)))
    }

    public func lock(_ name: String) throws {}
}

extension SQLValue {
    init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        case .double(let number): self = .text(String(number))
        case .string(let text): self = .text(text)
        case .blob(let data): self = .bytes(Array(data))
        }
    }

    var databaseValue: DatabaseValue {
        switch self {
        case .integer(let integer): integer.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        case .null: .null
        }
    }
}

extension StateDatabase {
    /// The state database, for what speaks the engines' common SQL.
    public var store: SQLiteStore { SQLiteStore(connections) }
}
