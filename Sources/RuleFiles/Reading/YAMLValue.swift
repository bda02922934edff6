package import Yams

/// What is wrong so far; every part of the reading adds to one list.
package final class Problems {
    package let file: String
    package private(set) var list: [ConfigurationProblem] = []

    package init(file: String) { self.file = file }

    package func add(_ message: String, at mark: Mark?, key: String) {
        add(message, line: mark?.line ?? 0, column: mark?.column ?? 0, key: key)
    }

    /// For a place inside a scalar, which has no mark of its own.
    package func add(_ message: String, line: Int, column: Int, key: String) {
        list.append(ConfigurationProblem(file: file, line: line, column: column, key: key, message: message))
    }
}

/// One value of the file, with where it stands. A method that can't read it says so in the list of problems and gives nil.
package struct YAMLValue {
    package let node: Node
    /// `operations[2].mode`
    package let key: String
    package let problems: Problems

    package init(node: Node, key: String, problems: Problems) {
        self.node = node
        self.key = key
        self.problems = problems
    }

    package func complain(_ message: String) { problems.add(message, at: node.mark, key: key) }

    /// What stands here, for a complaint.
    private var found: String {
        switch node {
        case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "`\(scalar.string)`"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    private var isPlain: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style != .doubleQuoted && scalar.style != .singleQuoted
    }

    /// A scalar as it is written.
    package func text(_ what: String = "a text") -> String? {
        guard case .scalar(let scalar) = node, !(isPlain && ["", "~", "null"].contains(scalar.string)) else {
            complain("found \(found); \(what) is expected")
            return nil
        }
        return scalar.string
    }

    package func bool() -> Bool? {
        guard isPlain, case .scalar(let scalar) = node, let value = ["true": true, "false": false][scalar.string] else {
            complain("found \(found); `true` or `false` is expected")
            return nil
        }
        return value
    }

    /// For keys that make sense only as `true`.
    package func isTrue() -> Bool {
        guard let value = bool() else { return false }
        if !value { complain("found `false`, which is what holds without this key; leave it out") }
        return value
    }

    package func integer(in range: ClosedRange<Int>) -> Int? {
        guard isPlain, case .scalar(let scalar) = node, let value = Int(scalar.string), range.contains(value) else {
            complain("found \(found); a whole number from \(range.lowerBound) to \(range.upperBound) is expected")
            return nil
        }
        return value
    }

    /// In milliseconds.
    package func duration(in range: ClosedRange<Int>) -> Int? {
        guard let text = text("a duration") else { return nil }
        guard let value = Quantities.milliseconds(text), range.contains(value) else {
            complain(
                "found `\(text)`; a duration from \(Quantities.text(milliseconds: range.lowerBound)) to "
                    + "\(Quantities.text(milliseconds: range.upperBound)) is expected, as `250ms`, `2s`, `5m`, `1h` or `30d`")
            return nil
        }
        return value
    }

    /// In bytes.
    package func size(in range: ClosedRange<Int>) -> Int? {
        guard let text = text("a size") else { return nil }
        guard let value = Quantities.bytes(text), range.contains(value) else {
            complain(
                "found `\(text)`; a size from \(Quantities.text(bytes: range.lowerBound)) to \(Quantities.text(bytes: range.upperBound)) "
                    + "is expected, as `512B`, `64KiB` or `1MiB`")
            return nil
        }
        return value
    }

    /// In thousandths of a per cent.
    package func percentage() -> Int? {
        guard let text = text("a percentage") else { return nil }
        guard let value = Quantities.thousandthsOfPercent(text) else {
            complain("found `\(text)`; a percentage from 0 to 100 with at most three places is expected, as `12.5`")
            return nil
        }
        return value
    }

    package func choice<Choice>(_ choices: [Choice]) -> Choice? where Choice: RawRepresentable, Choice.RawValue == String {
        let names = choices.map(\.rawValue)
        guard let text = text("one of \(Self.list(names))") else { return nil }
        if let choice = choices.first(where: { $0.rawValue == text }) { return choice }
        complain("found `\(text)`; allowed are \(Self.list(names))" + Self.suggestion(text, names))
        return nil
    }

    /// A list; a complaint and nil for anything else.
    package func elements() -> [YAMLValue]? {
        guard case .sequence(let sequence) = node else {
            complain("found \(found); a list is expected")
            return nil
        }
        return sequence.enumerated().map { YAMLValue(node: $1, key: "\(key)[\($0)]", problems: problems) }
    }

    /// A list of texts, or one text alone.
    package func texts(_ what: String = "a text") -> [(text: String, value: YAMLValue)] {
        let values: [YAMLValue]
        if case .scalar = node { values = [self] } else { values = elements() ?? [] }
        return values.compactMap { value in value.text(what).map { ($0, value) } }
    }

    /// A mapping of known keys; unknown ones are complained about here.
    package func section(_ keys: SectionKeys) -> YAMLSection? {
        guard case .mapping(let mapping) = node else {
            complain("found \(found); a mapping is expected with the keys \(Self.list(keys.keys))")
            return nil
        }
        return YAMLSection(mapping, at: self, keys: keys)
    }

    package var isScalar: Bool { if case .scalar = node { true } else { false } }

    package static func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }

    package static func suggestion(_ word: String, _ names: [String]) -> String {
        NearestWord.to(word, among: names).map { "; did you mean `\($0)`?" } ?? ""
    }
}

/// A mapping with its known keys.
package struct YAMLSection {
    package let itself: YAMLValue
    private var values: [String: YAMLValue] = [:]

    package init(_ mapping: Node.Mapping, at value: YAMLValue, keys: SectionKeys) {
        itself = value
        for (key, node) in mapping {
            let name = key.scalar?.string ?? ""
            let path = value.key.isEmpty ? name : "\(value.key).\(name)"
            if keys.keys.contains(name) {
                values[name] = YAMLValue(node: node, key: path, problems: value.problems)
            } else {
                value.problems.add(
                    "unknown key"
                        + (YAMLValue.suggestion(name, keys.keys).isEmpty
                            ? "; allowed here are \(YAMLValue.list(keys.keys))" : YAMLValue.suggestion(name, keys.keys)),
                    at: key.mark, key: path)
            }
        }
    }

    /// Nil when the key is not there.
    package subscript(key: String) -> YAMLValue? { values[key] }

    package func required(_ key: String, _ what: String) -> YAMLValue? {
        if let value = values[key] { return value }
        itself.complain("`\(key)` is missing: \(what)")
        return nil
    }
}
