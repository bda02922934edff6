import RuleFiles

/// PICT's constraint language, on the parameters of a model.
///
///     IF [State] <> "OPEN" AND NOT [Amount] IN {0, 1} THEN [Reply] LIKE "40?" ELSE [Opened] <= [Closed];
///     [From] <> [To];
///
/// NOT binds closest, then AND, then OR. Texts are compared without regard to case, numbers exactly.
struct ConstraintParser {
    private let parameters: [CaseParameter]
    private let file: String
    private let scalars: [Unicode.Scalar]
    private let tokens: [ConstraintToken]
    private var position = 0
    private var warnings: [String] = []
    /// Parentheses and NOTs inside each other: beyond it the text is no constraint a person wrote.
    private static let depthMax = 100
    private static let termsMax = 1_000
    private var terms = 0

    struct Result {
        var constraints: [CaseConstraint]
        var warnings: [String]
    }

    /// The whole text is constraints; `firstLine` is the file's line on which it starts.
    static func parse(
        _ text: String, parameters: [CaseParameter], firstLine: Int, file: String
    ) throws(CaseDesignError) -> Result {
        let scalars = Array(text.unicodeScalars)
        let tokens = try ConstraintLexer.tokens(scalars, firstLine: firstLine, file: file)
        var parser = ConstraintParser(parameters: parameters, file: file, scalars: scalars, tokens: tokens)
        var constraints: [CaseConstraint] = []
        while parser.token.kind != .end { constraints.append(try parser.constraint()) }
        return Result(constraints: constraints, warnings: parser.warnings)
    }

    private init(parameters: [CaseParameter], file: String, scalars: [Unicode.Scalar], tokens: [ConstraintToken]) {
        self.parameters = parameters
        self.file = file
        self.scalars = scalars
        self.tokens = tokens
    }

    // MARK: Sentences

    private mutating func constraint() throws(CaseDesignError) -> CaseConstraint {
        let start = token
        terms = 0
        let predicate: CasePredicate
        if take(word: "IF") {
            let condition = try disjunction(0)
            guard take(word: "THEN") else { throw expected("`THEN`, `AND` or `OR`") }
            let consequence = try disjunction(0)
            var whole = CasePredicate.or(.not(condition), consequence)
            if take(word: "ELSE") { whole = .and(whole, .or(condition, try disjunction(0))) }
            predicate = whole
        } else {
            predicate = try disjunction(0)
        }
        let end = token.range.lowerBound
        guard take(sign: ";") else {
            throw expected(start.kind == .word("IF") ? "`;`, `AND`, `OR` or `ELSE`" : "`;`, `AND` or `OR`")
        }
        return CaseConstraint(text: written(start.range.lowerBound..<end), line: start.line, predicate: predicate)
    }

