import Reports
import RunRecords

/// The report for a terminal: what an on-call engineer needs to know, without scrolling.
public enum GateTerminalText {
    /// How a line should be coloured.
    public enum Shade: Sendable { case plain, good, warning, bad, strong, soft }

    public static func lines(_ report: GateReport, casesMax: Int = 3) -> [(shade: Shade, text: String)] {
        let decision = report.decision
        let shade = shade(decision)
        var lines: [(Shade, String)] = [(shade, decision.headline)]
        for run in report.runs {
            let t = run.totals
            var parts = ["\(ReportText.number(t.compared)) compared", "\(ReportText.number(run.mismatchesSeen)) mismatched"]
            for (count, noun) in [
                (t.excused, "excused"), (t.flaky, "flaky"), (t.errors, "without a verdict"), (t.notRun, "not run"),
            ]
            where count > 0 { parts.append("\(ReportText.number(count)) \(noun)") }
            if let coverage = run.coverage { parts.append(GateText.coverage(coverage)) }
            lines.append((.plain, "  \(clean(run.title)): \(parts.joined(separator: ", "))"))
            if !run.faults.isEmpty { lines.append((.plain, "    \(GateText.proof(run.faults))")) }
        }
        let findings = decision.findings
        if !findings.isEmpty { lines.append((.plain, "")) }
        for reason in findings.prefix(20) {
            lines.append((self.shade(reason.tone), "  \(reason.tone.word)  \(clean(reason.rule)): \(clean(reason.sentence))"))
        }
        if findings.count > 20 { lines.append((.soft, "  … and \(findings.count - 20) more reasons")) }
        let cases = report.worstFirst.filter { $0.record.outcome != .excused }
        if !cases.isEmpty { lines.append((.plain, "")) }
        for (_, record) in cases.prefix(casesMax) {
            lines.append((.strong, "  \(clean(record.id))  \(clean(record.title))"))
            lines += CaseText.lines(record, differencesMax: 3).map { (.soft, "    - " + clean($0)) }
        }
        let more = cases.count - min(cases.count, casesMax) + report.runs.reduce(0) { $0 + $1.casesOmitted }
        if more > 0 { lines.append((.soft, "  … and \(ReportText.count(more, "more case"))")) }
        if decision.waved {
            lines.append((.warning, "INCONCLUSIVE: exit 0 only because of --inconclusive pass."))
        }
        return lines
    }

    private static func shade(_ decision: GateDecision) -> Shade { shade(decision.verdict) }

    private static func shade(_ tone: GateTone) -> Shade {
        switch tone {
        case .passed: .good
        case .inconclusive, .unreachable: .warning
        case .failed, .untrusted: .bad
        }
    }

    /// One line, with nothing in it that a terminal would obey, nor a GitHub runner (`##[` anywhere in a line is its old command).
    private static func clean(_ text: String) -> String {
        ReportText.visible(CaseText.clip(text, to: 300)).replacing("\n", with: " ").replacing("\t", with: " ")
            .replacing("##[", with: "## [").replacing("::", with: ": :")
    }
}
