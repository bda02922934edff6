import InterestContract

/// A value that goes into a statement, whichever engine carries it out.
enum BookValue: Sendable, Hashable {
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case null
}

/// What can be bound to a statement's named argument.
protocol BookBindable {
    var bookValue: BookValue { get }
}

extension Int64: BookBindable {
    var bookValue: BookValue { .integer(self) }
}

extension Int: BookBindable {
    var bookValue: BookValue { .integer(Int64(self)) }
}

/// The books keep yes and no as 1 and 0.
extension Bool: BookBindable {
    var bookValue: BookValue { .integer(self ? 1 : 0) }
}

extension String: BookBindable {
    var bookValue: BookValue { .text(self) }
}

extension [UInt8]: BookBindable {
    var bookValue: BookValue { .bytes(self) }
}

extension CivilDate: BookBindable {
    var bookValue: BookValue { .integer(stored) }
}

extension Optional: BookBindable where Wrapped: BookBindable {
    var bookValue: BookValue { self?.bookValue ?? .null }
}
