import Comparison
import Foundation
import Verdicts

/// The report in Markdown.
enum MarkdownReport {
    static func render(_ report: RunReport) -> String {
        let finding = report.finding
        var lines = ["# \(mark(finding.tone)) \(finding.headline)", ""]
        for remark in finding.remarks { lines.append("- \(remark)") }
        if !finding.remarks.isEmpty { lines.append("") }
        lines.append(
            "Legacy \(MarkdownText.code(report.plan.legacy)), candidate \(MarkdownText.code(report.plan.candidate)); written \(ReportText.time(report.generatedAt))."
        )
        lines += ["", "## Counts", ""] + counts(report)
        if !report.incidents.isEmpty {
            lines += ["", "## Incidents"]
            for incident in report.incidents { lines += [""] + card(incident) }
        }
        if !report.latencies.isEmpty { lines += ["", "## Latency", ""] + latencies(report) }
        if !report.keys.isEmpty { lines += ["", "## Keys not trusted", ""] + keys(report) }
        let reached = report.bounds.filter { $0.count > 0 }
        if !reached.isEmpty {
            lines += ["", "## Bounds reached", "", "| bound | times |", "| --- | ---: |"]
            lines += reached.map { "| \(MarkdownText.text($0.name)) | \($0.count) |" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func mark(_ tone: Finding.Tone) -> String {
        switch tone {
        case .proven: "✅"
        case .unproven: "⚠️"
        case .disproven: "❌"
        }
    }

    private static func counts(_ report: RunReport) -> [String] {
        let verdicts = Verdict.allCases.filter { report.count($0) > 0 }
        let total = report.decided
        var lines = [
            "| operation | " + verdicts.map { "\($0.name) | " }.joined() + "total |",
            "| --- |" + String(repeating: " ---: |", count: verdicts.count + 1),
        ]
        for operation in report.operations {
            lines.append(
                "| \(MarkdownText.text(operation.operation)) | " + verdicts.map { "\(operation[$0]) | " }.joined()
                    + "\(operation.settled) |")
        }
        lines.append("| **all** | " + verdicts.map { "**\(report.count($0))** | " }.joined() + "**\(total)** |")
        lines.append("")
        lines.append(
            "\(report.received) received = \(total) decided + \(report.inFlight) in flight + \(report.awaitingComparison) awaiting comparison"
                + (report.isConserved ? "." : ": **the counts do not add up**."))
        return lines
    }

    private static func card(_ incident: IncidentReport) -> [String] {
        var lines = [
            "### \(MarkdownText.text(incident.operation)) · \(MarkdownText.code(incident.path)) · \(MarkdownText.text(incident.kind)) · \(incident.count)×",
            "",
            "\(incident.severity.rawValue), first \(ReportText.time(incident.firstSeen)), last \(ReportText.time(incident.lastSeen)), incident \(MarkdownText.code(incident.fingerprint))"
                + (incident.cascades > 0 ? ", \(incident.cascades) more followed on the same keys." : "."),
        ]
        guard let sample = incident.sample else { return lines }
        if let cause = sample.cause { lines += ["", MarkdownText.text(cause)] }
        if !sample.differences.isEmpty {
            lines += ["", "| path | kind | legacy | candidate |", "| --- | --- | --- | --- |"]
            for difference in sample.differences {
                let kind = difference.kind.rawValue + (difference.tolerated ? " (tolerated)" : "")
                lines.append(
                    "| \(MarkdownText.codeCell(difference.path)) | \(kind) | \(value(difference.legacy)) | \(value(difference.candidate)) |"
                )
            }
        }
        let fence = MarkdownText.fence(around: sample.reproduce)
        lines += [
            "", fence + "sh", ReportText.visible(sample.reproduce), "countersign replay \(ReportText.visible(sample.evidenceID))",
            fence,
        ]
        return lines
    }

    private static func latencies(_ report: RunReport) -> [String] {
        ["| | requests | p50 | p90 | p99 | p99.9 | max |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
            + report.latencies.map { latency in
                let figures = [latency.p50, latency.p90, latency.p99, latency.p999, latency.max]
                return "| \(latency.subject.rawValue) | \(latency.count) | "
                    + figures.map { ReportText.duration(microseconds: $0) }.joined(separator: " | ") + " |"
            }
    }

    private static func keys(_ report: RunReport) -> [String] {
        ["| key | standing | cause |", "| --- | --- | --- |"]
            + report.keys.map {
                "| \(MarkdownText.codeCell($0.key)) | \($0.standing.rawValue) | \(MarkdownText.text($0.cause)) |"
            }
    }

    private static func value(_ text: String?) -> String {
        guard let text else { return "*absent*" }
        return MarkdownText.codeCell(text)
    }
}
