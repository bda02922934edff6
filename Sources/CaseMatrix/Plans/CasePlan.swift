/// One row made concrete: an account of its own and what is done with it. It names no side: both get exactly this.
public struct CasePlan: Sendable, Hashable {
    /// Unique to this plan: it is part of the account's id and of each idempotency key, so that rows never meet. `E-000417-0`.
    public var id: String
    /// Dimension and value, in the model's order.
    public var values: [(dimension: String, value: String)] { dimensions.indices.map { (dimensions[$0], choices[$0]) } }
    public var dimensions: [String]
    public var choices: [String]
    /// The account as one JSON line, as the suite's `load` call takes it; its witnesses, if the suite gives it some, as further lines.
    public var fixture: String
    public var steps: [CaseStep]
    /// Asked when the row's steps (and the suite's `settle`) are through.
    public var readBack: [CaseCall]

    public init(
        id: String, dimensions: [String], choices: [String], fixture: String, steps: [CaseStep], readBack: [CaseCall]
    ) {
        self.id = id
        self.dimensions = dimensions
        self.choices = choices
        self.fixture = fixture
        self.steps = steps
        self.readBack = readBack
    }
}

/// Calls that are sent at the same time; a step of one call is simply that call.
public struct CaseStep: Sendable, Hashable {
    public var calls: [CaseCall]

    public init(calls: [CaseCall]) { self.calls = calls }
}

/// One request of a plan.
public struct CaseCall: Sendable, Hashable {
    /// Unique in the plan: what invariants, the oracle and reports call this answer (`payout`, `again`, `journal`).
    public var label: String
    /// The operation, whose comparison rules hold: `payout`.
    public var operation: String
    public var method: String
    /// Path and query, without the side's address.
    public var path: String
    public var headers: [CaseHeader]
    public var body: String?

    public init(
        label: String, operation: String, method: String, path: String, headers: [CaseHeader] = [], body: String? = nil
    ) {
        self.label = label
        self.operation = operation
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }
}

public struct CaseHeader: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What one side answered to a plan, label by label.
public struct SideTranscript: Sendable, Hashable {
    public struct Answer: Sendable, Hashable {
        public var label: String
        public var status: Int
        public var contentType: String?
        public var body: [UInt8]

        public init(label: String, status: Int, contentType: String?, body: [UInt8]) {
            self.label = label
            self.status = status
            self.contentType = contentType
            self.body = body
        }
    }

    /// In the order of the plan's calls, read-back last.
    public var answers: [Answer]

    public init(answers: [Answer]) { self.answers = answers }

    public subscript(label: String) -> Answer? { answers.first { $0.label == label } }
}
