import RuleFiles

/// A call of the suite with a step's arguments worked in.
struct CallTemplate: Sendable {
    enum Body: Sendable {
        case text(TextTemplate)
        case tree(TreeTemplate)
    }

    let label: String
    let operation: String
    let method: String
    let path: TextTemplate
    let headers: [(name: String, value: TextTemplate)]
    let body: Body?
    let condition: Condition?
    /// Of the step, for complaints.
    let place: SourcePlace

    /// Nil where the row does not make the call.
    func call(_ values: RowValues) throws(ConfigurationError) -> CaseCall? {
        guard condition?.holds(values) ?? true else { return nil }
        var written: [CaseHeader] = []
        for header in headers { written.append(CaseHeader(header.name, try header.value.text(values))) }
        var text: String?
        switch body {
        case nil: break
        case .text(let template): text = try template.text(values)
        case .tree(let tree):
            var line = ""
            if try tree.append(values, to: &line) { text = line }
        }
        return CaseCall(
            label: label, operation: operation, method: method, path: try path.text(values), headers: written, body: text)
    }
}

/// Calls that are sent at the same time.
struct StepTemplate: Sendable {
    let condition: Condition?
    let calls: [CallTemplate]
}
