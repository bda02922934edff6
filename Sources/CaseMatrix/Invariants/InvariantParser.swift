import Comparison

/// Reads an invariant. From the loosest to the tightest: `=>`, `or`, `and`, `not`, comparisons, `+ -`, `*`, a leading `-`.
struct InvariantParser {
    private static let functions = ["sum", "count", "min", "max", "exists", "distinct", "all", "any", "accepted"]
    private static let nestingMax = 32

    private let characters: [Character]
    private let tokens: [InvariantToken.Placed]
    private var at = 0
    private var depth = 0
    /// Whether `$` stands for an answer.
    private let hasCurrent: Bool
    /// Whether `@` stands for an element.
    private var hasElement = false

    static func parse(_ text: String, hasCurrent: Bool) throws(InvariantSyntaxError) -> InvariantExpression {
        var parser = try InvariantParser(text, hasCurrent: hasCurrent)
        let expression = try parser.implication()
        guard parser.token == .end else { throw parser.wrong("an operator or the end is expected") }
        return expression
    }

    private init(_ text: String, hasCurrent: Bool) throws(InvariantSyntaxError) {
        characters = Array(text)
        tokens = try InvariantToken.list(characters)
        self.hasCurrent = hasCurrent
    }

    private var token: InvariantToken { tokens[at].token }

    private func wrong(_ reason: String) -> InvariantSyntaxError {
        InvariantSyntaxError(offset: tokens[at].start, reason: reason)
    }

    private mutating func take(_ sign: String) -> Bool {
        guard token == .sign(sign) || token == .name(sign) else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ sign: String) throws(InvariantSyntaxError) {
        guard take(sign) else { throw wrong("`\(sign)` is expected") }
    }

    // MARK: Levels

    private mutating func implication() throws(InvariantSyntaxError) -> InvariantExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.nestingMax else { throw wrong("this nests deeper than \(Self.nestingMax) levels") }
        let left = try disjunction()
        return take("=>") ? .implies(left, try implication()) : left
    }

    private mutating func disjunction() throws(InvariantSyntaxError) -> InvariantExpression {
        var left = try conjunction()
        while take("or") { left = .or(left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws(InvariantSyntaxError) -> InvariantExpression {
        var left = try negation()
        while take("and") { left = .and(left, try negation()) }
        return left
    }

    private mutating func negation() throws(InvariantSyntaxError) -> InvariantExpression {
        var isNegated = false
        while take("not") { isNegated.toggle() }
        let inner = try comparison()
        return isNegated ? .not(inner) : inner
    }

    private mutating func comparison() throws(InvariantSyntaxError) -> InvariantExpression {
        let left = try total()
        guard case .sign(let sign) = token, let comparison = InvariantExpression.Operator(rawValue: sign) else { return left }
        at += 1
        return .comparison(left, comparison, try total())
    }

    private mutating func total() throws(InvariantSyntaxError) -> InvariantExpression {
        var left = try product()
        while true {
            if take("+") {
                left = .arithmetic(left, .plus, try product())
            } else if take("-") {
                left = .arithmetic(left, .minus, try product())
            } else {
                return left
            }
        }
    }

    private mutating func product() throws(InvariantSyntaxError) -> InvariantExpression {
        var left = try factor()
        while take("*") { left = .arithmetic(left, .times, try factor()) }
        return left
    }

    private mutating func factor() throws(InvariantSyntaxError) -> InvariantExpression {
        if take("-") { return .negative(try primary()) }
        return try primary()
    }

    private mutating func primary() throws(InvariantSyntaxError) -> InvariantExpression {
        if take("(") {
            let inner = try implication()
            try expect(")")
            return inner
        }
        if let constant = constant() { return .constant(constant) }
        if case .name(let name) = token, tokens[at + 1].token == .sign("(") { return try function(name) }
        let path = try path()
        if case .answer = path.root { throw wrong("`.status` or `.$` goes on after `\(path.text)`") }
        guard !path.isPlural else {
            throw wrong("`\(path.text)` can be several values; `sum`, `count`, `min`, `max`, `distinct`, `all` or `any` takes it")
        }
        return .path(path)
    }

    private mutating func constant() -> JSONValue? {
        let value: JSONValue
        switch token {
        case .number(let text):
            guard let number = ExactDecimal(text) else { return nil }
            value = .number(number)
        case .string(let text): value = .string(text)
        case .name("null"): value = .null
        case .name("true"): value = .bool(true)
        case .name("false"): value = .bool(false)
        default: return nil
        }
        at += 1
        return value
    }

    private mutating func function(_ name: String) throws(InvariantSyntaxError) -> InvariantExpression {
        guard Self.functions.contains(name) else {
            throw wrong("there is no function `\(name)`; allowed are " + Self.functions.map { "`\($0)`" }.joined(separator: ", "))
        }
        at += 2
        if name == "accepted" {
            try expect(")")
            return .accepted
        }
        let start = at
        let path = try path()
        if case .answer = path.root, name != "exists" {
            at = start
            throw wrong("`.status` or `.$` goes on after `\(path.text)`")
        }
        if name == "all" || name == "any" {
            try expect(",")
            let hadElement = hasElement
            hasElement = true
            let inner = try implication()
            hasElement = hadElement
            try expect(")")
            return name == "all" ? .all(path, inner) : .any(path, inner)
        }
        try expect(")")
        if let aggregate = InvariantExpression.Aggregate(rawValue: name) { return .aggregate(aggregate, path) }
        return name == "exists" ? .exists(path) : .distinct(path)
    }

    // MARK: Paths

    private mutating func path() throws(InvariantSyntaxError) -> TranscriptPath {
        let start = tokens[at].start
        var root: TranscriptPath.Root
        switch token {
        case .sign("$"):
            guard hasCurrent else { throw wrong("`$` stands for an answer of `for`; without it, write `label.$`") }
            root = .current
            at += 1
        case .sign("@"):
            guard hasElement else { throw wrong("`@` stands for an element inside `all` or `any`") }
            root = .element
            at += 1
        case .name(let label):
            at += 1
            root = .answer(label)
            if take(".") {
                if take("$") {
                    root = .body(label)
                } else if take("status") {
                    root = .status(label)
                } else {
                    throw wrong("`status` or `$` goes on after `\(label).`")
                }
            }
        default: throw wrong("a number, a text in double quotes, a path or `(` is expected")
        }
        var segments: [TranscriptPath.Segment] = []
        switch root {
        case .answer, .status: break
        case .body, .current, .element: while let segment = try segment() { segments.append(segment) }
        }
        return TranscriptPath(root: root, segments: segments, text: String(characters[start..<tokens[at - 1].end]))
    }

    private mutating func segment() throws(InvariantSyntaxError) -> TranscriptPath.Segment? {
        if take(".") {
            guard case .name(let name) = token else { throw wrong("a member's name is expected") }
            at += 1
            return .member(name)
        }
        guard take("[") else { return nil }
        let segment: TranscriptPath.Segment
        switch token {
        case .sign("*"):
            at += 1
            segment = .each
        case .number(let text):
            guard let index = Int(text) else { throw wrong("an index is a whole number") }
            at += 1
            segment = .index(index)
        case .name(let name):
            at += 1
            try expect("=")
            guard let value = constant() else {
                throw wrong("a number, a text in double quotes, `true`, `false` or `null` is expected")
            }
            segment = .matching(name, value)
        default: throw wrong("`*`, an index or `name=value` stands in brackets")
        }
        try expect("]")
        return segment
    }
}
