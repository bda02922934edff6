import Comparison

/// Says with the numbers at hand why an expression does not hold.
enum InvariantWords {
    private static let textMax = 200

    /// - Parameter wanted: what the expression should have been; it was the other.
    static func explain(_ expression: InvariantExpression, wanted: Bool, _ evaluation: InvariantEvaluation) -> String {
        do throws(InvariantFault) {
            return try sentence(expression, wanted: wanted, evaluation)
        } catch {
            return error.sentence
        }
    }

    private static func sentence(
        _ expression: InvariantExpression, wanted: Bool, _ evaluation: InvariantEvaluation
    ) throws(InvariantFault) -> String {
        switch expression {
        case .not(let inner): return try sentence(inner, wanted: !wanted, evaluation)
        case .and(let left, let right):
            guard wanted else { return try both(left, right, wanted, evaluation) }
            return try sentence(try evaluation.holds(left) ? right : left, wanted: true, evaluation)
        case .or(let left, let right):
            guard !wanted else { return try both(left, right, wanted, evaluation) }
            return try sentence(try evaluation.holds(left) ? left : right, wanted: false, evaluation)
        case .implies(let left, let right):
            guard wanted else {
                return try evaluation.holds(left)
                    ? sentence(right, wanted: false, evaluation) : sentence(left, wanted: true, evaluation)
            }
            return try sentence(right, wanted: true, evaluation) + ", although " + sentence(left, wanted: false, evaluation)
        case .comparison(let left, let comparison, let right):
            return try compared(left, comparison, right, wanted: wanted, evaluation)
        case .exists(let path): return wanted ? "`\(path.text)` is absent" : "`\(path.text)` is there"
        case .distinct(let path): return try repeated(path, wanted: wanted, evaluation)
        case .all(let path, let inner):
            guard
                let element = try evaluation.firstElement(
                    path, where: { element throws(InvariantFault) in try !element.holds(inner) })
            else { return "for each of `\(path.text)` \(source(inner))" }
            return try sentence(inner, wanted: true, element) + " in \(text(element.element ?? .null))"
        case .any(let path, let inner):
            guard
                let element = try evaluation.firstElement(
                    path, where: { element throws(InvariantFault) in try element.holds(inner) })
            else { return "for none of `\(path.text)` \(source(inner))" }
            return try sentence(inner, wanted: false, element) + " in \(text(element.element ?? .null))"
        case .constant, .path, .arithmetic, .negative, .aggregate, .accepted:
            return "`\(source(expression))` is \(wanted ? "false" : "true")"
        }
    }

    private static func both(
        _ left: InvariantExpression, _ right: InvariantExpression, _ wanted: Bool, _ evaluation: InvariantEvaluation
    ) throws(InvariantFault) -> String {
        try sentence(left, wanted: wanted, evaluation) + " and " + sentence(right, wanted: wanted, evaluation)
    }

    private static func compared(
        _ left: InvariantExpression, _ comparison: InvariantExpression.Operator, _ right: InvariantExpression, wanted: Bool,
        _ evaluation: InvariantEvaluation
    ) throws(InvariantFault) -> String {
        let words = try [numbers(left, evaluation), numbers(right, evaluation)]
        if wanted, comparison == .equal, case .object(let first) = try evaluation.value(left),
            case .object(let second) = try evaluation.value(right)
        {
            return members(first, second).joined(separator: ", ")
        }
        let sign =
            switch (comparison, wanted) {
            case (.equal, true), (.unequal, false): "≠"
            case (.equal, false), (.unequal, true): "="
            case (.less, true), (.greaterOrEqual, false): "≥"
            case (.lessOrEqual, true), (.greater, false): ">"
            case (.greater, true), (.lessOrEqual, false): "≤"
            case (.greaterOrEqual, true), (.less, false): "<"
            }
        return words.joined(separator: " \(sign) ")
    }

