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
            "Legacy \(code(report.plan.legacy)), candidate \(code(report.plan.candidate)); written \(ReportText.time(report.generatedAt))."
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
            lines += reached.map { "| \(cell($0.name)) | \($0.count) |" }
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
                "| \(cell(operation.operation)) | " + verdicts.map { "\(operation[$0]) | " }.joined()
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
            "### \(text(incident.operation)) · \(code(incident.path)) · \(text(incident.kind)) · \(incident.count)×", "",
            "\(incident.severity.rawValue), first \(ReportText.time(incident.firstSeen)), last \(ReportText.time(incident.lastSeen)), incident \(code(incident.fingerprint))"
                + (incident.cascades > 0 ? ", \(incident.cascades) more followed on the same keys." : "."),
        ]
        guard let sample = incident.sample else { return lines }
        if let cause = sample.cause { lines += ["", text(cause)] }
        if !sample.differences.isEmpty {
            lines += ["", "| path | kind | legacy | candidate |", "| --- | --- | --- | --- |"]
            for difference in sample.differences {
                let kind = difference.kind.rawValue + (difference.tolerated ? " (tolerated)" : "")
                lines.append(
                    "| \(codeCell(difference.path)) | \(kind) | \(value(difference.legacy)) | \(value(difference.candidate)) |")
            }
        }
        let fence = self.fence(around: sample.reproduce)
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
            + report.keys.map { "| \(codeCell($0.key)) | \($0.standing.rawValue) | \(cell($0.cause)) |" }
    }

    private static func value(_ text: String?) -> String {
        guard let text else { return "*absent*" }
        return codeCell(text)
    }

    /// Text from outside as text: nothing in it may begin a heading, a link, a tag or a cell.
    private static func text(_ outside: String) -> String {
        var result = ""
        for scalar in ReportText.visible(outside).replacing("\n", with: " ").unicodeScalars {
            if "\\`*_{}[]<>()#+-!|~&".unicodeScalars.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    private static func cell(_ outside: String) -> String { text(outside) }

    /// Text from outside as code: a run of back-ticks longer than any in it.
    private static func code(_ outside: String) -> String {
        let shown = ReportText.visible(outside).replacing("\n", with: "⏎")
        var longest = 0
        var run = 0
        for character in shown.unicodeScalars {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let ticks = String(repeating: "`", count: longest + 1)
        return longest == 0 ? ticks + shown + ticks : "\(ticks) \(shown) \(ticks)"
    }

    /// A pipe ends a cell even inside code, unless it is escaped.
    private static func codeCell(_ outside: String) -> String { code(outside).replacing("|", with: "\\|") }

    private static func fence(around text: String) -> String {
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return fence
    }
}
