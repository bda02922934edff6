import Foundation
import RunRecords

@testable import Gate

/// Runs as tests need them.
enum SampleRuns {
    static let now = Date(timeIntervalSince1970: 1_772_413_200)  // 2026-03-02T01:00:00Z

    static func matrix(
        _ name: String = "core", compared: Int = 300, mismatched: Int = 0, critical: Int = 0
    ) -> RunRecord {
        var totals = RunTotals()
        totals.planned = compared
        totals.compared = compared
        totals.mismatched = mismatched
        totals.agreed = compared - mismatched
        var run = RunRecord(
            kind: .matrix, name: name, startedAt: "2026-03-02T00:10:00Z", finishedAt: "2026-03-02T00:10:04.250Z",
            legacy: "http://127.0.0.1:7100", candidate: "http://127.0.0.1:7200 (build 4f2a)", totals: totals)
        run.operations = [
            OperationRecord(name: "payout", compared: compared, mismatched: mismatched, critical: critical),
            OperationRecord(name: "preview", compared: compared),
        ]
        run.dimensions = [
            DimensionRecord(
                name: "balance",
                values: [
                    .init(value: "0", compared: compared / 2),
                    .init(value: "1314000", compared: compared / 2, mismatched: mismatched),
                ])
        ]
        run.coverage = CoverageRecord(strength: 3, rows: compared, tuplesValid: 1_000, tuplesCovered: 1_000)
        run.positiveControl = PositiveControl(name: "net + 1", fired: true, detail: "seen at payout $.netInterest")
        run.selfTest = SelfTestRecord(checks: 12, failures: [])
        return run
    }

    static func prove(faults: Int = 40, missed: Int = 0) -> RunRecord {
        var totals = RunTotals()
        totals.planned = faults
        totals.compared = faults
        totals.agreed = faults - missed
        totals.mismatched = missed
        var run = RunRecord(
            kind: .prove, name: "core, extended, money", startedAt: "2026-03-02T00:20:00Z", finishedAt: "2026-03-02T00:21:00Z",
            legacy: "bank legacy", candidate: "http://127.0.0.1:7200 (build 4f2a)", totals: totals)
        run.selfTest = SelfTestRecord(checks: 8, failures: [])
        run.positiveControl = PositiveControl(name: "net + 1", fired: true, detail: "seen at payout $.netInterest")
        run.faults = (0..<faults).map { number in
            let killed = number >= missed
            return FaultRecord(
                name: "fault-\(number)", policy: ["rounding", "tiers", "calendar", "tax"][number % 4],
                about: "rounds <half> up & \"down\"", killed: killed, byRow: killed ? "core#000\(number)" : nil,
                byComparison: killed ? "payout $.grossInterest" : nil, rowsRun: killed ? number + 1 : 2_400)
        }
        return run
    }

    static func record(
        _ id: String = "core#000417", _ outcome: CaseClass = .candidateWrong, critical: Bool = false, text: String = "5480"
    ) -> CaseRecord {
        let difference = CaseDifference(
            answer: "payout", path: "$.netInterest", kind: "value", legacy: "5479", candidate: text, expected: "5479",
            critical: critical)
        return CaseRecord(
            id: id, operation: "payout", outcome: outcome, critical: critical, title: "payout: $.netInterest differs",
            values: [DimensionValue("balance", "1314000"), DimensionValue("customer", "NORMAL")], differences: [difference],
            violations: ["candidate: gross = net + taxes (5479 ≠ 4700 + 760 + 18)"],
            fixture: #"{"accountId":"C-000417","balance":1314000,"customer":"NORMAL"}"#,
            curl: ["curl -sS -X POST http://127.0.0.1:7100/v1/accounts/C-000417/interest-payouts -d '{\"channel\":\"MOBILE\"}'"],
            minimal: MinimalCase(
                values: [DimensionValue("balance", "18250")], fixture: #"{"accountId":"C-1","balance":18250}"#,
                curl: ["curl -sS http://127.0.0.1:7100/v1/accounts/C-1", "curl -sS http://127.0.0.1:7200/v1/accounts/C-1"],
                differences: [difference], attempts: 23))
    }

    /// A run with every kind of case.
    static func failing(text: String = "5480") -> RunRecord {
        var run = matrix("extended", compared: 945, mismatched: 3, critical: 1)
        run.totals.agreed -= 2
        run.totals.excused = 1
        run.totals.flaky = 1
        run.totals.errors = 1
        run.totals.planned += 1
        run.cases = [
            record("extended#000009", .flaky), record("extended#000417", .candidateWrong, text: text),
            record("extended#000418", .bothWrong, critical: true), record("extended#000500", .legacyQuirk),
            record("extended#000600", .excused), record("extended#000700", .error),
        ]
        run.cases[4].note = "legacy rounds twice; owner ledger team; until 2026-12-31"
        run.cases[5].note = "the candidate answered 503"
        run.heatMaps = [
            HeatMap(
                down: "customer", across: "balance", downValues: ["NORMAL", "DECEASED"],
                acrossValues: ["0", "18250", "1314000", "50000000"],
                cells: [
                    [.init(compared: 40), .init(compared: 40, mismatched: 1), .init(compared: 40, mismatched: 20), .init()],
                    [
                        .init(compared: 9), .init(compared: 10, mismatched: 10), .init(compared: 30, mismatched: 12),
                        .init(compared: 1),
                    ],
                ])
        ]
        run.remarks = ["The candidate was asked over the wire."]
        return run
    }

    static func report(_ runs: [RunRecord], policy: GatePolicy = GatePolicy(), judge: any GateJudge = PolicyJudge()) -> GateReport
    {
        GateReport.judge(runs, under: policy, at: now, program: "countersign 0.1.0", judge: judge)
    }

    static func code(_ runs: [RunRecord], _ change: (inout GatePolicy) -> Void = { _ in }) -> Int {
        var policy = GatePolicy()
        change(&policy)
        return report(runs, policy: policy).decision.exitCode
    }
}
