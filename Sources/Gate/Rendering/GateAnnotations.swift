import Reports
import RunRecords

/// The report as GitHub workflow commands, which GitHub shows beside the build.
public enum GateAnnotations {
    /// GitHub shows ten of a step and drops the rest.
    public static let countMax = 10

    /// One command a line, the worst first; one notice when all is well.
    public static func render(_ report: GateReport) -> String {
        let level = report.decision.exitCode == 0 ? "warning" : "error"
        var commands: [String] = []
        let findings = report.decision.findings
        if findings.isEmpty {
            commands.append(command("notice", "countersign gate", report.decision.headline))
        } else if report.decision.waved {
            commands.append(command("warning", "countersign gate", report.decision.headline))
        }
        let cases = report.worstFirst.map(\.record).filter { $0.outcome != .excused }
        // Reasons first, but never so many that no case is shown.
        let room = countMax - commands.count
        let forCases = min(cases.count, max(room - findings.count, room / 2))
        commands += findings.prefix(room - forCases).map { reason in
            command(
                level, "\(reason.tone.word): \(reason.rule)" + (reason.place.isEmpty ? "" : " (\(reason.place))"), reason.sentence
            )
        }
        commands += cases.prefix(forCases).map { record in
            command(
                level, "\(record.operation): \(record.wording)",
                ([record.title] + CaseText.lines(record, differencesMax: 5).dropFirst().prefix(6)).joined(separator: "\n"))
        }
        return commands.joined(separator: "\n") + "\n"
    }

    private static func command(_ level: String, _ title: String, _ message: String) -> String {
        "::\(level) title=\(property(CaseText.clip(title, to: 200)))::\(data(CaseText.clip(message, to: 3_000)))"
    }

    /// What GitHub's own toolkit escapes.
    static func data(_ text: String) -> String {
        ReportText.visible(text).replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    static func property(_ text: String) -> String { data(text).replacing(":", with: "%3A").replacing(",", with: "%2C") }
}
