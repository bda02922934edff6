import Comparison
import RuleFiles
import ShadowProxy
import Yams

/// `operations`, in the order in which requests are matched.
struct OperationsReader {
    let defaults: ComparisonSettings

    func read(_ value: YAMLValue?) -> [OperationPlan] {
        guard let value, let elements = value.elements() else { return [] }
        var operations: [OperationPlan] = []
        for element in elements {
            guard let section = element.section(ConfigurationKeys.operation), let operation = operation(section) else { continue }
            if operations.contains(where: { $0.name == operation.name }) {
                (section["name"] ?? element).complain("another operation is named `\(operation.name)` already")
            }
            if let earlier = operations.first(where: { takesAll(of: operation, $0) }) {
                (section["path"] ?? element).complain(
                    "no request ever comes here: `\(earlier.name)` stands before it and takes the same \(operation.method) requests"
                )
            }
            operations.append(operation)
        }
        return operations
    }

    private func operation(_ section: YAMLSection) -> OperationPlan? {
        let name = section.required("name", "what reports and alerts call it").flatMap { $0.text("a name") }
        let method = section.required("method", "as `GET`").flatMap(method)
        let path = section.required("path", "as `/v1/accounts/{id}`")
        let template = path.flatMap { $0.text("a path") }.flatMap { PathTemplate.checked($0, path) }
        let mode = section.required("mode", "`read`, `mirrored-write` or `never`")?.choice(OperationMode.allCases)
        let sources = section["key"].map { keys($0, template) } ?? []
        let comparison = RulesReader.comparison(section["compare"]).over(defaults)
        let order = section["order"]?.choice(OperationOrder.allCases)
        let sample = section["sample"]?.percentage()
        let notDone = section["not-done"]?.elements()?.compactMap(notDone) ?? []
        let readBack = section["read-back"].flatMap { self.readBack($0) }
        guard let name, let method, let template, let mode else { return nil }

        var operation = OperationPlan(name: name, method: method, pathTemplate: template.text, mode: mode)
        operation.keys = sources
        // A write's order is its account's history: it is kept unless the file says otherwise.
        operation.order = order ?? (mode == .mirroredWrite ? .key : .none)
        operation.rules = comparison.rules()
        operation.sample = sample ?? 100_000
        operation.notDone = notDone
        operation.readBack = readBack
        check(operation, section)
        return operation
    }

    /// What each mode allows.
    private func check(_ operation: OperationPlan, _ section: YAMLSection) {
        let isSafe = operation.method == "GET" || operation.method == "HEAD"
        let declaredSafe = section["safe"]?.isTrue() ?? false
        switch operation.mode {
        case .read:
            if !isSafe, !declaredSafe {
                section["mode"]?.complain(
                    "`\(operation.method)` may change something, and reads go to both sides and are asked again; if this one changes nothing, "
                        + "say `safe: true`, else it is a `mirrored-write`")
            }
            if isSafe, declaredSafe { section["safe"]?.complain("`\(operation.method)` is safe by itself; leave it out") }
        case .mirroredWrite:
            if isSafe { section["mode"]?.complain("`\(operation.method)` is not a write: `read` or `never`") }
            if declaredSafe { section["safe"]?.complain("a `mirrored-write` is not safe by its own word; leave it out") }
            if section["sample"] != nil {
                section["sample"]?.complain("writes are never sampled away: the shadow's ledger would fall behind")
            }
        case .never:
            for key in ["safe", "order", "sample", "not-done", "read-back", "compare"] {
                section[key]?.complain("nothing of a `never` operation is sent to the shadow or compared; leave it out")
            }
        }
        if operation.order == .key, operation.keys.isEmpty, section["key"] == nil {
            (section["order"] ?? section["mode"])?.complain(
                operation.mode == .mirroredWrite
                    ? "a write keeps its key's order, so `key` is needed, as `key: path.id`; or `order: none` if its requests don't depend on each other"
                    : "`order: key` needs a `key`, as `key: path.id`")
        }
        if operation.mode != .mirroredWrite, operation.mode != .never {
            section["not-done"]?.complain("only a `mirrored-write` can be left undone")
            section["read-back"]?.complain("only a `mirrored-write` is read back")
        }
        if operation.readBack != nil, section["key"] == nil {
            section["read-back"]?.complain("`{key}` stands for the operation's `key`, which is missing")
        }
        if isSafe {
            for source in operation.keys {
                if case .body = source { section["key"]?.complain("a `\(operation.method)` has no body to take a key from") }
            }
        }
    }

