import RuleFiles

/// A PICT model file: parameters, then constraints. Its meaning is PICT's (doc/pict.md there), but what PICT only warns of and
/// then ignores (an unknown parameter, a text held against a number) is an error here. Sub-models are refused.
struct PictReader {
    private let file: String
    private var parameters: [CaseParameter] = []

    static func read(_ text: String, named file: String) throws(CaseDesignError) -> CaseModel {
        var reader = PictReader(file: file)
        return try reader.model(text)
    }

    private init(file: String) { self.file = file }

    private mutating func model(_ text: String) throws(CaseDesignError) -> CaseModel {
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            .split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let content = line.trimmingBlanks
            if content.isEmpty || content.hasPrefix("#") { continue }
            let indent = line.unicodeScalars.prefix { $0.properties.isWhitespace }.count
            if content.hasPrefix("{") {
                throw error("sub-models are not read: give all parameters one strength", index, indent)
            }
            if Self.startsConstraint(content) {
                let rest = lines[index...].joined(separator: "\n")
                try requireParameters(index)
                let result = try ConstraintParser.parse(rest, parameters: parameters, firstLine: index + 1, file: file)
                return CaseModel(parameters: parameters, constraints: result.constraints, warnings: result.warnings)
            }
            try parameter(line, index)
        }
        try requireParameters(0)
        return CaseModel(parameters: parameters)
    }

    private func requireParameters(_ line: Int) throws(CaseDesignError) {
        if parameters.isEmpty {
            throw error("there is no parameter before this; write one a line, as `Name: value, value`", line, 0)
        }
    }

    /// `IF [`, `[`, `(`, `NOT [` … begin the constraints, unless the line reads as `Name: values`.
    private static func startsConstraint(_ line: String) -> Bool {
        if line.hasPrefix("[") || line.hasPrefix("(") { return true }
        guard let word = line.split(whereSeparator: { !$0.isLetter }).first else { return false }
        guard ["IF", "NOT"].contains(word.uppercased()), line.hasPrefix(word) else { return false }
        guard let colon = line.firstIndex(of: ":") else { return true }
        return line[..<colon].contains("[")
    }

    // MARK: Parameters

    private mutating func parameter(_ line: Substring, _ number: Int) throws(CaseDesignError) {
        guard let colon = line.firstIndex(of: ":") else {
            throw error("found `\(line.trimmingBlanks)`; `Name: value, value` is expected, or a constraint", number, indent(line))
        }
        let name = line[..<colon].trimmingBlanks
        if name.isEmpty { throw error("the parameter before `:` has no name", number, indent(line)) }
        if parameters.contains(where: { CaseText.equal($0.name, name) }) {
            throw error("the parameter `\(name)` stands twice", number, indent(line))
        }
        var values: [CaseValue] = []
        var offset = line.unicodeScalars.distance(from: line.startIndex, to: colon) + 1
        for part in line[line.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false) {
            let place = offset + indent(part)
            offset += part.unicodeScalars.count + 1
            for value in try value(part.trimmingBlanks, of: name, number, place) {
                if values.contains(where: { old in
                    old.names.contains { name in value.names.contains { CaseText.equal($0, name) } }
                }) {
                    throw error("the value `\(value.name)` of `\(name)` stands twice", number, place)
                }
                values.append(value)
            }
        }
        if values.count > CaseGenerator.valuesMax {
            throw error("`\(name)` has \(values.count) values; \(CaseGenerator.valuesMax) are the most", number, indent(line))
        }
        parameters.append(CaseParameter(name: name, values: values))
    }

    /// `name`, `~name`, `name | alias (weight)`, or `<Other>` for all values of another parameter.
    private func value(
        _ text: String, of parameter: String, _ line: Int, _ column: Int
    ) throws(CaseDesignError) -> [CaseValue] {
        if text.hasPrefix("<"), text.hasSuffix(">") {
            let name = text.dropFirst().dropLast().trimmingBlanks
            guard let other = parameters.first(where: { CaseText.equal($0.name, name) }) else {
                throw error(
                    "there is no parameter `\(name)` above `\(parameter)`" + CaseText.suggestion(name, parameters.map(\.name)),
                    line, column)
            }
            return other.values
        }
        var (rest, weight) = try weighted(text, line, column)
        let isNegative = rest.hasPrefix("~")
        if isNegative { rest = rest.dropFirst().trimmingBlanks }
        let names = rest.split(separator: "|", omittingEmptySubsequences: false).map(\.trimmingBlanks)
        if names.contains("") { throw error("a value of `\(parameter)` is empty", line, column) }
        if let name = names.first(where: { $0.contains("\t") }) {
            throw error("the value `\(name)` holds a tab, which separates columns of the output", line, column)
        }
        return [CaseValue(names[0], aliases: Array(names.dropFirst()), isNegative: isNegative, weight: weight)]
    }

    /// A whole number in parentheses at the end is a weight; other parentheses are part of the name.
    private func weighted(_ text: String, _ line: Int, _ column: Int) throws(CaseDesignError) -> (String, Int) {
        guard text.hasSuffix(")"), let open = text.lastIndex(of: "(") else { return (text, 1) }
        let digits = text[text.index(after: open)...].dropLast().trimmingBlanks
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return (text, 1) }
        guard let weight = Int(digits), (1...1_000_000).contains(weight) else {
            throw error("the weight `(\(digits))` is not from 1 to 1000000", line, column)
        }
        return (text[..<open].trimmingBlanks, weight)
    }

    private func indent(_ text: Substring) -> Int { text.unicodeScalars.prefix { $0.properties.isWhitespace }.count }

    /// From a line's index and a column's index.
    private func error(_ message: String, _ line: Int, _ column: Int) -> CaseDesignError {
        CaseDesignError(.syntax, message, file: file, line: line + 1, column: column + 1)
    }
}

extension CaseModel {
    /// A model of the PICT text given; `named` is the file that an error names.
    public init(pict text: String, named: String) throws(CaseDesignError) { self = try PictReader.read(text, named: named) }
}
