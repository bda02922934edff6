internal import Comparison
public import RuleFiles
internal import Yams

/// The file of `--exceptions`: a list of signed legacy quirks.
///
///     - path: $.lines[].kind
///       operation: journal
///       when: { movement: backdated }
///       owner: ledger team
///       reason: the core books corrections as DEPOSIT (LED-412)
///       expires: 2027-03-31
///       max-hits: 12
public enum ExceptionsFile {
    private static let keys = SectionKeys(
        "exceptions[]", ["path", "operation", "when", "owner", "reason", "expires", "max-hits"])

    public static func load(path: String) throws(ConfigurationError) -> [SignedException] {
        try parse(text: try ConfigurationText.read(path), named: path)
    }

    public static func parse(text: String, named name: String) throws(ConfigurationError) -> [SignedException] {
        let problems = Problems(file: name)
        let exceptions = ConfigurationText.compose(text, problems)?.elements()?.compactMap(exception) ?? []
        guard problems.list.isEmpty else { throw ConfigurationError(problems: problems.list) }
        return exceptions
    }

    private static func exception(_ value: YAMLValue) -> SignedException? {
        guard let section = value.section(keys) else { return nil }
        let path = section.required("path", "the place that is excused, as `$.lines[].kind`").flatMap(path)
        let operation = section.required("operation", "the call whose answer it is").flatMap(operation)
        let owner = section.required("owner", "who answers for it")?.text("a name")
        let reason = section.required("reason", "why the legacy may depart from the rules here")?.text("a sentence")
        let expires = section.required("expires", "the last day on which it holds, as `2027-03-31`").flatMap(date)
        let hitsMax = section.required("max-hits", "how many rows it may excuse in one run")?.integer(in: 1...1_000_000)
        let when = section["when"].map(condition) ?? [:]
        guard let path, let operation, let owner, let reason, let expires, let hitsMax else { return nil }
        return SignedException(
            path: path, operation: operation, when: when, owner: owner, reason: reason, expires: expires, hitsMax: hitsMax)
    }

    private static func path(_ value: YAMLValue) -> String? {
        guard let text = value.text("a path") else { return nil }
        let isWildcard = text == "$" || text.contains("*") || text.contains("..")
        guard !isWildcard else {
            value.complain(
                "`\(text)` would excuse more than one place: name the place that was seen, as `$.lines[].kind` (`[]` is every element)"
            )
            return nil
        }
        if text == "status" || text.hasPrefix("invariant:") { return text }
        do throws(RuleSyntaxError) {
            _ = try PathPattern(text)
            return text
        } catch {
            value.complain(error.description)
            return nil
        }
    }

    private static func operation(_ value: YAMLValue) -> String? {
        guard let text = value.text("an operation") else { return nil }
        guard !text.contains("*") else {
            value.complain("`\(text)` would excuse every operation: name the one that was seen, as `journal`")
            return nil
        }
        return text
    }

    private static func date(_ value: YAMLValue) -> String? {
        guard let text = value.text("a date") else { return nil }
        guard CalendarDay(text) != nil else {
            value.complain("found `\(text)`; a date is expected, as `2027-03-31`")
            return nil
        }
        return text
    }

    private static func condition(_ value: YAMLValue) -> [String: String] {
        guard case .mapping(let mapping) = value.node else {
            value.complain("a mapping of dimensions to values is expected, as `{ movement: backdated }`")
            return [:]
        }
        var when: [String: String] = [:]
        for (key, node) in mapping {
            guard let name = key.scalar?.string, let text = node.scalar?.string else {
                value.complain("a mapping of dimensions to single values is expected, as `{ movement: backdated }`")
                continue
            }
            when[name] = text
        }
        return when
    }
}
