import Comparison

/// A departure of the legacy from the rules that somebody answers for: one place of one operation, for a time and a number of rows.
public struct SignedException: Sendable, Hashable {
    /// As a difference's path, exactly; `[]` takes every element: `$.lines[].kind`. `status`, or `invariant:NAME`.
    public var path: String
    public var operation: String
    /// Holds only for rows with these values; empty: for all.
    public var when: [String: String]
    public var owner: String
    public var reason: String
    /// The last day on which it holds, `2026-12-31`.
    public var expires: String
    /// Rows that it may excuse in one run.
    public var hitsMax: Int

    public init(
        path: String, operation: String, when: [String: String] = [:], owner: String, reason: String, expires: String,
        hitsMax: Int
    ) {
        self.path = path
        self.operation = operation
        self.when = when
        self.owner = owner
        self.reason = reason
        self.expires = expires
        self.hitsMax = hitsMax
    }

    func covers(_ finding: AnswerFinding) -> Bool {
        operation == finding.operation && (path == finding.difference.path || path == finding.difference.genericPath)
    }

    func covers(_ violation: InvariantViolation) -> Bool { path == "invariant:\(violation.name)" }

    func holds(_ dimensions: [(dimension: String, value: String)]) -> Bool {
        when.allSatisfy { name, value in dimensions.contains { $0.dimension == name && $0.value == value } }
    }

    var signature: String { "\(reason) (signed by \(owner) until \(expires))" }
}
