import RuleFiles

/// Everything that a row's templates can name: its parameters' values, its variables', and the case's id.
struct RowValues {
    let parameters: [[VariableValue]]
    /// For each parameter the index of its value.
    let row: [Int]
    let id: String
    /// Filled in the file's order; a variable sees those before it.
    var variables: [VariableValue] = []

    func value(_ name: NameReference) -> VariableValue {
        switch name {
        case .parameter(let index): parameters[index][row[index]]
        case .variable(let index): variables[index]
        case .id: .text(id)
        }
    }

    /// The index of the chooser's value among its values.
    func choice(_ chooser: Chooser) -> Int {
        switch chooser {
        case .parameter(let index): return row[index]
        case .variable(let index):
            guard case .choice(let choice, _) = variables[index] else { preconditionFailure("the reader takes only choices") }
            return choice
        }
    }
}

enum NameReference: Sendable, Hashable {
    case parameter(Int)
    case variable(Int)
    case id
}

/// What has a closed set of values: a parameter, or a variable of kind choice.
enum Chooser: Sendable, Hashable {
    case parameter(Int)
    case variable(Int)
}

/// `when`: any of the alternatives, each of which asks for all of its parts.
struct Condition: Sendable {
    struct Part: Sendable {
        let chooser: Chooser
        /// For each value of the chooser whether it is asked for.
        let allowed: [Bool]
    }

    let alternatives: [[Part]]

    func holds(_ values: RowValues) -> Bool {
        alternatives.contains { parts in parts.allSatisfy { $0.allowed[values.choice($0.chooser)] } }
    }
}

/// Where something stands in a suite file, for complaints that only a row can raise.
struct SourcePlace: Sendable, Hashable {
    let file: String
    let line: Int
    let column: Int
    let key: String

    func complaint(_ message: String) -> ConfigurationError {
        ConfigurationError(problems: [ConfigurationProblem(file: file, line: line, column: column, key: key, message: message)])
    }
}
