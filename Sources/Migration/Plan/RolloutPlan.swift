/// How traffic is moved from the legacy side to the candidate: audience by audience, stage by stage.
public struct RolloutPlan: Sendable, Hashable {
    /// Part of each key's bucket: a plan of another name deals the keys anew.
    public var name: String
    public var salt: Salt
    /// In the order in which they move. The last one takes everyone.
    public var audiences: [Audience]
    /// The times before anybody moves, when the candidate is only compared.
    public var shadow: StageTimes
    /// Demanded of `retire`, which ends the comparison with the legacy.
    public var retirement: [ApprovalDemand]
    public var rollback: RollbackPolicy
    public var freezes: [FreezeWindow]
    /// Keys that never go to the candidate.
    public var denied: Set<String>
    /// Operations that move with the others and without a proof of their own.
    public var unproved: Set<String>

    public init(
        name: String, salt: Salt, audiences: [Audience], shadow: StageTimes = StageTimes(), retirement: [ApprovalDemand] = [],
        rollback: RollbackPolicy, freezes: [FreezeWindow] = [], denied: Set<String> = [],
        unproved: Set<String> = []
    ) {
        self.name = name
        self.salt = salt
        self.audiences = audiences
        self.shadow = shadow
        self.retirement = retirement
        self.rollback = rollback
        self.freezes = freezes
        self.denied = denied
        self.unproved = unproved
    }

    /// All stages in their order. Step 0, before them, is the shadow: the candidate answers nobody.
    public var steps: [RolloutStep] {
        audiences.indices.flatMap { audience in
            audiences[audience].stages.indices.map { RolloutStep(audience: audience, stage: $0) }
        }
    }

    /// The number of steps above the shadow; the last one has everybody on the candidate.
    public var lastStep: Int { audiences.reduce(0) { $0 + $1.stages.count } }

    /// The stage of a step from 1; nil for the shadow and beyond the last.
    public func stage(at step: Int) -> Stage? {
        position(at: step).map { audiences[$0.audience].stages[$0.stage] }
    }

    public func position(at step: Int) -> RolloutStep? {
        guard step >= 1 else { return nil }
        var left = step - 1
        for audience in audiences.indices {
            if left < audiences[audience].stages.count { return RolloutStep(audience: audience, stage: left) }
            left -= audiences[audience].stages.count
        }
        return nil
    }

    public func times(at step: Int) -> StageTimes { stage(at: step)?.times ?? shadow }

    /// What must be shown at a step before the next one, or before `retire` at the last: the policy of the audience that moves next.
    public func promotion(from step: Int) -> PromotionPolicy {
        let audience = position(at: min(step + 1, lastStep))?.audience ?? 0
        return audiences.indices.contains(audience) ? audiences[audience].promotion : PromotionPolicy()
    }

    /// How many calls of the audience that moves at a step the candidate must have answered there; 0 in the shadow.
    public func answeredMin(at step: Int) -> Int { position(at: step).map { audiences[$0.audience].answeredMin } ?? 0 }

    /// Who must approve the next step, or `retire` at the last.
    public func approvals(from step: Int) -> [ApprovalDemand] { stage(at: step + 1)?.approvals ?? retirement }

    /// `2 audiences, 5 stages`
    public var size: String {
        "\(audiences.count) audience\(audiences.count == 1 ? "" : "s"), \(lastStep) stage\(lastStep == 1 ? "" : "s")"
    }

    /// What comes after the last stage, where stages are named.
    public static let retirementTitle = "retirement"

    /// `shadow`, `staff 90/10`
    public func title(of step: Int) -> String {
        guard let position = position(at: step) else { return "shadow" }
        let audience = audiences[position.audience]
        return "\(audience.name) \(audience.stages[position.stage].candidate.split)"
    }

    /// Each audience's share at a step, in order: those before are at their last stage, those after at 0.
    public func shares(at step: Int) -> [Share] {
        guard let position = position(at: step) else { return audiences.map { _ in .none } }
        return audiences.indices.map { index in
            if index > position.audience { return .none }
            let stages = audiences[index].stages
            return index == position.audience ? stages[position.stage].candidate : stages.last?.candidate ?? .none
        }
    }

    /// The names of the freeze windows that hold at this instant.
    public func frozen(at instant: Instant) -> Set<String> { Set(freezes.filter { $0.contains(instant) }.map(\.name)) }
}

/// Who moves together. Membership comes from a claim that the proxy trusts, never from what a caller says of himself.
public struct Audience: Sendable, Hashable {
    public var name: String
    /// Values of the trusted claim that make a caller part of it; empty for the audience of everyone.
    public var claims: [String]
    public var takesEveryone: Bool
    /// About how many keys it has, to see whether its evidence can ever suffice; nil if nobody can say.
    public var keysExpected: Int?
    /// How many calls of its own the candidate must have answered in each of its stages, mere comparisons aside: a stage in which nobody of
    /// it came has shown nothing.
    public var answeredMin: Int
    public var stages: [Stage]
    public var promotion: PromotionPolicy

    public init(
        name: String, claims: [String] = [], takesEveryone: Bool = false, keysExpected: Int? = nil, answeredMin: Int = 1,
        stages: [Stage], promotion: PromotionPolicy
    ) {
        self.name = name
        self.claims = claims
        self.takesEveryone = takesEveryone
        self.keysExpected = keysExpected
        self.answeredMin = answeredMin
        self.stages = stages
        self.promotion = promotion
    }
}

/// One share of one audience.
public struct Stage: Sendable, Hashable {
    public var candidate: Share
    public var times: StageTimes
    /// What it takes to begin this stage.
    public var approvals: [ApprovalDemand]

    public init(candidate: Share, times: StageTimes = StageTimes(), approvals: [ApprovalDemand] = []) {
        self.candidate = candidate
        self.times = times
        self.approvals = approvals
    }
}

/// How long a stage lasts at least, and when somebody should be asked why it still does. In milliseconds.
public struct StageTimes: Sendable, Hashable {
    public var minimumMs: Int
    /// Nil for no end. Reaching it holds back automatic promotion and is told; it never moves traffic.
    public var maximumMs: Int?

    public init(minimumMs: Int = 0, maximumMs: Int? = nil) {
        self.minimumMs = minimumMs
        self.maximumMs = maximumMs
    }
}

/// So many different persons of a role.
public struct ApprovalDemand: Sendable, Hashable, Codable, CustomStringConvertible {
    public var role: String
    public var number: Int

    public init(role: String, number: Int = 1) {
        self.role = role
        self.number = number
    }

    public var description: String { "\(number) × \(role)" }
}

/// A stage by its place in the plan.
public struct RolloutStep: Sendable, Hashable, Codable {
    public var audience: Int
    public var stage: Int

    public init(audience: Int, stage: Int) {
        self.audience = audience
        self.stage = stage
    }
}

/// Decides which keys move first. It is a secret, since whoever knows it can choose a key that moves early: it never shows.
public struct Salt: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let text: String

    public init(_ text: String) { self.text = text }

    public var description: String { "(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
