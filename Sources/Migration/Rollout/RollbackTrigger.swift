/// What takes the candidate's share away at once.
public enum RollbackTrigger: Sendable, Hashable, Codable, CustomStringConvertible {
    case criticalMismatch(operation: String, place: String)
    /// The evidence of a stage says that the candidate is bad.
    case rejected(reason: String)
    /// Requests that failed on one side alone.
    case errorRate(candidateAlone: Int, legacyAlone: Int)
    case failuresInARow(Int)
    /// A mismatch was planted, and the verifier did not see it: no verdict can be trusted.
    case positiveControlSilent
    case ordered(by: Person, reason: String)

    /// What happened, without a full stop.
    public var description: String {
        switch self {
        case .criticalMismatch(let operation, let place): "a critical mismatch of `\(operation)` at `\(place)`"
        case .rejected(let reason): "the evidence rejects the candidate: \(reason)"
        case .errorRate(let candidate, let legacy):
            "the candidate fails more often than the legacy: \(candidate) requests failed on it alone, \(legacy) on the legacy alone"
        case .failuresInARow(let count): "the candidate failed \(count) times in a row"
        case .positiveControlSilent: "the positive control is silent: a planted mismatch was not seen"
        case .ordered(let person, let reason): "ordered by \(person): \(reason)"
        }
    }

    /// For the audit log and metrics.
    public var name: String {
        switch self {
        case .criticalMismatch: "critical-mismatch"
        case .rejected: "rejected"
        case .errorRate: "error-rate"
        case .failuresInARow: "failures-in-a-row"
        case .positiveControlSilent: "positive-control-silent"
        case .ordered: "ordered"
        }
    }
}

/// Who did something, by the name that the caller's authentication vouches for.
public struct Person: Sendable, Hashable, Codable, CustomStringConvertible {
    public var name: String
    public var role: String

    public init(name: String, role: String) {
        self.name = name
        self.role = role
    }

    /// The same person however the name is cased or spaced: `Kim` and ` kim` are not two.
    public var identity: String {
        let words = name.lowercased().split(whereSeparator: \.isWhitespace)
        return words.joined(separator: " ")
    }

    public var description: String { "\(name) (\(role))" }
}
