public import Comparison

/// What a notice says of an incident.
public enum IncidentStep: String, Sendable, Codable {
    case opened
    /// Graver, ten times as many, or still open after a long time.
    case updated
    case resolved
}

/// How far an incident is: opened, told of, resolved by evidence; seen again, it opens anew.
public struct IncidentLife: Sendable, Hashable {
    public enum State: String, Sendable {
        case open
        case resolved
    }

    public var state = State.open
    /// Of this opening, microseconds since 1970.
    public var openedAt: Int64
    /// The latest disagreement; noise is none.
    public var disagreedAt: Int64
    /// Counts the notices about the incident, so that a receiver sees which is the later.
    public var sequence = 0
    /// The last step of this opening that was told; nil: none yet.
    public var toldStep: IncidentStep?
    public var toldAt: Int64?
    public var toldCount = 0
    public var toldSeverity: Severity?
    /// Channels that were told of this opening.
    public var toldChannels: Set<String> = []
    /// Clean comparisons of the operation since the latest disagreement.
    public var clean = 0
    public var resolvedAt: Int64?
    /// Why it is resolved, in words.
    public var resolvedBecause: String?

    init(openedAt: Int64) {
        self.openedAt = openedAt
        disagreedAt = openedAt
    }

    mutating func disagree(at microseconds: Int64) {
        disagreedAt = max(disagreedAt, microseconds)
        clean = 0
    }

    /// Opens a resolved incident anew.
    mutating func reopen(at microseconds: Int64) {
        let sequence = sequence
        self = IncidentLife(openedAt: microseconds)
        self.sequence = sequence
    }

    mutating func resolve(at microseconds: Int64, because reason: String) {
        state = .resolved
        resolvedAt = microseconds
        resolvedBecause = reason
    }
}
