public import RunRecords

/// What became of one row.
public struct RowVerdict: Sendable, Hashable {
    public var outcome: CaseClass
    /// The operation that differed first; the suite's name where it was a read-back or an invariant.
    public var operation: String
    public var title: String
    public var differences: [CaseDifference]
    public var violations: [String]
    public var note: String?
    public var signature: FailureSignature
    /// Every answer that was compared, with its operation, and whether it agreed.
    public var answers: [AnswerOutcome]

    public struct AnswerOutcome: Sendable, Hashable {
        public var operation: String
        public var isMismatch: Bool
        public var isCritical: Bool
    }

    public var isCritical: Bool { differences.contains(where: \.critical) || !violations.isEmpty }

    /// Whether the row speaks against one of the sides.
    public var isFailure: Bool {
        switch outcome {
        case .candidateWrong, .legacyQuirk, .bothWrong: true
        case .agree, .excused, .flaky, .error: false
        }
    }
}

/// What makes two failures of different rows the same one, for lists and for shrinking.
public struct FailureSignature: Sendable, Hashable {
    public var operation: String
    /// Generic paths of the first answer that differs.
    public var paths: Set<String>
    /// Names of broken invariants, with the side.
    public var invariants: Set<String>
    /// Operation and generic path of everything that differs, in whatever answer: `account $.balance`.
    public var places: Set<String>

    /// - Parameter places: those of the first answer that differs when left out.
    public init(
        operation: String = "", paths: Set<String> = [], invariants: Set<String> = [], places: Set<String>? = nil
    ) {
        self.operation = operation
        self.paths = paths
        self.invariants = invariants
        self.places = places ?? Set(paths.map { "\(operation) \($0)" })
    }

    public var isEmpty: Bool { paths.isEmpty && invariants.isEmpty }

    /// Whether a smaller row that fails like `other` still shows this failure: it differs in one of the same places or breaks one of
    /// the same invariants. Not in all of them: the fault that answers another refusal in a row that is refused anyway pays in a
    /// simpler one.
    public func isShown(by other: FailureSignature) -> Bool {
        !places.isDisjoint(with: other.places) || !invariants.isDisjoint(with: other.invariants)
    }

    /// One line for lists: failures of one fingerprint are one finding.
    public var fingerprint: String {
        paths.isEmpty
            ? invariants.sorted().joined(separator: "; ") : "\(operation) \(paths.sorted().joined(separator: ", "))"
    }
}
