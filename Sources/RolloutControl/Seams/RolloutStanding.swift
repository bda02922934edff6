public import Migration

/// Where a rollout stands at this moment, for whoever can't wait for an answer: each alert carries it.
public struct RolloutStanding: Sendable, Hashable {
    /// `shadow`, `staff 90/10`
    public var stage: String
    /// The audience that is moving.
    public var audience: String
    public var head: AuditHead
    public var isKilled: Bool
    /// Why it was rolled back, until somebody resumes.
    public var latchReason: String?
    public var isRetired: Bool
    /// Whether the plan is carried out together with other proxies.
    public var isShared: Bool
    /// Since when the shared store has not answered; nil while it does, or where there is none.
    public var awaySince: Instant?

    /// The stage before this one, and when it ended; nil before the first change that this process has seen.
    public var past: Past?

    /// A stage that is over.
    public struct Past: Sendable, Hashable {
        public var stage: String
        public var audience: String
        public var endedAt: Instant
    }

    public var isAway: Bool { awaySince != nil }

    public init(
        stage: String, audience: String, head: AuditHead, isKilled: Bool = false, latchReason: String? = nil,
        isRetired: Bool = false, isShared: Bool = false, awaySince: Instant? = nil
    ) {
        self.stage = stage
        self.audience = audience
        self.head = head
        self.isKilled = isKilled
        self.latchReason = latchReason
        self.isRetired = isRetired
        self.isShared = isShared
        self.awaySince = awaySince
    }
}
