import Foundation
import GRDB
import PostgreSQLClient

/// One row of an answer. Its columns are counted from 0, and the one who asks says what each of them holds.
///
/// A column of another type than it is asked for is a fault of this program: it stops with an error.
struct BookRow {
    private enum Content {
        case sqlite(Row)
        #if PostgreSQL
            case postgres(PostgresRow)
        #endif
    }

    private let content: Content

    init(_ row: Row) { content = .sqlite(row) }

    #if PostgreSQL
        init(_ row: PostgresRow) { content = .postgres(row) }
    #endif

    /// A sum too, as long as 64 bits hold it.
    func integer(_ column: Int) throws -> Int64 {
        switch content {
        case .sqlite(let row): try Int64.decode(row, at: column)
        #if PostgreSQL
            case .postgres(let row): try row.integer(column)
        #endif
        }
    }

    func integerIfAny(_ column: Int) throws -> Int64? {
        switch content {
        case .sqlite(let row): row.hasNull(atIndex: column) ? nil : try Int64.decode(row, at: column)
        #if PostgreSQL
            case .postgres(let row): try row.integerIfAny(column)
        #endif
        }
    }

    func flag(_ column: Int) throws -> Bool {
        switch content {
        case .sqlite(let row): try Int64.decode(row, at: column) != 0
        #if PostgreSQL
            case .postgres(let row): try row.flag(column)
        #endif
        }
    }

    func text(_ column: Int) throws -> String {
        switch content {
        case .sqlite(let row): try String.decode(row, at: column)
        #if PostgreSQL
            case .postgres(let row): try row.text(column)
        #endif
        }
    }

    func textIfAny(_ column: Int) throws -> String? {
        switch content {
        case .sqlite(let row): row.hasNull(atIndex: column) ? nil : try String.decode(row, at: column)
        #if PostgreSQL
            case .postgres(let row): row.textIfAny(column)
        #endif
        }
    }

    func bytes(_ column: Int) throws -> [UInt8] {
        switch content {
        case .sqlite(let row): [UInt8](try Data.decode(row, at: column))
        #if PostgreSQL
            case .postgres(let row): try row.bytes(column)
        #endif
        }
    }
}

extension DatabaseValueConvertible {
    fileprivate static func decode(_ row: Row, at column: Int) throws -> Self {
        guard let value = Self.fromDatabaseValue(row[column] as DatabaseValue) else {
            throw BrokenBooks(description: "column \(column) of an answer holds no \(Self.self)")
        }
        return value
    }
}
