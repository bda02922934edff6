/// A named value that is worked out from a row.
public struct SuiteVariable: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// One of a few texts, which `by`, `choose` and `when` can ask for.
        case choice
        /// A whole number with a sign; can be overridden.
        case amount
        /// `yyyy-MM-dd`; can be overridden.
        case date
        case text
    }

    public let name: String
    public let kind: Kind
    /// Of choices, what it can be; empty for the other kinds.
    public let choices: [String]

    public init(name: String, kind: Kind, choices: [String] = []) {
        self.name = name
        self.kind = kind
        self.choices = choices
    }
}