    private func written(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range])
        return String(text).split(separator: "\n")
            .map { line in line.drop { $0.isWhitespace } }
            .filter { !$0.hasPrefix("#") }
            .flatMap { $0.split(whereSeparator: \.isWhitespace) }
            .joined(separator: " ")
    }

    private mutating func disjunction(_ depth: Int) throws(CaseDesignError) -> CasePredicate {
        var left = try conjunction(depth)
        while take(word: "OR") { left = .or(left, try conjunction(depth)) }
        return left
    }

    private mutating func conjunction(_ depth: Int) throws(CaseDesignError) -> CasePredicate {
        var left = try clause(depth)
        while take(word: "AND") { left = .and(left, try clause(depth)) }
        return left
    }

    private mutating func clause(_ depth: Int) throws(CaseDesignError) -> CasePredicate {
        guard depth < Self.depthMax else { throw error("more than \(Self.depthMax) parentheses inside each other") }
        if take(word: "NOT") { return .not(try clause(depth + 1)) }
        if take(sign: "(") {
            let inner = try disjunction(depth + 1)
            guard take(sign: ")") else { throw expected("`)`, `AND` or `OR`") }
            return inner
        }
        return try term()
    }

    // MARK: Terms

    private mutating func term() throws(CaseDesignError) -> CasePredicate {
        terms += 1
        guard terms <= Self.termsMax else { throw error("more than \(Self.termsMax) terms in one constraint; use IN {…}") }
        guard case .parameter(let name) = token.kind else { throw expected("`[parameter]`, `(` or `NOT`") }
        let index = try parameter(name)
        advance()
        if take(word: "LIKE") { return try like(index) }
        if take(word: "IN") { return try membership(index) }
        guard case .sign(let sign) = token.kind, let relation = ConstraintRelation(rawValue: sign) else {
            throw expected("`=`, `<>`, `<`, `<=`, `>`, `>=`, `IN` or `LIKE`")
        }
        advance()
        if case .parameter(let name) = token.kind { return try comparison(index, relation, with: try parameter(name)) }
        let literal = try literal(for: index, namesValue: relation == .equal || relation == .different)
        return .term(parameter: index, holds: parameters[index].values.map { relation.holds($0, literal) })
    }

    private mutating func comparison(
        _ first: Int, _ relation: ConstraintRelation, with second: Int
    ) throws(CaseDesignError) -> CasePredicate {
        let (left, right) = (parameters[first], parameters[second])
        guard left.isNumeric == right.isNumeric else {
            throw error(
                "`[\(left.name)]` is \(Self.type(left)) and `[\(right.name)]` is \(Self.type(right)): only like can be compared")
        }
        guard first != second else { throw error("`[\(left.name)]` is compared with itself") }
        advance()
        return .pair(
            first: first, second: second, secondCount: right.values.count,
            holds: left.values.flatMap { value in right.values.map { relation.holds(value, $0) } })
    }

    private mutating func like(_ index: Int) throws(CaseDesignError) -> CasePredicate {
        guard case .string(let pattern) = token.kind else { throw expected("a pattern in quotes, as \"FAT*\"") }
        guard !parameters[index].isNumeric else {
            throw error("`[\(parameters[index].name)]` is numeric: LIKE is for texts")
        }
        advance()
        return .term(
            parameter: index, holds: parameters[index].values.map { WildcardPattern(pattern).matches($0.name) })
    }

    private mutating func membership(_ index: Int) throws(CaseDesignError) -> CasePredicate {
        guard take(sign: "{") else { throw expected("`{`") }
        var literals: [CaseValue] = []
        repeat { literals.append(try literal(for: index, namesValue: true)) } while take(sign: ",")
        guard take(sign: "}") else { throw expected("`,` or `}`") }
        return .term(
            parameter: index,
            holds: parameters[index].values.map { value in
                literals.contains { ConstraintRelation.equal.holds(value, $0) }
            })
    }

    /// A text or a number, of the type of the parameter that it is held against.
    private mutating func literal(for index: Int, namesValue: Bool) throws(CaseDesignError) -> CaseValue {
        let parameter = parameters[index]
        let literal: CaseValue
        switch token.kind {
        case .string(let text):
            guard !parameter.isNumeric else {
                throw error("`[\(parameter.name)]` is numeric: write the number without quotes instead of \"\(text)\"")
            }
            literal = CaseValue(text)
        case .number(let text):
            literal = CaseValue(text)
            guard literal.number != nil else { throw error("`\(text)` is neither a number nor a text in quotes") }
            guard parameter.isNumeric else {
                throw error("`[\(parameter.name)]` holds texts: write \"\(text)\" in quotes")
            }
        default:
            throw expected(parameter.isNumeric ? "a number" : "a text in quotes")
        }
        if namesValue, !parameter.values.contains(where: { ConstraintRelation.equal.holds($0, literal) }) {
            let nearest = CaseText.suggestion(literal.name, parameter.values.map(\.name))
            warnings.append("line \(token.line): `\(parameter.name)` has no value `\(literal.name)`\(nearest)")
        }
        advance()
        return literal
    }

    private func parameter(_ name: String) throws(CaseDesignError) -> Int {
        let trimmed = name.trimmingBlanks
        if let index = parameters.firstIndex(where: { CaseText.equal($0.name, trimmed) }) { return index }
        throw error("there is no parameter `\(trimmed)`" + CaseText.suggestion(trimmed, parameters.map(\.name)))
    }

    private static func type(_ parameter: CaseParameter) -> String { parameter.isNumeric ? "numeric" : "a text" }

    // MARK: Tokens

    private var token: ConstraintToken { tokens[position] }

    private mutating func advance() { if position < tokens.count - 1 { position += 1 } }

    private mutating func take(word: String) -> Bool { take(.word(word)) }
    private mutating func take(sign: String) -> Bool { take(.sign(sign)) }
    private mutating func take(_ kind: ConstraintToken.Kind) -> Bool {
        guard token.kind == kind else { return false }
        advance()
        return true
    }

    private func expected(_ what: String) -> CaseDesignError { error("found \(token.shown); \(what) is expected") }

    private func error(_ message: String) -> CaseDesignError {
        CaseDesignError(.syntax, message, file: file, line: token.line, column: token.column)
    }
}