    /// The members of two objects that differ, each with both values.
    private static func members(_ left: [String: JSONValue], _ right: [String: JSONValue]) -> [String] {
        Set(left.keys).union(right.keys).sorted().filter { left[$0] != right[$0] }.map { name in
            "`\(name)` \(left[name].map(text) ?? "absent") ≠ \(right[name].map(text) ?? "absent")"
        }
    }

    private static func repeated(
        _ path: TranscriptPath, wanted: Bool, _ evaluation: InvariantEvaluation
    ) throws(InvariantFault) -> String {
        guard wanted else { return "no value of `\(path.text)` stands twice" }
        var counts: [JSONValue: Int] = [:]
        for value in try evaluation.values(path) { counts[value, default: 0] += 1 }
        let twice = counts.filter { $0.value > 1 }.map { "\(text($0.key)) stands \($0.value) times" }.sorted()
        return twice.joined(separator: ", ") + " in `\(path.text)`"
    }

    /// The expression with values in place of paths: `4700 + 760 + 18`.
    private static func numbers(
        _ expression: InvariantExpression, _ evaluation: InvariantEvaluation
    ) throws(InvariantFault) -> String {
        switch expression {
        case .arithmetic(let left, let arithmetic, let right):
            let words = try [bracketed(left, in: arithmetic, evaluation), bracketed(right, in: arithmetic, evaluation)]
            return words.joined(separator: " \(arithmetic.rawValue) ")
        case .negative(let inner): return "-" + (try bracketed(inner, in: .times, evaluation))
        default: return text(try evaluation.value(expression))
        }
    }

    private static func bracketed(
        _ expression: InvariantExpression, in outer: InvariantExpression.Arithmetic, _ evaluation: InvariantEvaluation
    ) throws(InvariantFault) -> String {
        let words = try numbers(expression, evaluation)
        if case .arithmetic(_, let inner, _) = expression, outer == .times || outer == .minus, inner != .times {
            return "(\(words))"
        }
        return words
    }

    /// A value as JSON, cut where it is long.
    static func text(_ value: JSONValue) -> String {
        let json = json(value)
        return json.count <= textMax ? json : json.prefix(textMax) + "…"
    }

    private static func json(_ value: JSONValue) -> String {
        switch value {
        case .null: return "null"
        case .bool(let value): return "\(value)"
        case .number(let number): return number.description
        case .string(let string):
            var text = ""
            JSONLine.quote(string, into: &text)
            return text
        case .array(let elements): return "[" + elements.map(json).joined(separator: ",") + "]"
        case .object(let members):
            let written = members.sorted { $0.key < $1.key }.map { json(.string($0.key)) + ":" + json($0.value) }
            return "{" + written.joined(separator: ",") + "}"
        }
    }

    /// An expression in the words of the file, for what has no numbers to show.
    static func source(_ expression: InvariantExpression) -> String {
        switch expression {
        case .constant(let value): text(value)
        case .path(let path): path.text
        case .arithmetic(let left, let arithmetic, let right): "\(source(left)) \(arithmetic.rawValue) \(source(right))"
        case .negative(let inner): "-" + source(inner)
        case .comparison(let left, let comparison, let right): "\(source(left)) \(comparison.rawValue) \(source(right))"
        case .and(let left, let right): "(\(source(left)) and \(source(right)))"
        case .or(let left, let right): "(\(source(left)) or \(source(right)))"
        case .implies(let left, let right): "(\(source(left)) => \(source(right)))"
        case .not(let inner): "not \(source(inner))"
        case .aggregate(let aggregate, let path): "\(aggregate.rawValue)(\(path.text))"
        case .exists(let path): "exists(\(path.text))"
        case .distinct(let path): "distinct(\(path.text))"
        case .all(let path, let inner): "all(\(path.text), \(source(inner)))"
        case .any(let path, let inner): "any(\(path.text), \(source(inner)))"
        case .accepted: "accepted()"
        }
    }
}
