import RuleFiles
import Yams

/// Reads `calls`, and works each step's arguments into the call that it names.
struct CallReader {
    let reader: TemplateReader
    let definitions: [YAMLMember]

    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

    /// Checks calls that no step makes, too: each is compiled once with its own arguments.
    func checkDefinitions() {
        for member in definitions {
            if !Identifier.isValid(member.name) {
                member.complainOfName("a call's name is made of letters, digits and `_` and begins with a letter")
            }
            guard let section = member.value.section(SuiteKeys.call) else { continue }
            var inner = reader
            inner.scope.arguments = arguments(section, step: nil, at: nil) ?? [:]
            _ = template(section, inner, label: member.name, condition: nil, at: member.value)
        }
    }

    func steps(_ value: YAMLValue) -> [StepTemplate] {
        (value.elements() ?? []).compactMap { element in
            guard element.has("together") else {
                return call(element).map { StepTemplate(condition: nil, calls: [$0]) }
            }
            guard let section = element.section(SuiteKeys.together), let list = section["together"]?.elements() else {
                return nil
            }
            if list.count < 2 { section["together"]?.complain("at least two calls go together") }
            let condition = section["when"].flatMap { reader.condition($0) }
            return StepTemplate(condition: condition, calls: list.compactMap(call))
        }
    }

    /// A call's name alone, or a mapping as in `steps`.
    func readBack(_ value: YAMLValue) -> [CallTemplate] { (value.elements() ?? []).compactMap(call) }

    private func call(_ element: YAMLValue) -> CallTemplate? {
        if element.isScalar {
            guard let name = element.text("a call's name"), let definition = definition(name, at: element) else { return nil }
            return call(definition, name: name, label: name, step: nil, at: element)
        }
        guard let section = element.section(SuiteKeys.step), let named = section.required("call", "the name of a call"),
            let name = named.text("a call's name"), let definition = definition(name, at: named)
        else { return nil }
        let label = section["as"].map { $0.identifier("an answer's name") } ?? name
        guard let label else { return nil }
        return call(definition, name: name, label: label, step: section, at: element)
    }

    private func definition(_ name: String, at value: YAMLValue) -> YAMLMember? {
        if let member = definitions.first(where: { $0.name == name }) { return member }
        value.complain("there is no call `\(name)`" + NameScope.hint(name, definitions.map(\.name)))
        return nil
    }

    private func call(
        _ definition: YAMLMember, name: String, label: String, step: YAMLSection?, at place: YAMLValue
    ) -> CallTemplate? {
        guard let section = definition.value.section(SuiteKeys.call), let arguments = arguments(section, step: step, at: place)
        else { return nil }
        var condition: Condition?
        if let when = step?["when"] {
            guard let read = reader.condition(when) else { return nil }
            condition = read
        }
        var inner = reader
        inner.scope.arguments = arguments
        return template(section, inner, label: label, operation: name, condition: condition, at: place)
    }

    /// The call's arguments with the step's in their place; without a place, for the call by itself, they may be left open.
    private func arguments(_ section: YAMLSection, step: YAMLSection?, at place: YAMLValue?) -> [String: TextTemplate]? {
        var arguments: [String: TextTemplate] = [:]
        let declared = section["with"]?.members("a default for each argument; `null` for one that each step gives") ?? []
        let given = step?["with"]?.members("a value for each argument") ?? []
        for member in given where !declared.contains(where: { $0.name == member.name }) {
            member.complainOfName("the call has no argument `\(member.name)`" + NameScope.hint(member.name, declared.map(\.name)))
        }
        for member in declared {
            if reader.scope.reference(member.name) != nil || !Identifier.isValid(member.name) {
                member.complainOfName(
                    "an argument is made of letters, digits and `_`, and has a name that no parameter or variable has")
                return nil
            }
            if let own = given.first(where: { $0.name == member.name }) {
                guard let template = reader.template(own.value) else { return nil }
                arguments[member.name] = template
            } else if isNull(member.value) {
                if let place {
                    place.complain("the argument `\(member.name)` is missing; write it in `with`")
                    return nil
                }
                arguments[member.name] = TextTemplate(parts: [.literal(member.name)])
            } else {
                guard let template = reader.template(member.value) else { return nil }
                arguments[member.name] = template
            }
        }
        return arguments
    }

    private func isNull(_ value: YAMLValue) -> Bool {
        value.isPlainScalar && ["", "~", "null"].contains(value.node.scalar?.string ?? "-")
    }

    private func template(
        _ section: YAMLSection, _ reader: TemplateReader, label: String, operation: String? = nil, condition: Condition?,
        at place: YAMLValue
    ) -> CallTemplate? {
        var method = "GET"
        if let value = section["method"] {
            guard let text = value.text("a method") else { return nil }
            guard Self.methods.contains(text) else {
                value.complain("found `\(text)`; allowed are \(YAMLValue.list(Self.methods))")
                return nil
            }
            method = text
        }
        guard let written = section.required("path", "what is asked for, as `/v1/accounts/${account}`"),
            let path = reader.template(written, "a path")
        else { return nil }
        guard case .literal(let start) = path.parts.first, start.hasPrefix("/") else {
            written.complain("a path begins with `/`")
            return nil
        }
        var headers: [(name: String, value: TextTemplate)] = []
        for member in section["headers"]?.members("a value for each header") ?? [] {
            guard HeaderName.checked(member.name, member.value) != nil, let value = reader.template(member.value) else {
                return nil
            }
            headers.append((member.name, value))
        }
        var body: CallTemplate.Body?
        if let value = section["body"] {
            if value.isScalar {
                guard let text = reader.template(value, "the body's text") else { return nil }
                body = .text(text)
            } else {
                guard let tree = reader.tree(value) else { return nil }
                body = .tree(tree)
            }
        }
        return CallTemplate(
            label: label, operation: operation ?? label, method: method, path: path, headers: headers, body: body,
            condition: condition, place: place.place)
    }
}
