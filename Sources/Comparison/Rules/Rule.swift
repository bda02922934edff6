/// One line of configuration: what holds at the places that a path takes.
public struct Rule: Sendable, Hashable {
    public var path: PathPattern
    public var action: RuleAction

    public init(path: PathPattern, action: RuleAction) {
        self.path = path
        self.action = action
    }
}

/// What a rule says about a place.
///
/// Rules of different kinds add up (a field may be critical and have a tolerance). Of two rules of one kind that take the same place
/// the one declared last wins, as in a style sheet. `severity` and `tolerateRepresentation` hold for everything below the place too,
/// until a rule at a deeper place says otherwise; all others hold at the place itself.
public enum RuleAction: Sendable, Hashable {
    /// Neither the value, nor its absence, nor anything below it is looked at.
    case ignore
    /// Two numbers, or two strings that both hold a JSON number, may be apart by `absolute`, or by `relative` times the larger
    /// magnitude of the two; with both given, either is enough. Exact: no binary fraction is involved.
    case tolerance(absolute: ExactDecimal?, relative: ExactDecimal?)
    /// Two RFC 3339 instants, each in any offset, at most so far apart. Fractions of a second up to 18 digits.
    case timeWithin(milliseconds: Int)
    /// Two strings that are the same in lower case.
    case caseInsensitive
    /// Two strings, numbers or booleans that both match, as a whole, by their text: an id of the same form on both sides.
    case pattern(ValuePattern)
    /// The array's order means nothing; how often an element occurs does. Rules below the elements count in their equality.
    case asSet
    /// The array's elements are objects that belong together by this member, wherever they stand.
    case keyedBy(String)
    /// `1.0` and `1`, `"\u0041"` and `"A"`: reported, but forgiven.
    case tolerateRepresentation
    case severity(Severity)
}
