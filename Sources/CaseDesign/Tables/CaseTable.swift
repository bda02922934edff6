/// Rows as text: what `countersign matrix generate` writes and `matrix check` reads.
public enum CaseTable {
    public enum Format: String, Sendable, CaseIterable {
        /// A Markdown table, in columns.
        case table
        /// RFC 4180, with a header.
        case csv
        /// An array of objects from parameter to value, all texts.
        case json
        /// As PICT writes it: a header and rows, separated by tabs.
        case pict
    }

    /// A value with several names shows them in turn. `~` before a negative value is written in tables and PICT's format.
    public static func text(_ rows: [CaseRow], of model: CaseModel, as format: Format) -> String {
        let names = model.parameters.map(\.name)
        let marks = format == .table || format == .pict
        var uses = model.parameters.map { [Int](repeating: 0, count: $0.values.count) }
        let lines = rows.map { row in
            row.values.indices.map { parameter in
                let index = row.values[parameter]
                let value = model.parameters[parameter].values[index]
                defer { uses[parameter][index] += 1 }
                return (marks && value.isNegative ? "~" : "") + value.names[uses[parameter][index] % value.names.count]
            }
        }
        switch format {
        case .pict:
            return ([names] + lines).map { $0.joined(separator: "\t") + "\n" }.joined()
        case .csv:
            return ([names] + lines).map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
        case .json:
            let objects = lines.map { line in
                "  {" + zip(names, line).map { "\(json($0)): \(json($1))" }.joined(separator: ", ") + "}"
            }
            return objects.isEmpty ? "[]\n" : "[\n" + objects.joined(separator: ",\n") + "\n]\n"
        case .table:
            return markdown(names, lines)
        }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = !text.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) } && text.trimmingBlanks == text
        return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func markdown(_ names: [String], _ lines: [[String]]) -> String {
        let cells = ([names] + lines).map { $0.map { $0.replacing("\\", with: "\\\\").replacing("|", with: "\\|") } }
        let widths = names.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            "| "
                + zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: " | ")
                + " |\n"
        }
        let rule = widths.map { String(repeating: "-", count: max($0, 1)) }
        return line(cells[0]) + line(rule) + cells.dropFirst().map(line).joined()
    }
}
