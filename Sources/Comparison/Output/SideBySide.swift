/// Shows differences to a person at a terminal: a line each, in columns, never wider than the terminal.
///
///     ! $.netInterest        value    2329          2330
///     · $.paidOut            missing  0             (absent)
///
/// The sign in front is the severity: `!` critical, `·` major, ` ` minor, `~` forgiven by a rule. Control characters of a body never
/// reach the terminal.
public struct SideBySide: Sendable {
    /// Columns of the terminal; at least 48 are used.
    public var width: Int
    /// Whether to use ANSI colours.
    public var isColoured: Bool

    public init(width: Int = 100, isColoured: Bool = false) {
        self.width = max(48, width)
        self.isColoured = isColoured
    }

    /// The lines, each ended by a newline, with a line of headings first; empty for no differences.
    public func render(
        _ differences: [Difference], primaryTitle: String = "primary", shadowTitle: String = "shadow"
    ) -> String {
        if differences.isEmpty { return "" }
        let rows = differences.map { difference in
            [
                Self.printable(difference.path), difference.kind.rawValue, difference.primary.map(Self.printable) ?? "(absent)",
                difference.shadow.map(Self.printable) ?? "(absent)",
            ]
        }
        let titles = ["path", "kind", primaryTitle, shadowTitle]
        let widths = columnWidths([titles] + rows)
        var text = "  " + line(titles, widths, tint: .dim) + "\n"
        for (difference, row) in zip(differences, rows) {
            text +=
                paint(Self.sign(difference), Self.tint(difference)) + " " + line(row, widths, tint: Self.tint(difference)) + "\n"
        }
        return text
    }

    private enum Tint: String {
        case red = "\u{1B}[1;31m"
        case yellow = "\u{1B}[33m"
        case green = "\u{1B}[32m"
        case dim = "\u{1B}[2m"
    }

    private static func sign(_ difference: Difference) -> String {
        if difference.tolerated { return "~" }
        switch difference.severity {
        case .critical: return "!"
        case .major: return "·"
        case .minor: return " "
        }
    }

    private static func tint(_ difference: Difference) -> Tint {
        if difference.tolerated { return .dim }
        return difference.severity == .critical ? .red : .yellow
    }

    /// The natural widths, cut so that sign, columns and gaps fit: the path gets at most two fifths, the values share the rest evenly
    /// unless one of them needs less.
    private func columnWidths(_ rows: [[String]]) -> [Int] {
        let natural = (0..<4).map { column in rows.map { Self.columns($0[column]) }.max() ?? 0 }
        let available = width - 2 - 6
        let kind = natural[1]
        let path = min(natural[0], max(12, available * 2 / 5))
        let values = max(8, available - kind - path)
        let primary = min(natural[2], max(values / 2, values - natural[3]))
        return [path, kind, primary, min(natural[3], max(4, values - primary))]
    }

    private func line(_ cells: [String], _ widths: [Int], tint: Tint) -> String {
        let cut = zip(cells, widths).map { Self.fit($0, $1) }
        let head = cut[0] + "  " + cut[1] + "  "
        if tint == .dim { return paint(Self.trimmed(head + cut[2] + "  " + cut[3]), .dim) }
        return head + paint(cut[2], .green) + "  " + paint(Self.trimmed(cut[3]), tint)
    }

    private func paint(_ text: String, _ tint: Tint) -> String { isColoured ? tint.rawValue + text + "\u{1B}[0m" : text }

    /// Exactly `width` columns: cut with `…` or padded.
    private static func fit(_ text: String, _ width: Int) -> String {
        let count = columns(text)
        if count <= width { return text + String(repeating: " ", count: width - count) }
        var kept = ""
        var used = 0
        for character in text {
            let next = columns(String(character))
            if used + next > width - 1 { break }
            kept.append(character)
            used += next
        }
        return kept + "…" + String(repeating: " ", count: width - 1 - used)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }

    /// Columns of a terminal: East Asian wide characters take two.
    private static func columns(_ text: String) -> Int {
        text.reduce(0) { sum, character in
            guard let first = character.unicodeScalars.first?.value else { return sum }
            switch first {
            case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
                0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
                return sum + 2
            default:
                return sum + 1
            }
        }
    }

    /// Control characters (line ends, escapes, those that turn the writing direction) as `\n` or `\u{1b}`.
    static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                default:
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
