import Foundation
import RunRecords

/// Runs whose decision is known: before it judges, the gate asks its judge about each, and believes it only if all answers are right.
public enum Canaries {
    struct Canary: Sendable {
        var name: String
        var runs: [RunRecord]
        var policy: GatePolicy
        var expected: GateTone
    }

    /// A reason for each wrong answer, and one for all when there is none.
    public static func check(_ judge: any GateJudge) -> [GateReason] {
        let now = Date(timeIntervalSince1970: 1_772_409_600)
        let wrong = all.compactMap { canary -> GateReason? in
            let decision = judge.decide(canary.runs, under: canary.policy, at: now)
            if decision.verdict == canary.expected, decision.exitCode == canary.expected.exitCode { return nil }
            return GateReason(
                rule: "gate-self-test", subject: canary.name, measured: decision.verdict.word, required: canary.expected.word,
                tone: .untrusted,
                sentence: "The gate's own test failed: it answers \(canary.name) with “\(decision.verdict.word)” instead of "
                    + "“\(canary.expected.word)”.")
        }
        if !wrong.isEmpty { return wrong }
        return [
            GateReason(
                rule: "gate-self-test", measured: "\(all.count) canaries", required: "right", tone: .passed,
                sentence: "The gate answered \(all.count) runs of known outcome rightly before it judged.")
        ]
    }

    static var all: [Canary] {
        func canary(
            _ name: String, _ expected: GateTone, policy: (inout GatePolicy) -> Void = { _ in },
            _ change: (inout RunRecord) -> Void
        ) -> Canary {
            var run = soundRun
            var demands = GatePolicy()
            change(&run)
            policy(&demands)
            return Canary(name: name, runs: [run], policy: demands, expected: expected)
        }
        let onePerCent = { (policy: inout GatePolicy) in policy.mismatches.rateMax = Percentage(thousandths: 1_000) }
        return [
            canary("a sound run", .passed) { _ in },
            Canary(name: "no run at all", runs: [], policy: GatePolicy(), expected: .inconclusive),
            canary("an empty run", .inconclusive) { run in
                run.totals = RunTotals()
                run.operations = []
            },
            canary("one mismatch", .failed) { $0.differ(1) },
            canary("one critical mismatch within the rate", .failed, policy: onePerCent) { run in
                run.enlarge(to: 100_000)
                run.differ(1, critical: 1)
            },
            canary("one mismatch within the rate", .passed, policy: onePerCent) { run in
                run.enlarge(to: 1_000)
                run.differ(1)
            },
            // 0.33 % seen; 1.57 % cannot be ruled out.
            canary("a rate that could be too high", .failed, policy: onePerCent) { $0.differ(1) },
            // 0 of 100: 2.95 % cannot be ruled out.
            canary("too few to prove a rate", .inconclusive, policy: onePerCent) { $0.enlarge(to: 100) },
            canary("a silent control", .untrusted) { $0.positiveControl?.fired = false },
            canary("no control", .untrusted) { $0.positiveControl = nil },
            canary("a failed self-test", .untrusted) { $0.selfTest?.failures = ["equal answers differ"] },
            canary("no self-test", .untrusted) { $0.selfTest = nil },
            canary("a silent control beside a mismatch", .untrusted) { run in
                run.positiveControl?.fired = false
                run.differ(1)
            },
            canary("a run that is too small", .inconclusive, policy: { $0.compared.run = 301 }) { _ in },
            canary("an operation that is too small", .inconclusive, policy: { $0.compared.operations = ["payout": 301] }) { _ in
            },
            canary("a side unreachable", .unreachable) { run in
                run.unreachable = [UnreachableRecord(side: "candidate", sentence: "connection refused")]
                run.totals = RunTotals()
                run.operations = []
            },
            canary("a mismatch beside a side unreachable", .failed) { run in
                run.unreachable = [UnreachableRecord(side: "oracle", sentence: "exited with 1")]
                run.differ(1)
            },
            canary("one error", .inconclusive) { run in
                run.totals.planned += 1
                run.totals.errors = 1
            },
            canary("one flaky row", .inconclusive) { run in
                run.totals.agreed -= 1
                run.totals.flaky = 1
            },
            canary("one row not run", .inconclusive) { run in
                run.totals.planned += 1
                run.totals.notRun = 1
            },
            canary("too few tuples", .inconclusive, policy: { $0.coverage.percentMin = .all }) { run in
                run.coverage = CoverageRecord(strength: 2, rows: 300, tuplesValid: 100, tuplesCovered: 99)
            },
            canary("a fault that was not seen", .failed) { run in
                run.kind = .prove
                run.faults = [
                    FaultRecord(name: "seen", policy: "", about: "", killed: true, byRow: "a#1", byComparison: nil, rowsRun: 1),
                    FaultRecord(name: "missed", policy: "", about: "", killed: false, byRow: nil, byComparison: nil, rowsRun: 1),
                ]
            },
            canary("a required run that is missing", .inconclusive, policy: { $0.runs.required = [RequiredRun(kind: .proxy)] }) {
                _ in
            },
            canary("a run of an hour ago", .inconclusive, policy: { $0.runs.ageMaxMs = 3_600_000 }) {
                $0.finishedAt = "2026-03-01T22:59:59Z"
            },
            canary("a run of another build", .inconclusive, policy: { $0.runs.candidateBuild = "4f2a" }) { _ in },
            canary("a value that was hardly compared", .inconclusive, policy: { $0.compared.dimensionValue = 2 }) { run in
                run.dimensions = [DimensionRecord(name: "tax", values: [.init(value: "NONE", compared: 1)])]
            },
            canary("too many exceptions", .failed, policy: { $0.limits.excusedMax = 0 }) { run in
                run.totals.agreed -= 1
                run.totals.excused = 1
            },
            canary("counts that don't add up", .untrusted) { $0.totals.agreed -= 1 },
        ]
    }

    /// 300 rows, all agreed.
    static var soundRun: RunRecord {
        var totals = RunTotals()
        totals.planned = 300
        totals.compared = 300
        totals.agreed = 300
        var run = RunRecord(
            kind: .matrix, name: "canary", startedAt: "2026-03-02T00:00:00Z", finishedAt: "2026-03-02T00:00:01Z",
            legacy: "legacy", candidate: "candidate", totals: totals)
        run.operations = [OperationRecord(name: "payout", compared: 300)]
        run.positiveControl = PositiveControl(name: "one won more", fired: true, detail: "seen")
        run.selfTest = SelfTestRecord(checks: 10, failures: [])
        return run
    }
}

extension RunRecord {
    fileprivate mutating func enlarge(to count: Int) {
        totals.planned = count
        totals.compared = count
        totals.agreed = count
        operations = [OperationRecord(name: "payout", compared: count)]
    }

    fileprivate mutating func differ(_ count: Int, critical: Int = 0) {
        totals.agreed -= count
        totals.mismatched += count
        operations[0].mismatched += count
        operations[0].critical += critical
    }
}
