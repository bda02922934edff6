/// What came of comparing two answers.
public enum ComparisonOutcome: Sendable, Hashable {
    /// Status, chosen headers and every byte of the body are the same.
    case equalBytes
    /// They say the same in other bytes: white space, the order of keys, ignored places.
    case equal
    /// They differ, and a rule forgives every difference.
    case tolerated([Difference])
    /// At least one difference is not forgiven. Forgiven ones are listed too, marked as such.
    case different([Difference])

    public var isMatch: Bool {
        switch self {
        case .equalBytes, .equal: true
        case .tolerated, .different: false
        }
    }

    public var differences: [Difference] {
        switch self {
        case .equalBytes, .equal: []
        case .tolerated(let differences), .different(let differences): differences
        }
    }
}
