import Reports
import RunRecords

/// One case in Markdown, folded.
enum MarkdownCase {
    static func lines(_ record: CaseRecord, run: String) -> [String] {
        let title = ScalarEscape.html(ReportText.visible(CaseText.clip(record.title, to: 300)).replacing("\n", with: " "))
        let id = ScalarEscape.html(ReportText.visible(CaseText.clip(record.id, to: 120)).replacing("\n", with: " "))
        var lines = [
            "<details><summary>\(record.wording)\(record.critical ? ", critical" : ""): \(title) <code>\(id)</code></summary>",
            "",
            "\(MarkdownText.text(run)), operation \(MarkdownText.code(CaseText.clip(record.operation, to: 120)))", "",
        ]
        lines += table(record.differences)
        lines += record.violations.prefix(20).map { "- \(MarkdownText.text(CaseText.clip($0, to: 400)))" }
        if let note = record.note { lines += ["", "Note: " + MarkdownText.text(CaseText.clip(note, to: 1_000))] }
        if !record.values.isEmpty {
            lines += ["", "Row: \(MarkdownText.code(CaseText.clip(CaseText.values(record.values), to: 2_000)))"]
        }
        lines += code(record.fixture, record.curl)
        if let minimal = record.minimal {
            lines += [
                "",
                "**Minimal case**, after \(ReportText.count(minimal.attempts, "row")): "
                    + (minimal.values.isEmpty
                        ? "all defaults" : MarkdownText.code(CaseText.clip(CaseText.values(minimal.values), to: 1_000))),
                "",
            ]
            lines += table(minimal.differences)
            lines += code(minimal.fixture, minimal.curl)
        }
        return lines + ["", "</details>"]
    }

    private static func table(_ differences: [CaseDifference]) -> [String] {
        guard !differences.isEmpty else { return [] }
        var lines = ["| answer | path | kind | legacy | candidate | rules |", "| --- | --- | --- | --- | --- | --- |"]
        lines += differences.prefix(20).map { difference in
            "| \(MarkdownSummary.cell(difference.answer)) | \(MarkdownText.codeCell(CaseText.clip(difference.path, to: 300))) "
                + "| \(MarkdownSummary.cell(difference.kind))\(difference.critical ? ", critical" : "") | \(value(difference.legacy)) "
                + "| \(value(difference.candidate)) | \(difference.expected.map { value($0) } ?? "") |"
        }
        if differences.count > 20 { lines += ["", "… and \(differences.count - 20) more."] }
        return lines + [""]
    }

    private static func code(_ fixture: String?, _ curl: [String]) -> [String] {
        let text = ([fixture].compactMap(\.self) + curl.prefix(4)).map { ReportText.visible(CaseText.clip($0, to: 4_000)) }
            .joined(separator: "\n")
        guard !text.isEmpty else { return [] }
        let fence = MarkdownText.fence(around: text)
        return ["", fence, text, fence]
    }

    private static func value(_ text: String?) -> String {
        guard let text else { return "*absent*" }
        return MarkdownText.codeCell(CaseText.clip(text, to: 400))
    }
}
