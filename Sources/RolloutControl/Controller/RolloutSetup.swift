public import Migration

/// What a rollout is to be carried out with.
public struct RolloutSetup: Sendable {
    public var plan: RolloutPlan
    /// Whether stages begin without a request of a person.
    public var isAutomatic: Bool
    /// The state folder, which nobody else writes to.
    public var folder: String
    /// That it is there throws the kill switch.
    public var killFile: String
    /// How often what came of the traffic is looked at, unless the traffic's bell rings.
    public var lookEveryMs = 100
    public var killFileEveryMs = 50
    /// How often matches are stored; what speaks against the candidate is stored with the look that found it.
    public var evidenceEveryMs: Int64 = 3_000
    /// How long a planted mismatch may take to be seen.
    public var controlPatienceMs: Int64 = 10_000
    /// How often the shared store is asked.
    public var exchangeEveryMs = 250
    /// How long a leader that is no longer heard of stays the leader.
    public var leaseMs = 3_000

    public init(plan: RolloutPlan, isAutomatic: Bool, folder: String, killFile: String) {
        self.plan = plan
        self.isAutomatic = isAutomatic
        self.folder = folder
        self.killFile = killFile
    }
}

/// Why an order was not carried out.
public struct RolloutRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// The rollout's rules say no.
        case refused
        /// A disk or the shared store does not answer; later it may be carried out.
        case unavailable
    }

    public let kind: Kind
    /// One or several sentences.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
