package import RuleFiles
import Yams

extension CaseModel {
    /// The model's part of a suite file.
    ///
    /// `parameters` is a mapping of lists, in order; `constraints` a text in PICT's constraint language; `seeds` a list of
    /// mappings, partial ones too. Whatever is wrong is added to the values' list of problems, and the result is nil.
    package init?(parameters: YAMLValue, constraints: YAMLValue? = nil, seeds: YAMLValue? = nil) {
        let before = parameters.problems.list.count
        let list = Self.parameters(parameters)
        self.init(parameters: list)
        guard parameters.problems.list.count == before else { return nil }
        if let constraints, let text = constraints.text("constraints, as `IF [a] = \"x\" THEN [b] <> 0;`") {
            readConstraints(text, at: constraints)
        }
        if let seeds { self.seeds = Self.seeds(seeds, of: list) }
        guard parameters.problems.list.count == before else { return nil }
    }

    private static func parameters(_ value: YAMLValue) -> [CaseParameter] {
        guard case .mapping(let mapping) = value.node else {
            value.complain("a mapping is expected with a list of values for each parameter")
            return []
        }
        var list: [CaseParameter] = []
        for (key, node) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty else {
                value.problems.add("a parameter's name is expected", at: key.mark, key: value.key)
                continue
            }
            if list.contains(where: { CaseText.equal($0.name, name) }) {
                value.problems.add("the parameter `\(name)` stands twice", at: key.mark, key: value.key)
            }
            let entry = YAMLValue(node: node, key: "\(value.key).\(name)", problems: value.problems)
            list.append(CaseParameter(name: name, values: values(entry)))
        }
        if list.isEmpty { value.complain("at least one parameter is expected") }
        return list
    }

    private static func values(_ entry: YAMLValue) -> [CaseValue] {
        guard let elements = entry.elements() else { return [] }
        if elements.isEmpty { entry.complain("a parameter needs at least one value") }
        if elements.count > CaseGenerator.valuesMax {
            entry.complain("\(elements.count) values are given; \(CaseGenerator.valuesMax) are the most")
        }
        var values: [CaseValue] = []
        for element in elements {
            guard let text = element.text("a value") else { continue }
            let isNegative = text.hasPrefix("~") && text.count > 1
            let name = isNegative ? String(text.dropFirst()) : text
            if values.contains(where: { CaseText.equal($0.name, name) }) {
                element.complain("the value `\(name)` stands twice")
            }
            values.append(CaseValue(name, isNegative: isNegative))
        }
        return values
    }

    private mutating func readConstraints(_ text: String, at value: YAMLValue) {
        do throws(CaseDesignError) {
            // A block's text starts on the line after its `|`; a scalar on one line starts in its own.
            let isBlock = text.contains("\n")
            let mark = value.node.mark?.line ?? 0
            let result = try ConstraintParser.parse(
                text, parameters: parameters, firstLine: isBlock ? mark + 1 : mark, file: value.problems.file)
            constraints = result.constraints
            warnings = result.warnings
        } catch {
            let column = error.column + Self.margin(of: value, line: error.line)
            value.problems.add(error.message, line: error.line, column: column, key: value.key)
        }
    }

    /// How far a block stands from the left edge: YAML takes that away, so the file is asked again, if it is one.
    private static func margin(of value: YAMLValue, line: Int) -> Int {
        guard let mark = value.node.mark else { return 0 }
        if line == mark.line, case .scalar(let scalar) = value.node {
            let isQuoted = scalar.style == .doubleQuoted || scalar.style == .singleQuoted
            return mark.column - (isQuoted ? 0 : 1)
        }
        guard let text = try? ConfigurationText.read(value.problems.file) else { return 0 }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(mark.line)
        let first = lines.first { !$0.trimmingBlanks.isEmpty }
        return first?.prefix { $0 == " " }.count ?? 0
    }

    private static func seeds(_ value: YAMLValue, of parameters: [CaseParameter]) -> [[Int?]] {
        (value.elements() ?? []).compactMap { element in
            guard case .mapping(let mapping) = element.node else {
                element.complain("a mapping is expected from parameters to values")
                return nil
            }
            var row = [Int?](repeating: nil, count: parameters.count)
            for (key, node) in mapping {
                let name = key.scalar?.string ?? ""
                guard let index = parameters.firstIndex(where: { CaseText.equal($0.name, name) }) else {
                    element.problems.add(
                        "there is no parameter `\(name)`" + CaseText.suggestion(name, parameters.map(\.name)), at: key.mark,
                        key: element.key)
                    continue
                }
                let entry = YAMLValue(node: node, key: "\(element.key).\(name)", problems: element.problems)
                guard let text = entry.text("a value of `\(name)`") else { continue }
                row[index] = parameters[index].index(of: text)
                if row[index] == nil {
                    entry.complain(
                        "`\(name)` has no value `\(text)`" + CaseText.suggestion(text, parameters[index].values.map(\.name)))
                }
            }
            return row
        }
    }
}
