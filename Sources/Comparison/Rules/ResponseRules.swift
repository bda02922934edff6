/// How two answers of one operation are compared, compiled once and shared by all lanes.
public struct ResponseRules: Sendable {
    public let rules: [Rule]
    /// Names of the headers compared, byte for byte; lower case.
    public let headers: [String]
    /// The members of `application/problem+json` that are compared when both answers are problems; empty compares all.
    public let problemMembers: [String]
    /// Of differences that no rule gives another severity.
    public let defaultSeverity: Severity
    /// Nesting beyond it is refused: such a body counts as malformed.
    public var depthMax: Int = 128
    /// Differences listed of one pair of answers; at the last of them the walk stops. Forgiven ones never stop it: beyond this number
    /// they are merely no longer listed.
    public var differencesMax: Int = 64

    let tree: RuleTree
    let problemNames: [[UInt8]]

    /// Compares everything strictly: the status, no headers, problems by status and `code` alone.
    public init() {
        self.init(rules: [])
    }

    public init(
        rules: [Rule], headers: [String] = [], problemMembers: [String] = ["code"], defaultSeverity: Severity = .major
    ) {
        self.rules = rules
        self.headers = headers.map { $0.lowercased() }
        self.problemMembers = problemMembers
        self.defaultSeverity = defaultSeverity
        self.tree = RuleTree(rules)
        self.problemNames = problemMembers.map { Array($0.utf8) }
    }
}
