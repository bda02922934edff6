import Foundation
import RuleFiles

extension CaseTable {
    /// Reads any of the formats back: JSON from its `[`, a table from its `|`, else tabs or commas under a header.
    ///
    /// Columns may stand in any order; each parameter needs one. A value is named by any of its names.
    public static func rows(_ text: String, of model: CaseModel, named file: String) throws(CaseDesignError) -> [CaseRow] {
        let lines = try CaseTableReader.cells(text, of: model, file: file)
        guard let header = lines.first else { throw CaseDesignError(.syntax, "the file holds no rows", file: file) }
        var columns: [Int] = []
        for parameter in model.parameters {
            guard let column = header.cells.firstIndex(where: { CaseText.equal($0, parameter.name) }) else {
                throw CaseDesignError(
                    .syntax,
                    "there is no column for `\(parameter.name)`"
                        + CaseText.suggestion(parameter.name, header.cells), file: file, line: header.line, column: 1)
            }
            columns.append(column)
        }
        var rows: [CaseRow] = []
        for line in lines.dropFirst() {
            guard line.cells.count == header.cells.count else {
                throw CaseDesignError(
                    .syntax, "the row has \(line.cells.count) values, the header \(header.cells.count)", file: file,
                    line: line.line, column: 1)
            }
            var row: [Int] = []
            for (parameter, column) in zip(model.parameters, columns) {
                guard let value = parameter.index(of: line.cells[column]) else {
                    throw CaseDesignError(
                        .syntax,
                        "`\(parameter.name)` has no value `\(line.cells[column])`"
                            + CaseText.suggestion(line.cells[column], parameter.values.map(\.name)), file: file,
                        line: line.line, column: 1)
                }
                row.append(value)
            }
            rows.append(CaseRow(row))
        }
        return rows
    }
}

/// From text to cells, with the line on which each row starts.
private enum CaseTableReader {
    struct Line {
        var line: Int
        var cells: [String]
    }

    static func cells(_ text: String, of model: CaseModel, file: String) throws(CaseDesignError) -> [Line] {
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        let start = text.first { !$0.isWhitespace }
        if start == "[" { return try json(text, of: model, file: file) }
        let plain = text.replacing("\r\n", with: "\n")
        if start == "|" { return markdown(plain) }
        let header = plain.prefix { $0 != "\n" }
        return header.contains("\t") || !header.contains(",") ? tabbed(plain) : try commas(plain, file: file)
    }

    private static func tabbed(_ text: String) -> [Line] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            line.isEmpty
                ? nil
                : Line(
                    line: number + 1, cells: line.split(separator: "\t", omittingEmptySubsequences: false).map(\.trimmingBlanks))
        }
    }

    private static func markdown(_ text: String) -> [Line] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            guard line.trimmingBlanks.hasPrefix("|"), number != 1 else { return nil }
            var cells: [String] = []
            var cell = ""
            var isEscaped = false
            for character in line.trimmingBlanks.dropFirst() {
                if isEscaped {
                    cell.append(character)
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "|" {
                    cells.append(cell.trimmingBlanks)
                    cell = ""
                } else {
                    cell.append(character)
                }
            }
            return Line(line: number + 1, cells: cells)
        }
    }

    private static func commas(_ text: String, file: String) throws(CaseDesignError) -> [Line] {
        var lines: [Line] = []
        var cells: [String] = []
        var cell = ""
        var (isQuoted, wasQuoted) = (false, false)
        var (line, first) = (1, 1)
        let characters = Array(text + (text.hasSuffix("\n") ? "" : "\n"))
        var index = 0
        while index < characters.count {
            let character = characters[index]
            index += 1
            if isQuoted {
                if character != "\"" {
                    cell.append(character)
                } else if index < characters.count, characters[index] == "\"" {
                    cell.append("\"")
                    index += 1
                } else {
                    isQuoted = false
                }
            } else if character == "\"", cell.isEmpty, !wasQuoted {
                (isQuoted, wasQuoted) = (true, true)
            } else if character == "," || character == "\n" {
                cells.append(wasQuoted ? cell : cell.trimmingBlanks)
                (cell, wasQuoted) = ("", false)
                if character == "\n" {
                    if cells != [""] { lines.append(Line(line: first, cells: cells)) }
                    cells = []
                    first = line + 1
                }
            } else {
                cell.append(character)
            }
            if character == "\n" { line += 1 }
        }
        if isQuoted {
            throw CaseDesignError(.syntax, "a quotation mark in this row is never closed", file: file, line: first, column: 1)
        }
        return lines
    }

    private static func json(_ text: String, of model: CaseModel, file: String) throws(CaseDesignError) -> [Line] {
        let objects: [[String: String]]
        do {
            objects = try JSONDecoder().decode([[String: String]].self, from: Data(text.utf8))
        } catch {
            throw CaseDesignError(
                .syntax, "this is not a JSON array of objects from parameters to texts", file: file, line: 1, column: 1)
        }
        let names = model.parameters.map(\.name)
        var lines = [Line(line: 1, cells: names)]
        for (number, object) in objects.enumerated() {
            if let missing = names.first(where: { object[$0] == nil }) {
                throw CaseDesignError(.syntax, "row \(number + 1) has no `\(missing)`", file: file, line: 1, column: 1)
            }
            lines.append(Line(line: 1, cells: names.map { object[$0, default: ""] }))
        }
        return lines
    }
}
