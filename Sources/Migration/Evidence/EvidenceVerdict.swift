/// What the evidence of one try of one stage says, with the figures it rests on.
public struct EvidenceVerdict: Sendable, Hashable, Codable {
    public enum Decision: String, Sendable, Hashable, Codable, CaseIterable {
        /// Every operation is good.
        case promote
        /// There is too little to say.
        case hold
        /// One operation is bad, or a critical place differed.
        case reject
    }

    public var decision: Decision
    /// One sentence.
    public var reason: String
    public var operations: [OperationFigures]
    public var stage: StageAttempt
    public var basis: EvidenceBasis

    public init(
        decision: Decision, reason: String, operations: [OperationFigures] = [], stage: StageAttempt, basis: EvidenceBasis
    ) {
        self.decision = decision
        self.reason = reason
        self.operations = operations
        self.stage = stage
        self.basis = basis
    }
}

/// Which try of which step, both as the state machine counts them: step 0 is the shadow, the first try is 1.
public struct StageAttempt: Sendable, Hashable, Codable {
    public var step: Int
    public var attempt: Int

    public init(step: Int, attempt: Int) {
        self.step = step
        self.attempt = attempt
    }
}

/// What evidence is about. When any of it changes, what was gathered says nothing of what runs now.
public struct EvidenceBasis: Sendable, Hashable, Codable {
    /// A commit, an image's digest: whatever tells two builds of the candidate apart. Empty until the candidate has said it.
    public var candidateBuild: String
    /// A fingerprint of the comparison rules in force.
    public var rules: String

    public init(candidateBuild: String, rules: String) {
        self.candidateBuild = candidateBuild
        self.rules = rules
    }

    /// Whether both may be of the same build and are of the same rules: a build that nobody has seen yet is no other one.
    public func agrees(with other: EvidenceBasis) -> Bool {
        rules == other.rules && (candidateBuild == other.candidateBuild || candidateBuild.isEmpty || other.candidateBuild.isEmpty)
    }
}

/// One operation's part of a verdict.
public struct OperationFigures: Sendable, Hashable, Codable, CustomStringConvertible {
    public var name: String
    /// Those that count, mismatches included.
    public var comparisons: Int
    public var mismatches: Int
    /// The log-likelihood ratio, and between which two thresholds it stands.
    public var ratio: Double
    public var promoteUpTo: Double
    public var rejectFrom: Double
    public var decision: EvidenceVerdict.Decision
    /// How many more comparisons without a mismatch promote; 0 once they do.
    public var stillNeeded: Int

    /// `payout: 1200 compared, 1 mismatch; ratio -2.31 between -5.30 (promote) and 4.38 (reject): hold, 3 more without a mismatch promote`
    public var description: String {
        let counts = "\(name): \(comparisons) compared, \(mismatches) \(mismatches == 1 ? "mismatch" : "mismatches")"
        let place =
            "ratio \(hundredths(ratio)) between \(hundredths(promoteUpTo)) (promote) and \(hundredths(rejectFrom)) (reject)"
        let next = decision == .hold ? ", \(stillNeeded) more without a mismatch promote" : ""
        return "\(counts); \(place): \(decision.rawValue)\(next)"
    }

    private func hundredths(_ value: Double) -> String {
        guard abs(value) < 1e12 else { return "\(value)" }
        let units = Int((abs(value) * 100).rounded())
        return (value < 0 && units > 0 ? "-" : "") + "\(units / 100)." + String(String(units % 100 + 100).dropFirst())
    }
}
