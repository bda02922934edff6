import CaseDesign
import Comparison
import Foundation
import RuleFiles

/// From a suite file to a suite: everything that is wrong is gathered before anything is refused.
enum SuiteReader {
    static func read(path: String) throws(ConfigurationError) -> Suite {
        var problems: [Problems] = []
        let source: SuiteSource
        do throws(ConfigurationError) {
            source = try SuiteSource.read(path: path, problems: &problems)
        } catch {
            throw ConfigurationError(problems: list(problems) + error.problems)
        }
        let own = problems.first ?? Problems(file: path)
        let suite = suite(source, path: path, own)
        guard let suite, list(problems).isEmpty else { throw ConfigurationError(problems: list(problems)) }
        return suite
    }

    /// Each complaint once: a call is compiled for each step that makes it.
    private static func list(_ problems: [Problems]) -> [ConfigurationProblem] {
        var seen: Set<ConfigurationProblem> = []
        return problems.flatMap(\.list).filter { seen.insert($0).inserted }
    }

    /// Nil after complaints.
    private static func suite(_ source: SuiteSource, path: String, _ own: Problems) -> Suite? {
        func required(_ key: String, _ what: String) -> YAMLValue? {
            if source[key] == nil { own.add("`\(key)` is missing: \(what)", at: nil, key: "") }
            return source[key]
        }
        let name = required("suite", "what the suite is called")?.text("the suite's name").flatMap {
            checked($0, source["suite"])
        }
        let strength = required("strength", "1 … 4 or `all`").flatMap(strength)
        let fixture = required("fixture", "the account that a row becomes")
        let load = required("load", "how services are given the accounts").flatMap(load)
        guard let parameters = required("parameters", "a list of values for each parameter") else { return nil }
        for member in parameters.members("a list of values for each parameter") ?? [] {
            if !Identifier.isValid(member.name) || member.name == NameScope.id {
                member.complainOfName(
                    "a parameter is called by letters, digits and `_`, a letter first, and not `\(NameScope.id)`")
            }
        }
        guard let model = CaseModel(parameters: parameters, constraints: source["constraints"], seeds: source["seeds"])
        else { return nil }
        let names = model.parameters.map { SuiteParameter(name: $0.name, texts: $0.values.map(\.text)) }
        var reader = TemplateReader(scope: NameScope(parameters: names))
        var variables: [VariableDefinition] = []
        for item in source.variables {
            guard let definition = VariableReader.read(item, reader) else { continue }
            variables.append(definition)
            reader.scope.variables.append(definition.variable)
        }
        let calls = CallReader(reader: reader, definitions: source.calls)
        calls.checkDefinitions()
        let steps = required("steps", "the calls of a row").map { calls.steps($0) } ?? []
        let readBack = source["read-back"].map { calls.readBack($0) } ?? []
        let trees = fixture.map { self.fixture($0, reader) } ?? []
        let labels = Set(steps.flatMap(\.calls).map(\.label) + readBack.map(\.label))
        let invariants = InvariantReader(reader: TemplateReader(scope: NameScope(parameters: names)), labels: labels)
        let rules = rules(source)
        let planner = CasePlanner(
            path: path, parameters: names, variables: variables, fixture: trees, steps: steps, readBack: readBack)
        guard let name, let strength, let load else { return nil }
        return Suite(
            name: name, about: source["about"]?.text("one sentence") ?? "", path: path, model: model, strength: strength,
            nightly: source["nightly"].flatMap(self.strength), seed: UInt64(source["seed"]?.integer(in: 0...Int.max) ?? 1),
            defaults: defaults(source.defaults, model), variables: variables.map(\.variable),
            invariants: source.invariants.compactMap(invariants.read), load: load, settle: source["settle"].flatMap(settle),
            oracle: source["oracle"].map(oracle), products: source["products"].flatMap(file), operationRules: rules.calls,
            plainRules: rules.plain, planner: planner)
    }

    private static func checked(_ name: String, _ value: YAMLValue?) -> String? {
        let isSound = name.utf8.allSatisfy { Identifier.isPart($0) || $0 == UInt8(ascii: "-") } && !name.isEmpty
        if !isSound { value?.complain("found `\(name)`; a suite is called by letters, digits, `_` and `-`") }
        return isSound ? name : nil
    }

    private static func strength(_ value: YAMLValue) -> CaseStrength? {
        guard let text = value.text("1 … 4 or `all`") else { return nil }
        if let strength = CaseStrength(text) { return strength }
        value.complain("found `\(text)`; allowed are 1 … \(CaseStrength.waysMax) and `all`")
        return nil
    }

