/// What placement rests on at one moment: made anew by the rollout with each change, and handed to every lane.
public struct PlacementTable: Sendable, Hashable {
    /// All keys to the legacy, whatever else is said here.
    public var isKilled: Bool
    /// Never to the candidate.
    public var denied: Set<String>
    /// Whether keys that the candidate has written stay with it.
    public var keepsWrittenKeys: Bool
    /// The candidate's share of each audience, in the plan's order; the last audience takes everyone.
    public var shares: [Share]
    /// The audience that is moving; nil in the shadow.
    public var moving: Int?
    /// Which audience a claim's value belongs to.
    private let audienceOfClaim: [String: Int]

    public init(plan: RolloutPlan, step: Int, isKilled: Bool) {
        self.isKilled = isKilled
        denied = plan.denied
        keepsWrittenKeys = plan.rollback.writtenKeys == .keep
        shares = plan.shares(at: step)
        moving = plan.position(at: step)?.audience
        var claims: [String: Int] = [:]
        for (index, audience) in plan.audiences.enumerated() {
            for claim in audience.claims where claims[claim] == nil { claims[claim] = index }
        }
        audienceOfClaim = claims
    }

    /// One share for everybody, without a plan.
    public init(share: Share) {
        isKilled = false
        denied = []
        keepsWrittenKeys = false
        shares = [share]
        moving = share == .none ? nil : 0
        audienceOfClaim = [:]
    }

    /// The audience of a caller with no claims, or with none that the plan names.
    public var everyone: Int { max(shares.count - 1, 0) }

    /// The audience of a caller with these trusted claims: the first in the plan's order that takes one of them, else everyone's.
    public func audience(ofClaims claims: some Sequence<String>) -> Int {
        claims.compactMap { audienceOfClaim[$0] }.min() ?? everyone
    }

    /// Whether nobody's requests can go to the candidate, ledger aside.
    public var isShadow: Bool { isKilled || shares.allSatisfy { $0 == .none } }
}
