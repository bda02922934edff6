/// A value bound to a statement.
enum BookValue: Sendable, Hashable {
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case null
}

extension BookValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(stringLiteral value: String) { self = .text(value) }
    init(_ day: Day) { self = .integer(Int64(day.number)) }
    init(_ value: Int64) { self = .integer(value) }
    init(_ value: Int64?) { self = value.map { .integer($0) } ?? .null }
    init(_ day: Day?) { self = day.map { BookValue($0) } ?? .null }
    init(_ value: String) { self = .text(value) }
    init(_ value: Bool) { self = .integer(value ? 1 : 0) }
}

/// One INSERT, UPDATE or DELETE of a transaction. What a transaction does is a list of these, so that it can be counted, read and tested
/// statement by statement.
struct BookStep: Sendable {
    /// Unique within its list.
    var name: String
    var sql: String
    var arguments: [BookValue]

    init(_ name: String, _ sql: String, _ arguments: [BookValue]) {
        self.name = name
        self.sql = sql
        self.arguments = arguments
    }

    /// An INSERT of one row, columns as named.
    static func insert(_ table: InsertedTable, as name: String? = nil, _ arguments: BookValue...) -> BookStep {
        BookStep(name ?? table.name, table.sql, arguments)
    }
}

/// A table that gets a row by a plain INSERT; its statement's text is made once.
struct InsertedTable: Sendable {
    let name: String
    let sql: String

    init(_ name: String, _ columns: String...) {
        self.name = name
        sql =
            "INSERT INTO \(name) (\(columns.joined(separator: ", "))) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))"
    }
}
