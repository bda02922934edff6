import RuleFiles

/// Reads one item of `invariants`.
struct InvariantReader {
    /// Conditions of invariants know the parameters alone: a plan carries their values and no variables.
    let reader: TemplateReader
    /// Every label that a row of the suite can have.
    let labels: Set<String>

    /// Nil after complaints. Labels that an included file names need not exist in this suite; its own must.
    func read(_ item: SuiteSource.Named) -> Invariant? {
        guard let section = item.value.section(SuiteKeys.invariant),
            let holds = section.required("holds", "what must be true, as `$.grossInterest == $.netInterest + $.incomeTax`"),
            let text = holds.text("an expression")
        else { return nil }
        let current = section["for"]?.texts("an answer's name")
        if item.isOwn { for (label, value) in current ?? [] where !labels.contains(label) { value.complain(unknown(label)) } }
        if current == nil, let statuses = section["when-status"] { statuses.complain("`when-status` goes with `for`") }
        var condition: Condition?
        if let when = section["when"] {
            guard let read = reader.condition(when) else { return nil }
            condition = read
        }
        let expression: InvariantExpression
        do throws(InvariantSyntaxError) {
            expression = try InvariantParser.parse(text, hasCurrent: current != nil)
        } catch {
            let rest = String(text.dropFirst(error.offset).prefix(20))
            holds.complain("\(error.reason), " + (rest.isEmpty ? "at the end" : "at `\(rest)`"))
            return nil
        }
        if item.isOwn { for label in expression.labels.sorted() where !labels.contains(label) { holds.complain(unknown(label)) } }
        guard let statuses = section["when-status"].map(statuses) ?? .success else { return nil }
        return Invariant(
            name: item.name, text: text, expression: expression, labels: current?.map(\.text), statuses: statuses,
            condition: condition, parameters: reader.scope.parameters)
    }

    private func unknown(_ label: String) -> String {
        "no answer of this suite is called `\(label)`" + NameScope.hint(label, labels.sorted())
    }

    /// `any`, or a list of status codes.
    private func statuses(_ value: YAMLValue) -> Invariant.Statuses? {
        if value.isScalar, value.text("a status") == "any" { return .any }
        let values = value.isSequence ? value.elements() ?? [] : [value]
        let codes = values.compactMap { $0.integer(in: 100...599) }
        return codes.count == values.count ? .listed(Set(codes)) : nil
    }
}
