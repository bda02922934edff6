import Comparison

/// What an invariant says, as it was parsed.
indirect enum InvariantExpression: Sendable {
    enum Operator: String, Sendable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    enum Arithmetic: String, Sendable {
        case plus = "+"
        case minus = "-"
        case times = "*"
    }

    enum Aggregate: String, Sendable, CaseIterable {
        case sum, count, min, max
    }

    case constant(JSONValue)
    case path(TranscriptPath)
    case arithmetic(InvariantExpression, Arithmetic, InvariantExpression)
    case negative(InvariantExpression)
    case comparison(InvariantExpression, Operator, InvariantExpression)
    case and(InvariantExpression, InvariantExpression)
    case or(InvariantExpression, InvariantExpression)
    case implies(InvariantExpression, InvariantExpression)
    case not(InvariantExpression)
    case aggregate(Aggregate, TranscriptPath)
    case exists(TranscriptPath)
    /// No value stands twice.
    case distinct(TranscriptPath)
    /// The expression holds for each value, which is `@` in it.
    case all(TranscriptPath, InvariantExpression)
    case any(TranscriptPath, InvariantExpression)
    /// How many unsafe calls of the row's steps were answered with 2xx.
    case accepted

    /// The labels that are asked for.
    var labels: Set<String> {
        switch self {
        case .constant, .accepted: []
        case .path(let path), .aggregate(_, let path), .exists(let path), .distinct(let path): path.labels
        case .arithmetic(let left, _, let right), .comparison(let left, _, let right), .and(let left, let right),
            .or(let left, let right), .implies(let left, let right):
            left.labels.union(right.labels)
        case .negative(let inner), .not(let inner): inner.labels
        case .all(let path, let inner), .any(let path, let inner): path.labels.union(inner.labels)
        }
    }
}

/// Where a value stands: `payout.status`, `payout.$.netInterest`, `$.lines[kind="PAYOUT"].debit`, `@.debits`.
struct TranscriptPath: Sendable, Hashable {
    enum Root: Sendable, Hashable {
        /// An answer by its label, and nothing else: only whether it is there.
        case answer(String)
        case status(String)
        case body(String)
        /// `$…`: the body of the answer that the invariant is asked for.
        case current
        /// `@…`: the value that `all` or `any` looks at.
        case element
    }

    enum Segment: Sendable, Hashable {
        case member(String)
        case index(Int)
        case each
        /// The elements with this member of this value.
        case matching(String, JSONValue)
    }

    let root: Root
    let segments: [Segment]
    /// As it is written.
    let text: String

    /// Whether it can take several values.
    var isPlural: Bool {
        segments.contains { segment in
            switch segment {
            case .each, .matching: true
            case .member, .index: false
            }
        }
    }

    var labels: Set<String> {
        switch root {
        case .answer(let label), .status(let label), .body(let label): [label]
        case .current, .element: []
        }
    }
}
