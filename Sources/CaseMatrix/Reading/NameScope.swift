import RuleFiles

/// The names that a place of the file can use: parameters, the variables before it, a call's arguments, and `case`.
struct NameScope {
    static let id = "case"

    let parameters: [SuiteParameter]
    var variables: [SuiteVariable] = []
    /// Of the call that is being read.
    var arguments: [String: TextTemplate] = [:]

    enum Kind {
        case number, date, text
    }

    func reference(_ name: String) -> NameReference? {
        if let index = parameters.firstIndex(where: { $0.name == name }) { return .parameter(index) }
        if let index = variables.firstIndex(where: { $0.name == name }) { return .variable(index) }
        return name == Self.id ? .id : nil
    }

    func kind(_ reference: NameReference) -> Kind {
        switch reference {
        case .parameter(let index): parameters[index].isWhole ? .number : .text
        case .variable(let index):
            switch variables[index].kind {
            case .amount: .number
            case .date: .date
            case .text, .choice: .text
            }
        case .id: .text
        }
    }

    var names: [String] { arguments.keys.sorted() + parameters.map(\.name) + variables.map(\.name) + [Self.id] }

    /// Its values, in order, as the file writes them.
    func values(_ chooser: Chooser) -> [String] {
        switch chooser {
        case .parameter(let index): parameters[index].texts
        case .variable(let index): variables[index].choices
        }
    }

    /// What has a closed set of values; nil after a complaint.
    func chooser(_ name: String, complain: (String) -> Void) -> Chooser? {
        switch reference(name) {
        case .parameter(let index): return .parameter(index)
        case .variable(let index) where variables[index].kind == .choice: return .variable(index)
        case .variable, .id: complain("`\(name)` has no closed set of values; a parameter or a variable of kind choice is needed")
        case nil:
            let names = parameters.map(\.name) + variables.filter { $0.kind == .choice }.map(\.name)
            complain(
                "there is no parameter or choice `\(name)`" + Self.hint(name, names))
        }
        return nil
    }

    static func hint(_ word: String, _ names: [String]) -> String {
        let suggestion = YAMLValue.suggestion(word, names)
        return suggestion.isEmpty ? "; allowed are \(YAMLValue.list(names))" : suggestion
    }
}
