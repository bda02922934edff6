import CaseDesign
import RuleFiles

/// Turns rows into plans; everything that a row needs is compiled here.
struct CasePlanner: Sendable {
    let path: String
    let parameters: [SuiteParameter]
    let variables: [VariableDefinition]
    /// The row's own account first, then its witnesses.
    let fixture: [TreeTemplate]
    let steps: [StepTemplate]
    let readBack: [CallTemplate]

    private var parameterValues: [[VariableValue]] { parameters.map(\.values) }

    func plan(_ row: CaseRow, id: String, overriding: [String: String]) throws(ConfigurationError) -> CasePlan {
        let values = try values(row, id: id, overriding: overriding)
        var lines: [String] = []
        for tree in fixture {
            var line = ""
            if try tree.append(values, to: &line) { lines.append(line) }
        }
        var labels: Set<String> = []
        var planned: [CaseStep] = []
        for step in steps where step.condition?.holds(values) ?? true {
            let calls = try calls(step.calls, values, &labels)
            if !calls.isEmpty { planned.append(CaseStep(calls: calls)) }
        }
        return CasePlan(
            id: id, dimensions: parameters.map(\.name),
            choices: zip(parameters, row.values).map { $0.texts[$1] },
            fixture: lines.joined(separator: "\n"), steps: planned, readBack: try calls(readBack, values, &labels))
    }

    func values(_ row: CaseRow, id: String, overriding: [String: String]) throws(ConfigurationError) -> RowValues {
        try check(row, id)
        let overrides = try overrides(overriding)
        var values = RowValues(parameters: parameterValues, row: row.values, id: id)
        values.variables.reserveCapacity(variables.count)
        for definition in variables {
            if let override = overrides[definition.variable.name] {
                values.variables.append(override)
            } else {
                values.variables.append(try definition.value(values))
            }
        }
        return values
    }

    private func calls(
        _ templates: [CallTemplate], _ values: RowValues, _ labels: inout Set<String>
    ) throws(ConfigurationError) -> [CaseCall] {
        var calls: [CaseCall] = []
        for template in templates {
            guard let call = try template.call(values) else { continue }
            guard labels.insert(call.label).inserted else {
                throw template.place.complaint(
                    "two answers of case \(values.id) are called `\(call.label)`; give one of them another name with `as`")
            }
            calls.append(call)
        }
        return calls
    }

    private func check(_ row: CaseRow, _ id: String) throws(ConfigurationError) {
        let letters = id.utf8.allSatisfy { byte in
            byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "-")
        }
        guard letters, (1...40).contains(id.utf8.count) else {
            throw refusal("the case `\(id)` must be called by 1 … 40 letters, digits or `-`")
        }
        guard row.values.count == parameters.count, zip(row.values, parameters).allSatisfy({ $1.values.indices.contains($0) })
        else { throw refusal("the row \(row.values) does not fit the suite's \(parameters.count) parameters") }
    }

    private func overrides(_ texts: [String: String]) throws(ConfigurationError) -> [String: VariableValue] {
        var values: [String: VariableValue] = [:]
        for (name, text) in texts {
            let free = variables.map(\.variable).filter { $0.kind == .amount || $0.kind == .date }
            guard let variable = free.first(where: { $0.name == name }) else {
                throw refusal(
                    "`\(name)` can't be overridden; variables of kind amount or date are \(YAMLValue.list(free.map(\.name)))")
            }
            guard let value = variable.kind.value(text) else {
                throw refusal("`\(name)` can't be overridden by `\(text)`; \(variable.kind.expected) is needed")
            }
            values[name] = value
        }
        return values
    }

    private func refusal(_ message: String) -> ConfigurationError {
        SourcePlace(file: path, line: 0, column: 0, key: "").complaint(message)
    }
}

/// A parameter of the model, as templates see it.
struct SuiteParameter: Sendable {
    let name: String
    let texts: [String]
    /// Numbers, `true`, `false` and `null` keep their type alone in a scalar.
    let values: [VariableValue]

    init(name: String, texts: [String]) {
        self.name = name
        self.texts = texts
        values = texts.map { JSONLine.isLiteral($0) ? .literal($0) : .text($0) }
    }

    /// Whether all values are whole numbers, so that sums can be made of them.
    var isWhole: Bool { texts.allSatisfy { WholeNumber.read($0) != nil } }
}