    private func method(_ value: YAMLValue) -> String? {
        guard let text = value.text("a method") else { return nil }
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 &- 0x41 < 26 || $0 == UInt8(ascii: "-") }) else {
            value.complain("found `\(text)`; a method is written in capitals, as `GET`")
            return nil
        }
        if text == "CONNECT" || text == "TRACE" {
            value.complain("`\(text)` is never passed on")
            return nil
        }
        return text
    }

    /// `path.id`, `body.$.from`, `header.x-account`.
    private func keys(_ value: YAMLValue, _ template: PathTemplate?) -> [KeySource] {
        let sources: [KeySource] = value.texts("a key's source").compactMap { text, value in
            if text.hasPrefix("path.") {
                let name = String(text.dropFirst(5))
                guard let template else { return .path(name) }
                guard template.placeholders.contains(name) else {
                    value.complain(
                        "the path has no placeholder `{\(name)}`; it has "
                            + (template.placeholders.isEmpty ? "none" : YAMLValue.list(template.placeholders.map { "{\($0)}" })))
                    return nil
                }
                return .path(name)
            }
            if text.hasPrefix("body.") {
                let path = String(text.dropFirst(5))
                do throws(RuleSyntaxError) {
                    _ = try JSONField(PathPattern(path))
                    return .body(path)
                } catch {
                    value.complain(error.description)
                    return nil
                }
            }
            if text.hasPrefix("header.") { return HeaderName.checked(String(text.dropFirst(7)), value).map { .header($0) } }
            value.complain("found `\(text)`; a key comes from `path.NAME`, `body.$.MEMBER` or `header.NAME`")
            return nil
        }
        if sources.isEmpty, case .sequence(let list) = value.node, list.isEmpty {
            value.complain("the list of keys is empty; leave it out")
        }
        if Set(sources).count < sources.count { value.complain("the same source stands twice") }
        return sources
    }

    private func notDone(_ value: YAMLValue) -> NotDoneAnswer? {
        guard let section = value.section(ConfigurationKeys.notDone) else { return nil }
        let code = section["code"].flatMap { $0.text("a code") }
        guard let status = section.required("status", "as `409`")?.integer(in: 300...599) else { return nil }
        return NotDoneAnswer(status: status, code: code)
    }

    private func readBack(_ value: YAMLValue) -> String? {
        guard let text = value.text("a path") else { return nil }
        guard text.hasPrefix("/"), text.contains("{key}"), !text.contains("#"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            value.complain("found `\(text)`; a path with `{key}` in it is expected, as `/v1/accounts/{key}`")
            return nil
        }
        return text
    }

    /// Whether `earlier` takes every request that `operation` could take.
    private func takesAll(of operation: OperationPlan, _ earlier: OperationPlan) -> Bool {
        guard earlier.method == operation.method else { return false }
        let segments = operation.pathTemplate.split(separator: "/", omittingEmptySubsequences: false)
        let before = earlier.pathTemplate.split(separator: "/", omittingEmptySubsequences: false)
        return segments.count == before.count && zip(segments, before).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
    }
}

/// `/v1/accounts/{id}/interest`
struct PathTemplate {
    let text: String
    let placeholders: [String]

    /// Nil after a complaint.
    static func checked(_ text: String, _ value: YAMLValue?) -> PathTemplate? {
        func refuse(_ message: String) -> PathTemplate? {
            value?.complain(message)
            return nil
        }
        guard text.hasPrefix("/") else { return refuse("found `\(text)`; a path begins with `/`") }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("?"), !text.contains("#") else {
            return refuse("found `\(text)`; a path has no query, no fragment and no white space")
        }
        var placeholders: [String] = []
        for segment in text.split(separator: "/", omittingEmptySubsequences: false)
        where segment.contains("{") || segment.contains("}") {
            let name = String(segment.dropFirst().dropLast())
            guard segment.hasPrefix("{"), segment.hasSuffix("}"), !name.isEmpty, name.utf8.allSatisfy(isNameByte) else {
                return refuse(
                    "`\(segment)`: a placeholder stands for one whole segment and has a name of letters, digits, `_` and `-`, as `{id}`"
                )
            }
            if placeholders.contains(name) { return refuse("the placeholder `{\(name)}` stands twice") }
            placeholders.append(name)
        }
        return PathTemplate(text: text, placeholders: placeholders)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}
