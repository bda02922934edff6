import Reports
import RunRecords

/// The report in Markdown, fit for a job's summary ($GITHUB_STEP_SUMMARY takes 1 MiB).
public enum MarkdownSummary {
    public static let bytesMax = 900_000

    public static func render(_ report: GateReport, bytesMax: Int = bytesMax) -> String {
        var head = [
            "# \(mark(report.decision)) \(MarkdownText.text(report.decision.headline))", "",
            "Exit \(report.decision.exitCode) · policy \(MarkdownText.code(report.policy.source)) · "
                + "\(MarkdownText.text(report.createdAt)) · \(MarkdownText.text(report.program))",
        ]
        if report.decision.waved {
            head += ["", "> ⚠️ **This build was let through by `--inconclusive pass`: the evidence does not suffice.**"]
        }
        var page = BoundedText(bytesMax: bytesMax - 400)
        page.add(head)
        page.add(reasons(report.decision))
        page.add(runs(report))
        var worst = report.worstFirst[...]
        if !worst.isEmpty { page.add(["", "## Cases, worst first"]) }
        while let next = worst.first, page.add([""] + MarkdownCase.lines(next.record, run: next.run.title)) {
            worst = worst.dropFirst()
        }
        let omitted = worst.count + report.runs.reduce(0) { $0 + $1.casesOmitted }
        for run in report.runs {
            let rest = worst.isEmpty ? MarkdownTables.operations(run) : []
            if !rest.isEmpty { page.add(rest) }
            for fault in [MarkdownTables.faults(run)] where !fault.isEmpty { page.add(fault) }
            if worst.isEmpty { for map in run.heatMaps.prefix(12) { page.add(MarkdownTables.heatMap(map, of: run)) } }
        }
        var text = page.text
        if omitted > 0 {
            text += "\n\(ReportText.count(omitted, "more case")) not shown; `report.json` and the runs list more.\n"
        }
        if page.refused > worst.count { text += "\nSome tables were left out to keep this page within its bound.\n" }
        return text
    }

    static func mark(_ decision: GateDecision) -> String {
        switch decision.verdict {
        case .passed: "✅"
        case .inconclusive: "⚠️"
        case .unreachable: "🔌"
        case .failed: "❌"
        case .untrusted: "🚫"
        }
    }

    private static func reasons(_ decision: GateDecision) -> [String] {
        let findings = decision.findings
        var lines: [String] = []
        if !findings.isEmpty {
            lines += ["", "## Why", "", "| | rule | where | measured | required |", "| --- | --- | --- | --- | --- |"]
            lines += findings.prefix(100).map { reason in
                "| \(reason.tone.word) | \(MarkdownText.text(reason.rule)) | \(cell(reason.place)) | \(cell(reason.measured)) "
                    + "| \(cell(reason.required)) |"
            }
            lines += [""] + findings.prefix(20).map { "- \(MarkdownText.text(CaseText.clip($0.sentence, to: 600)))" }
            if findings.count > 100 { lines.append("- … and \(findings.count - 100) more reasons.") }
        }
        let passed = decision.reasons.count - findings.count
        if passed > 0 {
            lines += ["", "<details><summary>\(passed) checks found nothing wrong</summary>", ""]
            lines += decision.reasons.filter { $0.tone == .passed }.prefix(300).map {
                "- \(MarkdownText.text(CaseText.clip($0.sentence, to: 400)))"
            }
            lines += ["", "</details>"]
        }
        return lines
    }

    private static func runs(_ report: GateReport) -> [String] {
        guard !report.runs.isEmpty else { return [] }
        var lines = [
            "", "## Runs", "",
            "| run | planned | compared | agreed | excused | mismatched | flaky | errors | not run | coverage | finished |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |",
        ]
        lines += report.runs.map { run in
            let t = run.totals
            let numbers = [t.planned, t.compared, t.agreed, t.excused, t.mismatched, t.flaky, t.errors, t.notRun]
            return "| \(cell(run.title)) | " + numbers.map(String.init).joined(separator: " | ")
                + " | \(run.coverage.map(GateText.coverage) ?? "") | \(cell(run.finishedAt)) |"
        }
        for run in report.runs {
            lines += [
                "",
                "\(MarkdownText.text(run.title)): legacy \(MarkdownText.code(CaseText.clip(run.legacy, to: 300))), "
                    + "candidate \(MarkdownText.code(CaseText.clip(run.candidate, to: 300))).",
            ]
            lines += run.remarks.prefix(20).map { "- \(MarkdownText.text(CaseText.clip($0, to: 400)))" }
        }
        return lines
    }

    static func cell(_ text: String) -> String { MarkdownText.text(CaseText.clip(text, to: 300)) }
}

/// Text that never grows beyond its bound: a block fits whole or is left out.
struct BoundedText {
    private let bytesMax: Int
    private(set) var text = ""
    /// Blocks that did not fit.
    private(set) var refused = 0

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// Whether the block is in.
    @discardableResult mutating func add(_ lines: [String]) -> Bool {
        guard !lines.isEmpty else { return true }
        let block = lines.joined(separator: "\n") + "\n"
        guard text.utf8.count + block.utf8.count <= bytesMax else {
            refused += 1
            return false
        }
        text += block
        return true
    }
}
