internal import CaseMatrix
internal import RuleFiles
internal import RunRecords

/// Runs failing rows again, on fresh accounts: a failure that does not come back says something about the services (or their
/// surroundings), but not what it seemed to say.
public struct Repeats: Sendable {
    public var pair: PairRun
    public var judge: RowJudge
    public var planner: RowPlanner
    public var times = 2
    /// Failing rows beyond it are taken at their word: a candidate that fails everywhere need not do so three times.
    public var rowsMax = 200

    public init(pair: PairRun, judge: RowJudge, planner: RowPlanner) {
        self.pair = pair
        self.judge = judge
        self.planner = planner
    }

    /// The rows, with those marked flaky that agreed when they were run again.
    ///
    /// - Returns: how many were run again, too.
    public func confirm(_ rows: [JudgedRow], control: RunControl) async -> (rows: [JudgedRow], repeated: Int) {
        var rows = rows
        let failing = Array(rows.indices.filter { rows[$0].verdict.isFailure }.prefix(rowsMax))
        var agreed: [Int: Int] = [:]
        for _ in 0..<times where !failing.isEmpty && !control.isStopping && !pair.isSideGone {
            var indices: [Int] = []
            var plans: [CasePlan] = []
            for index in failing {
                guard let plan = try? planner.again(rows[index].planned.row) else { continue }
                indices.append(index)
                plans.append(plan)
            }
            for (index, (plan, evidence)) in zip(indices, zip(plans, await pair.evidence(of: plans))) {
                let verdict = judge.judge(plan, legacy: evidence.legacy, candidate: evidence.candidate, rules: evidence.rules)
                if verdict.outcome == .agree || verdict.outcome == .excused { agreed[index, default: 0] += 1 }
            }
        }
        for (index, count) in agreed {
            rows[index].verdict.note =
                "It was \(rows[index].verdict.outcome.rawValue), and agreed \(count == 1 ? "once" : "\(count) times") when run again."
            rows[index].verdict.outcome = .flaky
        }
        return (rows, failing.count)
    }
}
