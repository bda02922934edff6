/// How much a difference matters to the owner of the traffic.
///
/// Money fields are made `critical` by rule; everything that no rule names is `major`.
public enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
    case minor
    case major
    case critical

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .minor: 0
        case .major: 1
        case .critical: 2
        }
    }
}

/// What kind of disagreement stands at a path.
public enum DifferenceKind: String, Sendable, Codable, CaseIterable {
    /// Both sides have a value of the same JSON type, and the values differ.
    case value
    /// The two values are of different JSON types (`null` against `0`, a string against a number).
    case type
    /// The same number or string written differently: `1.0` and `1`, `1e2` and `100`, `"\u0041"` and `"A"`.
    case representation
    /// The primary has the member or element, the shadow has not. Absent is never the same as `null`.
    case missing
    /// The shadow has a member or element that the primary has not.
    case added
    /// One document names the same key twice in one object.
    case duplicateKey
    /// The status codes differ. Path: `status`.
    case status
    /// A header chosen by rule differs. Path: `header:NAME`.
    case header
    /// One body is JSON, the other is not, or neither is and their bytes differ. Path: `$`.
    case body
    /// A body claims to be JSON and is not. Path: `$`.
    case malformed
}

/// One disagreement between the two sides' answers.
public struct Difference: Sendable, Codable, Hashable {
    /// Where, with the indices seen: `$.items[3].amount`, `status`, `header:etag`.
    public var path: String
    /// Where, for grouping: indices as `[]` (`$.items[].amount`).
    public var genericPath: String
    public var kind: DifferenceKind
    /// The primary's value as it was written on the wire; nil when absent. At most some 256 bytes: a longer one is cut at its end, and
    /// where both sides' values begin alike for more than 48 bytes they are shown from shortly before the difference, after `…`.
    public var primary: String?
    /// The shadow's value, shown in the same way; nil when absent.
    public var shadow: String?
    public var severity: Severity
    /// True when a rule (tolerance, time within, tolerated representation …) forgives it.
    public var tolerated: Bool

    public init(
        path: String, genericPath: String, kind: DifferenceKind, primary: String?, shadow: String?,
        severity: Severity = .major, tolerated: Bool = false
    ) {
        self.path = path
        self.genericPath = genericPath
        self.kind = kind
        self.primary = primary
        self.shadow = shadow
        self.severity = severity
        self.tolerated = tolerated
    }
}