    /// The first line is the row's own account, so that it must always be there.
    private static func fixture(_ value: YAMLValue, _ reader: TemplateReader) -> [TreeTemplate] {
        let values = value.isSequence ? value.elements() ?? [] : [value]
        if values.isEmpty { value.complain("at least one account is expected") }
        let trees = values.compactMap(reader.tree)
        if case .conditional = trees.first { values.first?.complain("the first is the row's own account: it has no `when`") }
        return trees
    }

    /// Parameters that are not named default to their first value. The row must keep the constraints, since shrinking goes back to it.
    private static func defaults(_ members: [YAMLMember], _ model: CaseModel) -> CaseRow {
        var row = [Int](repeating: 0, count: model.parameters.count)
        var isSound = true
        for member in members {
            guard let index = model.parameters.firstIndex(where: { $0.name == member.name }) else {
                member.complainOfName(
                    "there is no parameter `\(member.name)`" + NameScope.hint(member.name, model.parameters.map(\.name)))
                isSound = false
                continue
            }
            let known = model.parameters[index].values.map(\.text)
            guard let text = member.value.text("a value of `\(member.name)`") else { continue }
            guard let value = known.firstIndex(of: text) else {
                member.value.complain("`\(member.name)` has no value `\(text)`" + NameScope.hint(text, known))
                isSound = false
                continue
            }
            row[index] = value
        }
        if isSound, let violation = model.violation(by: CaseRow(row)), let last = members.last {
            last.value.complain("the defaults are no valid row: \(violation)")
        }
        return CaseRow(row)
    }

    private static func rules(_ source: SuiteSource) -> (plain: ResponseRules, calls: [String: ResponseRules]) {
        let common = RulesReader.comparison(source["compare"])
        var rules: [String: ResponseRules] = [:]
        for call in source.calls {
            guard let value = call.value.member("compare") else { continue }
            rules[call.name] = RulesReader.comparison(value).over(common).rules()
        }
        return (common.rules(), rules)
    }

    private static func load(_ value: YAMLValue) -> LoadCall? {
        guard let section = value.section(SuiteKeys.load),
            let path = section.required("path", "where fixtures are sent, as `/v1/fixtures`")?.requestPath()
        else { return nil }
        var headers: [(name: String, parts: [String])] = []
        for member in section["headers"]?.members("a value for each header") ?? [] {
            guard HeaderName.checked(member.name, member.value) != nil, let text = member.value.text() else { continue }
            let parts = text.components(separatedBy: "${batch}")
            if parts.contains(where: { $0.contains("${") }) {
                member.value.complain("`${batch}` alone stands here: the call's own number")
            }
            headers.append((member.name, parts))
        }
        return LoadCall(
            method: section["method"]?.text("a method") ?? "POST", path: path,
            linesMax: section["lines-max"]?.integer(in: 1...1_000_000) ?? 500, headerTemplates: headers)
    }

    private static func settle(_ value: YAMLValue) -> SettleCall? {
        guard let section = value.section(SuiteKeys.settle),
            let path = section.required("path", "what is asked")?.requestPath(),
            let pointer = section.required("pointer", "the member to look at, as `$.pendingTaxEvents`"),
            let text = pointer.text("a path"),
            let equals = section.required("equals", "the text that it has when all is done")?.text()
        else { return nil }
        do throws(RuleSyntaxError) {
            let field = try JSONField(PathPattern(text))
            let within = section["within"]?.duration(in: 1...3_600_000) ?? 20_000
            return SettleCall(path: path, pointer: text, field: field, equals: equals, withinMilliseconds: within)
        } catch {
            pointer.complain(error.description)
            return nil
        }
    }

    private static func oracle(_ value: YAMLValue) -> [String] {
        SuiteFolder(of: value.problems.file).command(value.texts("a program or an argument").map(\.text))
    }

    private static func file(_ value: YAMLValue) -> String? {
        guard let name = value.text("a file") else { return nil }
        let path = SuiteFolder.canonical(SuiteFolder(of: value.problems.file).path(name))
        guard FileManager.default.fileExists(atPath: path) else {
            value.complain("there is no file `\(path)`")
            return nil
        }
        return path
    }
}

extension YAMLValue {
    fileprivate func member(_ name: String) -> YAMLValue? {
        isMapping ? members("")?.first { $0.name == name }?.value : nil
    }

    fileprivate func requestPath() -> String? {
        guard let text = text("a path") else { return nil }
        if text.hasPrefix("/") { return text }
        complain("found `\(text)`; a path begins with `/`")
        return nil
    }
}
