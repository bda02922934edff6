public import Comparison

/// A dimension of the matrix.
public struct CaseParameter: Sendable, Hashable {
    public var name: String
    /// In the order of the file; rows hold indices into it.
    public var values: [CaseValue]

    public init(name: String, values: [CaseValue]) {
        self.name = name
        self.values = values
    }

    /// PICT's typing: numeric when each value's first name is a number. Only like is compared with like.
    public var isNumeric: Bool { values.allSatisfy { $0.number != nil } }

    /// The index of a value by any of its names, without regard to case and to a leading `~`.
    public func index(of name: String) -> Int? {
        values.firstIndex { value in value.names.contains { CaseText.equal($0, name) } }
            ?? (name.hasPrefix("~")
                ? values.firstIndex { $0.isNegative && CaseText.equal($0.name, String(name.dropFirst())) } : nil)
    }
}

/// One value of a parameter.
public struct CaseValue: Sendable, Hashable {
    /// The first is the value's name in constraints and decides its type; the others are what output shows in turn.
    public var names: [String]
    /// The first name as an exact number; nil when it is none.
    public var number: ExactDecimal?
    /// PICT's `~`: outside what is allowed, so that a row holds at most one such value.
    public var isNegative: Bool
    /// How often it is preferred where coverage leaves the choice; 1 unless told.
    public var weight: Int

    public var name: String { names.first ?? "" }
    public var text: String { name }
    public var aliases: [String] { Array(names.dropFirst()) }

    public init(_ name: String, aliases: [String] = [], isNegative: Bool = false, weight: Int = 1) {
        names = [name] + aliases
        number = ExactDecimal(name)
        self.isNegative = isNegative
        self.weight = weight
    }
}
