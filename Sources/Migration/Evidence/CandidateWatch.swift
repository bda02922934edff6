internal import Foundation

/// Watches the candidate's failures beside the legacy's, and says when they call for a rollback. Begin a new one after each rollback.
///
/// **In a row**: so many failures of the candidate with no answer of it in between. A failure that the legacy shares says nothing of the
/// candidate: it neither counts nor ends the row.
///
/// **Rate**: only requests that failed on exactly one side tell the sides apart. When both fail equally often, the candidate is the one
/// in half of these. Page's test (a sum of log-likelihood ratios that never goes below 0) watches for its part to be `ratio/(1+ratio)`,
/// which is what failing `ratio` times as often means. The alarm is at `ln(every)`: with equal rates, or a better candidate, it is
/// false at most once in `every` such requests on average (Lorden 1971), and it stays as quick after a month as on the first day.
public struct CandidateWatch: Sendable, Codable {
    private let policy: RollbackPolicy
    public private(set) var failuresInARow = 0
    public private(set) var candidateAlone = 0
    public private(set) var legacyAlone = 0
    private var sum = 0.0

    public init(policy: RollbackPolicy) { self.policy = policy }

    /// Takes the outcome of one request on both sides; `legacyFailed` is nil when the legacy was not asked. An answer that refuses
    /// (a 4xx) is no failure.
    public mutating func record(candidateFailed: Bool, legacyFailed: Bool?) -> RollbackTrigger? {
        if !candidateFailed {
            failuresInARow = 0
        } else if legacyFailed != true {
            failuresInARow += 1
        }
        if let legacyFailed, legacyFailed != candidateFailed { compare(candidateFailed) }
        if failuresInARow >= policy.failuresInARow { return .failuresInARow(failuresInARow) }
        if sum >= log(Double(max(policy.errorFalseAlarmEvery, 2))) {
            return .errorRate(candidateAlone: candidateAlone, legacyAlone: legacyAlone)
        }
        return nil
    }

    private mutating func compare(_ isCandidate: Bool) {
        let ratio = Double(max(policy.errorRatio, 2))
        if sum == 0 {
            // The figures told are those since the sum last began to rise.
            candidateAlone = 0
            legacyAlone = 0
        }
        if isCandidate { candidateAlone += 1 } else { legacyAlone += 1 }
        let step = isCandidate ? log(2 * ratio / (1 + ratio)) : log(2 / (1 + ratio))
        sum = max(0, sum + step)
    }
}
