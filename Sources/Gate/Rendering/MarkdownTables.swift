import Reports
import RunRecords

/// A run's tables in Markdown.
enum MarkdownTables {
    static func operations(_ run: RunRecord) -> [String] {
        guard !run.operations.isEmpty else { return [] }
        return [
            "", "## Operations of \(MarkdownText.text(run.title))", "",
            "| operation | compared | mismatched | critical | errors |", "| --- | ---: | ---: | ---: | ---: |",
        ]
            + run.operations.sorted { $0.mismatched > $1.mismatched }.prefix(200).map {
                "| \(MarkdownSummary.cell($0.name)) | \($0.compared) | \($0.mismatched) | \($0.critical) | \($0.errors) |"
            }
    }

    static func faults(_ run: RunRecord) -> [String] {
        guard !run.faults.isEmpty else { return [] }
        return [
            "", "## Seeded faults", "", MarkdownText.text(GateText.proof(run.faults)), "",
            "| fault | policy | seen | by row | by comparison |", "| --- | --- | --- | --- | --- |",
        ]
            + run.faults.sorted { !$0.killed && $1.killed }.prefix(500).map { fault in
                "| \(MarkdownSummary.cell(fault.name)) | \(MarkdownSummary.cell(fault.policy)) | \(fault.killed ? "yes" : "**no**") "
                    + "| \(MarkdownSummary.cell(fault.byRow ?? "")) | \(MarkdownSummary.cell(fault.byComparison ?? "")) |"
            }
    }

    static func heatMap(_ map: HeatMap, of run: RunRecord) -> [String] {
        guard map.cells.flatMap(\.self).contains(where: { $0.mismatched > 0 }) else { return [] }
        var lines = [
            "", "### \(MarkdownText.text(map.down)) × \(MarkdownText.text(map.across)), \(MarkdownText.text(run.title))", "",
            "| | " + map.acrossValues.map { MarkdownSummary.cell($0) }.joined(separator: " | ") + " |",
            "| --- |" + String(repeating: " ---: |", count: map.acrossValues.count),
        ]
        for (value, cells) in zip(map.downValues, map.cells) {
            lines.append(
                "| \(MarkdownSummary.cell(value)) | "
                    + cells.map { $0.compared == 0 ? "·" : $0.mismatched == 0 ? "0" : "**\($0.mismatched)/\($0.compared)**" }
                    .joined(separator: " | ") + " |")
        }
        return lines
    }
}
