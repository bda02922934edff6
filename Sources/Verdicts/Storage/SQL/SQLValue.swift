/// A value bound to a statement's parameter, or read from a column.
public enum SQLValue: Sendable, Hashable {
    /// 64 bits, signed.
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case null

    public init(_ value: Int64?) { self = value.map { .integer($0) } ?? .null }
    public init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    public init(_ value: [UInt8]?) { self = value.map { .bytes($0) } ?? .null }
    public init(_ value: Int) { self = .integer(Int64(value)) }
    /// 0 or 1.
    public init(_ value: Bool) { self = .integer(value ? 1 : 0) }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
}

/// A row of an answer; columns are counted from 0, in the order of the query.
public struct SQLRow: Sendable {
    private let cells: [SQLValue]

    public init(_ cells: [SQLValue]) { self.cells = cells }

    public func integer(_ column: Int) throws(StateError) -> Int64 {
        guard let value = try integerIfAny(column) else { throw Self.unexpected(column, "an integer") }
        return value
    }

    public func integerIfAny(_ column: Int) throws(StateError) -> Int64? {
        switch try cell(column) {
        case .integer(let value): return value
        case .null: return nil
        default: throw Self.unexpected(column, "an integer")
        }
    }

    public func text(_ column: Int) throws(StateError) -> String {
        guard let value = try textIfAny(column) else { throw Self.unexpected(column, "text") }
        return value
    }

    public func textIfAny(_ column: Int) throws(StateError) -> String? {
        switch try cell(column) {
        case .text(let value): return value
        case .null: return nil
        default: throw Self.unexpected(column, "text")
        }
    }

    public func bytes(_ column: Int) throws(StateError) -> [UInt8] {
        guard let value = try bytesIfAny(column) else { throw Self.unexpected(column, "bytes") }
        return value
    }

    public func bytesIfAny(_ column: Int) throws(StateError) -> [UInt8]? {
        switch try cell(column) {
        case .bytes(let value): return value
        case .null: return nil
        default: throw Self.unexpected(column, "bytes")
        }
    }

    /// Any integer but 0 is true.
    public func flag(_ column: Int) throws(StateError) -> Bool { try integer(column) != 0 }

    private func cell(_ column: Int) throws(StateError) -> SQLValue {
        guard cells.indices.contains(column) else { throw Self.unexpected(column, "a value") }
        return cells[column]
    }

    private static func unexpected(_ column: Int, _ wanted: String) -> StateError {
        StateError(.damaged, "Column \(column) of an answer of the state's database does not hold \(wanted).")
    }
}
