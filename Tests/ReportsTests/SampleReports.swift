import Comparison
import Foundation
import Reports
import Verdicts

/// Reports to render.
enum SampleReports {
    static let when = Date(timeIntervalSince1970: 1_772_410_209)

    static func clean() -> RunReport {
        RunReport(
            generatedAt: when, since: when.addingTimeInterval(-60), until: when,
            plan: PlanSummary(legacy: "http://127.0.0.1:7001", candidate: "http://127.0.0.1:7002", source: "fixtures/bank.yaml"),
            operations: [
                OperationCounts(operation: "preview", received: 8_005, verdicts: [.match: 8_000, .tolerated: 5]),
                OperationCounts(operation: "payout", received: 4_340, verdicts: [.match: 4_340]),
            ],
            received: 12_345,
            latencies: [
                LatencyReport(subject: .legacy, count: 12_345, p50: 3_100, p90: 9_000, p99: 21_500, p999: 60_000, max: 172_000),
                LatencyReport(subject: .candidate, count: 12_345, p50: 1_100, p90: 2_000, p99: 8_500, p999: 30_000, max: 92_000),
                LatencyReport(subject: .added, count: 12_345, p50: 140, p90: 220, p99: 800, p999: 1_900, max: 4_000),
            ])
    }

    static func mismatching(
        path: String = "$.grossInterest", legacy: String? = "5479", candidate: String? = "5480", operation: String = "payout",
        reproduce: String = "curl -sS 'http://127.0.0.1:7000/v1/accounts/1000-0000-0001/interest'",
        key: String = "1000-0000-0001",
        cause: String? = nil
    ) -> RunReport {
        var report = clean()
        report.operations[1].verdicts[.mismatch] = 31
        report.operations[1].verdicts[.shadowTimeout] = 2
        report.received += 33
        report.incidents = [
            IncidentReport(
                fingerprint: "9a1f0c33d0b7e821", operation: operation, kind: "mismatch", path: path, severity: .critical,
                count: 31,
                firstSeen: when.addingTimeInterval(-50), lastSeen: when,
                sample: IncidentSample(
                    evidenceID: "019caf5e-0000-7000-8000-000000000001", method: "POST",
                    target: "/v1/accounts/1000-0000-0001/interest-payouts", keys: [key], instant: "2026-03-02T00:10:09.123456Z",
                    cause: cause, legacyStatus: 201, candidateStatus: 201,
                    differences: [
                        ReportedDifference(path: path, kind: .value, severity: .critical, legacy: legacy, candidate: candidate),
                        ReportedDifference(
                            path: "$.note", kind: .added, severity: .minor, tolerated: true, legacy: nil, candidate: "null"),
                    ], reproduce: reproduce))
        ]
        report.keys = [KeyReport(key: key, standing: .diverged, cause: "20 tries in vain", writes: 1)]
        report.bounds = [BoundReport(name: "evidence dropped", count: 3), BoundReport(name: "sheds", count: 0)]
        return report
    }
}
