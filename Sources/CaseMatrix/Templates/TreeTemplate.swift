import RuleFiles

/// A JSON document that depends on the row: objects, arrays, scalars, and nodes that choose or fall away.
indirect enum TreeTemplate: Sendable {
    /// JSON text that no row changes.
    case literal(String)
    case template(TextTemplate)
    case object([(name: String, value: TreeTemplate)])
    case array([TreeTemplate])
    /// One for each value of the chooser.
    case choose(Chooser, [TreeTemplate])
    /// Falls away, with the member's name or the element's place, where the condition does not hold.
    case conditional(Condition, TreeTemplate)

    /// Appends the document on one line, members in the file's order. False, with nothing appended, where it falls away.
    func append(_ values: RowValues, to text: inout String) throws(ConfigurationError) -> Bool {
        switch self {
        case .literal(let json): text += json
        case .template(let template):
            let value = try template.value(values)
            if value.isText { JSONLine.quote(value.text, into: &text) } else { text += value.text }
        case .object(let members):
            text += "{"
            var isFirst = true
            for (name, value) in members {
                var member = isFirst ? "" : ","
                JSONLine.quote(name, into: &member)
                member += ":"
                guard try value.append(values, to: &member) else { continue }
                text += member
                isFirst = false
            }
            text += "}"
        case .array(let elements):
            text += "["
            var isFirst = true
            for element in elements {
                var item = isFirst ? "" : ","
                guard try element.append(values, to: &item) else { continue }
                text += item
                isFirst = false
            }
            text += "]"
        case .choose(let chooser, let trees): return try trees[values.choice(chooser)].append(values, to: &text)
        case .conditional(let condition, let tree):
            guard condition.holds(values) else { return false }
            return try tree.append(values, to: &text)
        }
        return true
    }
}

enum JSONLine {
    static func quote(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                text += "\\"
                text.unicodeScalars.append(scalar)
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    /// Whether a plain scalar stands in JSON as it is written: a number, `true`, `false`, `null`.
    static func isLiteral(_ text: String) -> Bool {
        if ["true", "false", "null"].contains(text) { return true }
        var rest = text.utf8[...]
        func digits() -> Int {
            let count = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !startsWithZero || whole == 1 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
