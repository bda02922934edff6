internal import Foundation
internal import Migration

/// Gathers the evidence of a try, and watches for what calls for a rollback at once.
struct EvidenceKeeper: Sendable {
    private(set) var evidence: StageEvidence
    private(set) var watch: CandidateWatch
    /// Changed since it was last stored.
    private(set) var isDirty = false
    /// Something among it speaks against the candidate: to be stored without delay.
    private(set) var isUrgent = false
    private let plan: RolloutPlan

    /// Both parts as they stand in a file.
    private struct Form: Codable {
        var evidence: StageEvidence
        var watch: CandidateWatch
    }

    init(plan: RolloutPlan, evidence: StageEvidence) {
        self.plan = plan
        self.evidence = evidence
        watch = CandidateWatch(policy: plan.rollback)
        isDirty = true
    }

    /// - Throws: when the bytes are not of this program's form.
    init(plan: RolloutPlan, stored: [UInt8]) throws {
        let form = try JSONDecoder().decode(Form.self, from: Data(stored))
        self.plan = plan
        evidence = form.evidence
        watch = form.watch
    }

    func encoded() throws -> [UInt8] { Array(try JSONEncoder().encode(Form(evidence: evidence, watch: watch))) }

    mutating func stored() { (isDirty, isUrgent) = (false, false) }

    /// What it says now of the stage that is under way.
    func verdict() -> EvidenceVerdict { evidence.verdict(answeredMin: plan.answeredMin(at: evidence.stage.step)) }

    /// A new try begins.
    mutating func begin(_ evidence: StageEvidence, afterStop: Bool) {
        self.evidence = evidence
        // After a rollback the candidate's failures are those of the next course.
        if afterStop { watch = CandidateWatch(policy: plan.rollback) }
        isDirty = true
    }

    /// The candidate has said which build it is.
    mutating func learn(candidateBuild: String) {
        guard evidence.basis.candidateBuild.isEmpty, !candidateBuild.isEmpty else { return }
        evidence.learn(candidateBuild: candidateBuild)
        isDirty = true
    }

    /// Somebody has looked at the candidate's failures and goes on.
    mutating func forgetFailures() {
        watch = CandidateWatch(policy: plan.rollback)
        isDirty = true
    }

    /// - Parameter counts: False for an outcome of an earlier stage or other rules: it is no evidence, and may be an alarm all the same.
    /// - Returns: what calls for a rollback.
    mutating func record(_ outcome: TrafficOutcome, counts: Bool) -> RollbackTrigger? {
        isDirty = true
        if outcome.candidateFailed { isUrgent = true }
        var trigger = watch.record(candidateFailed: outcome.candidateFailed, legacyFailed: outcome.legacyFailed)
        let operation = evidence.index(of: outcome.operation)
        var found: StageEvidence.Outcome?
        switch outcome.comparison {
        case .match: found = .match
        case .mismatch(let places):
            isUrgent = true
            if let place = criticalPlace(outcome.operation, places) {
                found = .criticalMismatch(place: place)
                // It says more than that something failed.
                trigger = .criticalMismatch(operation: outcome.operation, place: place)
            } else {
                found = .mismatch
            }
        case nil:
            if outcome.candidateFailed, outcome.legacyFailed == false { found = .candidateFailed }
        }
        if counts, outcome.isOfMovers, !outcome.candidateFailed { evidence.noteAnswered() }
        if counts, let found { evidence.record(found, operation: operation, key: outcome.key) }
        return trigger
    }

    /// By the policy of those who move next, and of those who are moving.
    private func criticalPlace(_ operation: String, _ places: [String]) -> String? {
        var policies = [evidence.policy]
        if let position = plan.position(at: evidence.stage.step) { policies.append(plan.audiences[position.audience].promotion) }
        return places.first { place in policies.contains { $0.isCritical(operation: operation, differencesAt: [place]) } }
    }
}
