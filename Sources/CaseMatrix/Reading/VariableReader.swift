import RuleFiles

/// Reads one variable; those before it are in the reader's scope.
struct VariableReader {
    let reader: TemplateReader
    let name: String
    let kind: SuiteVariable.Kind
    /// Of a choice, the texts that stand in it, in the file's order.
    private(set) var choices: [String] = []

    static func read(_ item: SuiteSource.Named, _ reader: TemplateReader) -> VariableDefinition? {
        guard let section = item.value.section(SuiteKeys.variable),
            let name = section["name"]?.identifier("a variable's name"),
            let kind = section.required("kind", "one of `choice`, `amount`, `date`, `text`")?
                .choice(SuiteVariable.Kind.allCases)
        else { return nil }
        guard reader.scope.reference(name) == nil else {
            section["name"]?.complain("`\(name)` is already a parameter, a variable or the case's id")
            return nil
        }
        var own = VariableReader(reader: reader, name: name, kind: kind)
        guard let source = own.source(section) else { return nil }
        return VariableDefinition(
            variable: SuiteVariable(name: name, kind: kind, choices: own.choices), source: source, place: item.value.place)
    }

    private init(reader: TemplateReader, name: String, kind: SuiteVariable.Kind) {
        self.reader = reader
        self.name = name
        self.kind = kind
    }

    private mutating func source(_ section: YAMLSection) -> VariableSource? {
        let written = ["value", "by", "cases"].filter { section[$0] != nil }
        guard written.count == 1 else {
            section.itself.complain("exactly one of `value`, `by` (with `of`) and `cases` says where the value comes from")
            return nil
        }
        if section["by"] == nil, let table = section["of"] { table.complain("`of` goes with `by`") }
        if let value = section["value"] { return leaf(value) }
        if let list = section["cases"] { return cases(list) }
        guard let by = section["by"], let table = section.required("of", "an entry for each value") else { return nil }
        // The entries are read in turn by this reader, which gathers their texts.
        var gathering = self
        let read = reader.table(by: by, of: table) { gathering.entry($0) }
        self = gathering
        return read.map { .table($0.chooser, $0.entries) }
    }

    private mutating func cases(_ list: YAMLValue) -> VariableSource? {
        guard let elements = list.elements() else { return nil }
        var cases: [(condition: Condition?, source: VariableSource)] = []
        for (number, element) in elements.enumerated() {
            guard let section = element.section(SuiteKeys.variableCase) else { return nil }
            let isLast = number == elements.count - 1
            if isLast != (section["when"] == nil) {
                element.complain(
                    isLast
                        ? "the last case holds for all other rows: it has no `when`"
                        : "`when` is missing: only the last case has none")
                return nil
            }
            let condition = section["when"].flatMap { reader.condition($0) }
            guard isLast || condition != nil, let source = source(section) else { return nil }
            cases.append((condition, source))
        }
        if cases.isEmpty {
            list.complain("at least one case is needed")
            return nil
        }
        return .cases(cases)
    }

    /// A text, or a further table or list of cases.
    private mutating func entry(_ value: YAMLValue) -> VariableSource? {
        guard value.isMapping else { return leaf(value) }
        return value.section(SuiteKeys.source).flatMap { source($0) }
    }

    private mutating func leaf(_ value: YAMLValue) -> VariableSource? {
        guard let template = reader.template(value, kind.expected) else { return nil }
        guard let literal = template.literal else {
            guard kind != .choice else {
                value.complain("found `${…}`; what a choice can be must be known beforehand, so that texts alone stand here")
                return nil
            }
            return .template(template)
        }
        if kind == .choice {
            let index = choices.firstIndex(of: literal) ?? choices.count
            if index == choices.count { choices.append(literal) }
            return .constant(.choice(index, literal))
        }
        guard let constant = kind.value(literal) else {
            value.complain("found `\(literal)`; \(kind.expected) is expected")
            return nil
        }
        return .constant(constant)
    }
}
