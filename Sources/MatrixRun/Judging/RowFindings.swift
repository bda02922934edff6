public import Comparison

/// One disagreement at one place of a row.
public struct AnswerFinding: Sendable, Hashable {
    /// The answer's label; of a step with several calls that of the legacy's (or of the side that is held against the rules).
    public var label: String
    public var operation: String
    /// Answers of one step belong together: which of them has which label is chance.
    public var place: String
    public var difference: Difference

    public init(label: String, operation: String, place: String, difference: Difference) {
        self.label = label
        self.operation = operation
        self.place = place
        self.difference = difference
    }

    /// Whether the two speak of the same value, or one of what the other's stands in. A status stands for the whole answer.
    func concerns(_ other: AnswerFinding) -> Bool {
        guard place == other.place else { return false }
        let path = difference.genericPath
        let otherPath = other.difference.genericPath
        return path == otherPath || !path.hasPrefix("$") || !otherPath.hasPrefix("$") || path.isAbove(otherPath)
            || otherPath.isAbove(path)
    }
}

extension String {
    /// `$.lines` is above `$.lines[].debit`, `$.line` is not.
    fileprivate func isAbove(_ other: String) -> Bool {
        guard other.hasPrefix(self), let next = other.utf8.dropFirst(utf8.count).first else { return false }
        return next == UInt8(ascii: ".") || next == UInt8(ascii: "[")
    }
}

/// A broken invariant of one side.
public struct InvariantViolation: Sendable, Hashable {
    public var name: String
    /// `gross = net + taxes (5479 ≠ 4700 + 760 + 18)`
    public var sentence: String

    public init(name: String, sentence: String) {
        self.name = name
        self.sentence = sentence
    }
}

/// Everything that was found about a row before it gets a class.
public struct RowFindings: Sendable, Hashable {
    /// The two sides against each other; `primary` is the legacy's value.
    public var between: [AnswerFinding] = []
    /// The legacy against the rules; `primary` is what they say.
    public var legacy: [AnswerFinding] = []
    /// The candidate against the rules.
    public var candidate: [AnswerFinding] = []
    public var legacyViolations: [InvariantViolation] = []
    public var candidateViolations: [InvariantViolation] = []
    /// A sentence for each side that gave no answer, and for the oracle when it should have said something and did not.
    public var unanswered: [String] = []

    public init() {}

    /// Differences of the sides about which the rules say nothing.
    public var unexplained: [AnswerFinding] {
        between.filter { finding in
            !legacy.contains { $0.concerns(finding) } && !candidate.contains { $0.concerns(finding) }
        }
    }

    public var isClean: Bool {
        between.isEmpty && legacy.isEmpty && candidate.isEmpty && legacyViolations.isEmpty && candidateViolations.isEmpty
            && unanswered.isEmpty
    }
}
