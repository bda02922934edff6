package import Comparison

/// `compare`, `defaults`, or a file of rules alone, as written: an operation's own keys come on top of the defaults.
package struct ComparisonSettings {
    package var headers: [String]?
    package var problems: [String]?
    package var severity: Severity?
    package var nesting: Int?
    package var differences: Int?
    package var ruleList: [Rule] = []

    /// Rules of the defaults come first, so that an operation's own win over them; any other key replaces the default's.
    package func over(_ defaults: ComparisonSettings) -> ComparisonSettings {
        ComparisonSettings(
            headers: headers ?? defaults.headers, problems: problems ?? defaults.problems,
            severity: severity ?? defaults.severity,
            nesting: nesting ?? defaults.nesting, differences: differences ?? defaults.differences,
            ruleList: defaults.ruleList + ruleList)
    }

    package func rules() -> ResponseRules {
        var rules = ResponseRules(
            rules: ruleList, headers: headers ?? [], problemMembers: problems ?? ["code"], defaultSeverity: severity ?? .major)
        if let nesting { rules.depthMax = nesting }
        if let differences { rules.differencesMax = differences }
        return rules
    }
}

package enum RulesReader {
    package static func comparison(_ value: YAMLValue?) -> ComparisonSettings {
        var settings = ComparisonSettings()
        guard let section = value?.section(RuleKeys.compare) else { return settings }
        settings.headers = section["headers"].map { value in
            value.texts("a header's name").compactMap { name, value in HeaderName.checked(name, value) }
        }
        settings.problems = section["problems"].map { value in value.texts("a member's name").map(\.text) }
        settings.severity = section["severity"]?.choice(Severity.allCases)
        settings.nesting = section["nesting"]?.integer(in: 1...512)
        settings.differences = section["differences"]?.integer(in: 1...10_000)
        settings.ruleList = section["rules"]?.elements()?.flatMap(rule) ?? []
        return settings
    }

    /// One line may name several paths and several actions: each path gets each action.
    private static func rule(_ value: YAMLValue) -> [Rule] {
        guard let section = value.section(RuleKeys.rule) else { return [] }
        let paths = section.required("path", "the place it holds for, as `$.payoutId`").map(paths) ?? []
        var actions: [RuleAction] = []
        if section["ignore"]?.isTrue() == true { actions.append(.ignore) }
        if let tolerance = section["tolerance"].flatMap(tolerance) { actions.append(tolerance) }
        if let milliseconds = section["time-within"]?.duration(in: 0...86_400_000) {
            actions.append(.timeWithin(milliseconds: milliseconds))
        }
        if section["ignore-case"]?.isTrue() == true { actions.append(.caseInsensitive) }
        if let pattern = section["pattern"].flatMap(pattern) { actions.append(.pattern(pattern)) }
        if section["as-set"]?.isTrue() == true { actions.append(.asSet) }
        if let member = section["keyed-by"]?.text("a member's name") { actions.append(.keyedBy(member)) }
        if section["tolerate-representation"]?.isTrue() == true { actions.append(.tolerateRepresentation) }
        if let severity = section["severity"]?.choice(Severity.allCases) { actions.append(.severity(severity)) }

        let written = RuleKeys.rule.keys.dropFirst().filter { section[$0] != nil }
        if written.isEmpty {
            value.complain(
                "the rule says nothing about its path; one of \(YAMLValue.list(Array(RuleKeys.rule.keys.dropFirst()))) is missing"
            )
        }
        if written.contains("ignore"), written.count > 1 {
            value.complain(
                "what is ignored is not looked at: `ignore` makes \(YAMLValue.list(written.filter { $0 != "ignore" })) mean nothing"
            )
        }
        if written.contains("as-set"), written.contains("keyed-by") {
            value.complain("an array is compared either `as-set` or `keyed-by` a member")
        }
        return paths.flatMap { path in actions.map { Rule(path: path, action: $0) } }
    }

    /// One path or a list of them.
    package static func paths(_ value: YAMLValue) -> [PathPattern] {
        value.texts("a path").compactMap { text, value in
            do throws(RuleSyntaxError) {
                return try PathPattern(text)
            } catch {
                value.complain(error.description)
                return nil
            }
        }
    }

    private static func tolerance(_ value: YAMLValue) -> RuleAction? {
        guard let section = value.section(RuleKeys.tolerance) else { return nil }
        if section["absolute"] == nil, section["relative"] == nil {
            value.complain("`absolute` or `relative` is missing")
            return nil
        }
        func amount(_ key: String) -> ExactDecimal? {
            guard let value = section[key], let text = value.text("a number") else { return nil }
            guard let number = ExactDecimal(text), number >= .zero else {
                value.complain("found `\(text)`; a decimal number not below 0 is expected, as `0.01`")
                return nil
            }
            return number
        }
        let absolute = amount("absolute")
        let relative = amount("relative")
        if let relative, relative >= ExactDecimal(1) {
            section["relative"]?.complain("found `\(relative)`; a relative tolerance is a share below 1: 0.01 is one per cent")
        }
        return .tolerance(absolute: absolute, relative: relative)
    }

    private static func pattern(_ value: YAMLValue) -> ValuePattern? {
        guard let text = value.text("a pattern") else { return nil }
        do throws(RuleSyntaxError) {
            return try ValuePattern(text)
        } catch {
            value.complain(error.description)
            return nil
        }
    }
}

/// Names of header fields (RFC 9110, token).
package enum HeaderName {
    /// In lower case; nil after a complaint.
    package static func checked(_ name: String, _ value: YAMLValue) -> String? {
        let isToken =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        if !isToken { value.complain("`\(name)` is not a header's name") }
        return isToken ? name.lowercased() : nil
    }
}
