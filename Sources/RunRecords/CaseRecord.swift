/// What a row's three statements (legacy, candidate, the rules) came to.
public enum CaseClass: String, Codable, Sendable, CaseIterable {
    case agree
    /// Legacy and the rules agree; the candidate does not.
    case candidateWrong = "candidate-wrong"
    /// Candidate and the rules agree; the legacy does not.
    case legacyQuirk = "legacy-quirk"
    /// A legacy quirk that a signed exception covers.
    case excused
    /// The sides agree with each other and not with the rules or an invariant, or all three differ.
    case bothWrong = "both-wrong"
    /// Differed, and not when it was run again.
    case flaky
    /// A side or the oracle gave no answer: no verdict.
    case error
}

/// A row (or request, or account) that did not simply agree, with what is needed to see it again.
public struct CaseRecord: Codable, Sendable, Hashable {
    /// Unique within the run: `extended#000417`.
    public var id: String
    /// The call that differed first: `payout`; the suite's name when it is the read-back or an invariant.
    public var operation: String
    public var outcome: CaseClass
    public var critical: Bool
    /// `payout: $.grossInterest differs`.
    public var title: String
    /// Dimension and value, in the model's order.
    public var values: [DimensionValue]
    public var differences: [CaseDifference]
    /// Sentences of broken invariants: `candidate: gross = net + taxes (5479 ≠ 4700 + 760 + 18)`.
    public var violations: [String]
    /// The account as a fixture line.
    public var fixture: String?
    /// Commands that show it again, one for each side.
    public var curl: [String]
    /// The smallest row that still fails, if it was shrunk.
    public var minimal: MinimalCase?
    /// For errors: what failed. For excused ones: the exception's reason, owner and expiry.
    public var note: String?

    public init(
        id: String, operation: String, outcome: CaseClass, critical: Bool, title: String, values: [DimensionValue] = [],
        differences: [CaseDifference] = [], violations: [String] = [], fixture: String? = nil, curl: [String] = [],
        minimal: MinimalCase? = nil, note: String? = nil
    ) {
        self.id = id
        self.operation = operation
        self.outcome = outcome
        self.critical = critical
        self.title = title
        self.values = values
        self.differences = differences
        self.violations = violations
        self.fixture = fixture
        self.curl = curl
        self.minimal = minimal
        self.note = note
    }
}

public struct DimensionValue: Codable, Sendable, Hashable {
    public var dimension: String
    public var value: String

    public init(_ dimension: String, _ value: String) {
        self.dimension = dimension
        self.value = value
    }
}

/// One disagreement at one place of one answer of a row.
public struct CaseDifference: Codable, Sendable, Hashable {
    /// The answer's label in the suite: `payout`, `again`, `journal`.
    public var answer: String
    /// `$.grossInterest`, `status`.
    public var path: String
    public var kind: String
    /// As on the wire; nil when absent.
    public var legacy: String?
    public var candidate: String?
    /// What the rules say; nil when they say nothing about this place.
    public var expected: String?
    public var critical: Bool

    public init(
        answer: String, path: String, kind: String, legacy: String?, candidate: String?, expected: String?, critical: Bool
    ) {
        self.answer = answer
        self.path = path
        self.kind = kind
        self.legacy = legacy
        self.candidate = candidate
        self.expected = expected
        self.critical = critical
    }
}

/// A failing row after shrinking.
public struct MinimalCase: Codable, Sendable, Hashable {
    /// The values that had to stay other than their defaults.
    public var values: [DimensionValue]
    public var fixture: String
    public var curl: [String]
    public var differences: [CaseDifference]
    /// Rows that were run on the way.
    public var attempts: Int

    public init(values: [DimensionValue], fixture: String, curl: [String], differences: [CaseDifference], attempts: Int) {
        self.values = values
        self.fixture = fixture
        self.curl = curl
        self.differences = differences
        self.attempts = attempts
    }
}
