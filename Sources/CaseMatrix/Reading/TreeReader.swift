import RuleFiles
import Yams

extension TemplateReader {
    /// A JSON document written as YAML. A plain number, `true`, `false` or `null` is what it says, any other scalar a text.
    func tree(_ value: YAMLValue) -> TreeTemplate? {
        switch value.node {
        case .scalar(let scalar): return scalarTree(scalar.string, value)
        case .sequence:
            guard let elements = value.elements() else { return nil }
            let trees = elements.compactMap(tree)
            return trees.count == elements.count ? .array(trees) : nil
        case .mapping:
            if value.has("choose") { return choose(value) }
            if value.has("when") { return conditional(value) }
            return object(value)
        case .alias:
            value.complain("an alias can't stand here")
            return nil
        }
    }

    private func scalarTree(_ text: String, _ value: YAMLValue) -> TreeTemplate? {
        if value.isPlainScalar {
            if ["", "~"].contains(text) { return .literal("null") }
            if JSONLine.isLiteral(text) { return .literal(text) }
        }
        guard let template = template(text, at: value) else { return nil }
        guard let literal = template.literal else { return .template(template) }
        var json = ""
        JSONLine.quote(literal, into: &json)
        return .literal(json)
    }

    private func object(_ value: YAMLValue) -> TreeTemplate? {
        guard let members = value.members("an object") else { return nil }
        let trees = members.compactMap { member in tree(member.value).map { (name: member.name, value: $0) } }
        return trees.count == members.count ? .object(trees) : nil
    }

    private func choose(_ value: YAMLValue) -> TreeTemplate? {
        guard let section = value.section(SuiteKeys.choose), let chooser = section["choose"],
            let entries = section.required("of", "an entry for each value"), let table = table(by: chooser, of: entries, tree)
        else { return nil }
        return .choose(table.chooser, table.entries)
    }

    /// `{when: …, then: …}`, or an object with `when` among its members.
    private func conditional(_ value: YAMLValue) -> TreeTemplate? {
        if value.has("then") {
            guard let section = value.section(SuiteKeys.conditional), let when = section["when"], let then = section["then"],
                let condition = condition(when), let tree = tree(then)
            else { return nil }
            return .conditional(condition, tree)
        }
        guard let when = value.members("an object")?.first(where: { $0.name == "when" })?.value,
            let condition = condition(when), let tree = tree(value.without("when"))
        else { return nil }
        return .conditional(condition, tree)
    }
}
