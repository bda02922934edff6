@testable import Migration

/// A small plan: a team in two stages, then everyone in three.
enum SamplePlans {
    static let salt = Salt("0123456789abcdef")

    static func share(_ thousandths: Int) -> Share { Share(thousandths: thousandths) ?? .none }

    static let policy = PromotionPolicy(
        operations: [OperationRates(name: "payout", good: share(100), bad: share(1_000))],
        criticalPlaces: [CriticalPlace("$.net")])

    static func plan(
        writtenKeys: RollbackPolicy.WrittenKeys = .return, approvals: [ApprovalDemand] = [], minimumMs: Int = 0,
        maximumMs: Int? = nil, freezes: [FreezeWindow] = [], denied: Set<String> = []
    ) -> RolloutPlan {
        let times = StageTimes(minimumMs: minimumMs, maximumMs: maximumMs)
        func stages(_ shares: [Int]) -> [Stage] {
            shares.map { Stage(candidate: share($0), times: times, approvals: approvals) }
        }
        return RolloutPlan(
            name: "interest", salt: salt,
            audiences: [
                Audience(name: "team", claims: ["t"], stages: stages([10_000, 100_000]), promotion: policy),
                Audience(name: "all", takesEveryone: true, stages: stages([1_000, 50_000, 100_000]), promotion: policy),
            ], shadow: times, retirement: approvals, rollback: RollbackPolicy(writtenKeys: writtenKeys), freezes: freezes,
            denied: denied)
    }

    static let basis = EvidenceBasis(candidateBuild: "c0ffee", rules: "r1")

    static func verdict(_ decision: EvidenceVerdict.Decision, _ stage: StageAttempt) -> EvidenceVerdict {
        EvidenceVerdict(decision: decision, reason: "it says \(decision.rawValue)", stage: stage, basis: basis)
    }
}
