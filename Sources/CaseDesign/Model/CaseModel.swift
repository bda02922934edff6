import RuleFiles

/// What a matrix is made of: parameters with their values, constraints between them, and rows that must be in.
public struct CaseModel: Sendable, Hashable {
    /// In the order in which rows and output name them.
    public var parameters: [CaseParameter]
    /// A row is valid when each of them holds and at most one of its values is negative.
    public var constraints: [CaseConstraint]
    /// Rows that must be in, as indices into each parameter's values; nil leaves a parameter free.
    public var seeds: [[Int?]]
    /// What is odd but allowed: a constraint that names a value which its parameter has not. One sentence each.
    public var warnings: [String]

    public init(
        parameters: [CaseParameter], constraints: [CaseConstraint] = [], seeds: [[Int?]] = [], warnings: [String] = []
    ) {
        self.parameters = parameters
        self.constraints = constraints
        self.seeds = seeds
        self.warnings = warnings
    }

    /// The index of a parameter; names are compared without regard to case, as PICT does.
    public func index(of parameter: String) -> Int? { parameters.firstIndex { CaseText.equal($0.name, parameter) } }

    /// Combinations with no regard to constraints; nil beyond Int's range.
    public var combinations: Int? {
        var product = 1
        for parameter in parameters {
            let (next, overflow) = product.multipliedReportingOverflow(by: parameter.values.count)
            if overflow { return nil }
            product = next
        }
        return product
    }

    /// `balance=0, customer=DECEASED`; what is free is left out.
    public func text(_ row: [Int?]) -> String {
        zip(parameters, row).compactMap { parameter, value in value.map { "\(parameter.name)=\(parameter.values[$0].name)" } }
            .joined(separator: ", ")
    }

    /// Whether a full row keeps every constraint, and PICT's rule that it holds at most one negative value.
    public func isValid(_ row: CaseRow) -> Bool { violation(by: row) == nil }

    /// Why a full row is not valid, as one sentence; nil when it is.
    public func violation(by row: CaseRow) -> String? {
        guard row.values.count == parameters.count else {
            return "the row has \(row.values.count) values, the model \(parameters.count) parameters"
        }
        for (parameter, value) in zip(parameters, row.values) where !parameter.values.indices.contains(value) {
            return "`\(parameter.name)` has no value number \(value)"
        }
        if let broken = constraints.first(where: { $0.predicate.truth(row.values) == false }) {
            return "the row breaks the constraint of line \(broken.line): \(broken.text)"
        }
        let negative = parameters.indices.filter { parameters[$0].values[row.values[$0]].isNegative }
        if negative.count > 1 {
            return "the row holds more than one negative value: "
                + negative.map { "\(parameters[$0].name)=~\(parameters[$0].values[row.values[$0]].name)" }.joined(separator: ", ")
        }
        return nil
    }
}

/// Text compared as PICT does by default: without regard to case.
enum CaseText {
    static func equal(_ left: String, _ right: String) -> Bool { left == right || left.lowercased() == right.lowercased() }
    static func less(_ left: String, _ right: String) -> Bool {
        left.lowercased().unicodeScalars.lexicographicallyPrecedes(right.lowercased().unicodeScalars)
    }

    /// `; did you mean `CLOSED`?`, or nothing.
    static func suggestion(_ word: String, _ names: [String]) -> String {
        guard word.count > 2, let nearest = NearestWord.to(word, among: names.map { $0.lowercased() }),
            let name = names.first(where: { $0.lowercased() == nearest })
        else { return "" }
        return "; did you mean `\(name)`?"
    }
}
