public import Comparison

/// Something that weakens the verification itself: told as an incident, once, without evidence.
public struct IncidentWarning: Sendable, Hashable {
    /// `key-at-two-proxies`.
    public var kind: String
    /// What it concerns, in the place of an operation's name.
    public var operation: String
    /// What happened, what follows, and the mend.
    public var cause: String
    public var severity: Severity

    public init(kind: String, operation: String, cause: String, severity: Severity = .minor) {
        self.kind = kind
        self.operation = operation
        self.cause = cause
        self.severity = severity
    }

    /// Of the kind and what it concerns; the cause takes no part.
    var fingerprint: String {
        let mark = Difference(path: kind, genericPath: kind, kind: .status, primary: nil, shadow: nil)
        return Fingerprint.of(operation: operation, differences: [mark])
    }
}
