import RuleFiles

/// How a variable's value is worked out.
indirect enum VariableSource: Sendable {
    case constant(VariableValue)
    case template(TextTemplate)
    /// One for each value of the chooser.
    case table(Chooser, [VariableSource])
    /// The first whose condition holds; the last has none.
    case cases([(condition: Condition?, source: VariableSource)])
}

/// A variable as it is computed for each row.
struct VariableDefinition: Sendable {
    let variable: SuiteVariable
    let source: VariableSource
    let place: SourcePlace

    func value(_ values: RowValues) throws(ConfigurationError) -> VariableValue { try value(source, values) }

    private func value(_ source: VariableSource, _ values: RowValues) throws(ConfigurationError) -> VariableValue {
        switch source {
        case .constant(let value): return value
        case .table(let chooser, let sources): return try value(sources[values.choice(chooser)], values)
        case .cases(let cases):
            for (condition, source) in cases where condition?.holds(values) ?? true { return try value(source, values) }
            throw place.complaint("no case holds for this row")
        case .template(let template): return try read(template.value(values))
        }
    }

    /// A template's value as one of the variable's kind.
    private func read(_ value: VariableValue) throws(ConfigurationError) -> VariableValue {
        switch (variable.kind, value) {
        case (.amount, .amount), (.date, .date): return value
        default:
            guard let read = variable.kind.value(value.text) else {
                throw place.complaint(
                    "`\(variable.name)` becomes `\(value.text)` for this row; \(variable.kind.expected) is needed")
            }
            return read
        }
    }
}
