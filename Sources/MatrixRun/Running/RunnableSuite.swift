public import CaseDesign
public import CaseMatrix
public import Comparison
public import RuleFiles

/// What a run needs of a suite.
public protocol RunnableSuite: Sendable {
    var name: String { get }
    /// Dimensions and their values, in the model's order; rows are indices into these.
    var dimensions: [SuiteDimension] { get }
    /// What shrinking goes back to.
    var defaults: CaseRow { get }
    /// Variables that shrinking moves towards the default's value.
    var adjustable: [AdjustableVariable] { get }
    var loading: FixtureLoading { get }
    var settling: Settling? { get }
    func rules(for operation: String) -> ResponseRules
    func plan(_ row: CaseRow, case id: String, overriding: [String: String]) throws(ConfigurationError) -> CasePlan
    func brokenInvariants(in transcript: SideTranscript, of plan: CasePlan) -> [InvariantViolation]
    /// Whether the constraints let the row be.
    func allows(_ row: CaseRow) -> Bool
    /// The text of an adjustable variable in that row; nil where it has none.
    func value(of variable: AdjustableVariable, in row: CaseRow) -> String?
}

public struct SuiteDimension: Sendable, Hashable {
    public var name: String
    public var values: [String]

    public init(name: String, values: [String]) {
        self.name = name
        self.values = values
    }
}

public struct AdjustableVariable: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// A whole number.
        case amount
        /// `2026-03-02`.
        case date
    }

    public var name: String
    public var kind: Kind

    public init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// How accounts get into a side.
public struct FixtureLoading: Sendable {
    public var method: String
    public var path: String
    /// Lines in one request.
    public var linesMax: Int
    /// By the name of the batch, which is unique to the request.
    public var headers: @Sendable (String) -> [CaseHeader]

    public init(
        method: String = "POST", path: String, linesMax: Int = 500,
        headers: @escaping @Sendable (String) -> [CaseHeader] = { _ in [] }
    ) {
        self.method = method
        self.path = path
        self.linesMax = max(1, linesMax)
        self.headers = headers
    }
}

/// How a side says that what it does behind its answers is done.
public struct Settling: Sendable {
    public var path: String
    /// `$.pendingTaxEvents`, as written.
    public var pointer: String
    public var field: JSONField
    public var equals: String
    public var withinMs: Int

    public init(path: String, pointer: String, field: JSONField, equals: String, withinMs: Int) {
        self.path = path
        self.pointer = pointer
        self.field = field
        self.equals = equals
        self.withinMs = withinMs
    }
}
