import Reports
import Verdicts

/// A report's counts and latencies as the demo prints them.
struct DemoFigures {
    let report: RunReport
    let screen: Screen

    func print() {
        let seen = Verdict.allCases.filter { report.count($0) > 0 }
        let sum = seen.map { "\(ReportText.number(report.count($0))) \($0.name)" }.joined(separator: " + ")
        let rest = report.inFlight + report.awaitingComparison
        screen.print(
            "  \(ReportText.number(report.received)) received = \(sum.isEmpty ? "0" : sum)"
                + (rest > 0 ? " + \(rest) under way" : "")
                + (report.isConserved ? "" : screen.paint("  DOES NOT ADD UP", .bad)))
        for latency in report.latencies {
            let name = latency.subject.rawValue
            screen.print(
                "  \(name)\(String(repeating: " ", count: 11 - name.count))"
                    + [("p50", latency.p50), ("p90", latency.p90), ("p99", latency.p99), ("max", latency.max)]
                    .map { "\($0.0) \(Self.padded(ReportText.duration(microseconds: $0.1)))" }.joined(separator: "  "))
        }
    }

    private static func padded(_ text: String) -> String {
        text + String(repeating: " ", count: max(0, 8 - text.count))
    }
}
