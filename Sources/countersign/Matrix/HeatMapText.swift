import RunRecords

/// A heat map in characters: the share of failing rows in each cell.
struct HeatMapText {
    let map: HeatMap
    let screen: Screen
    private static let valueMax = 14

    /// Lines; rows and columns without failures are left out.
    func lines() -> [String] {
        let down = map.downValues.indices.filter { row in map.cells[row].contains { $0.mismatched > 0 } }
        let across = map.acrossValues.indices.filter { column in map.cells.contains { $0[column].mismatched > 0 } }
        guard !down.isEmpty, !across.isEmpty else { return [] }
        let labels = down.map { cut(map.downValues[$0]) }
        let margin = max(labels.map(\.count).max() ?? 0, 4)
        let widths = across.map { max(4, cut(map.acrossValues[$0]).count) }
        var lines = [
            screen.paint("\(map.down) ↓ × \(map.across) → (share of rows that fail)", .soft),
            pad("", margin) + zip(across, widths).map { "  " + left(cut(map.acrossValues[$0]), $1) }.joined(),
        ]
        for (label, row) in zip(labels, down) {
            let cells = zip(across, widths).map { column, width in
                let cell = map.cells[row][column]
                let text = left(share(cell), width)
                return "  " + (cell.mismatched > 0 ? screen.paint(text, .bad) : text)
            }
            lines.append(pad(label, margin) + cells.joined())
        }
        return lines
    }

    private func share(_ cell: HeatMap.Cell) -> String {
        if cell.compared == 0 { return "·" }
        if cell.mismatched == 0 { return "0" }
        return "\(max(1, cell.mismatched * 100 / cell.compared))%"
    }

    private func cut(_ text: String) -> String { text.count <= Self.valueMax ? text : text.prefix(Self.valueMax - 1) + "…" }
    private func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
    private func left(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
}
