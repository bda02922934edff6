/// What the comparisons of one try of one stage have shown so far.
///
/// Only what is **confirmed** comes in: a mismatch that a second look did not bear out is the caller's to leave out, together with its
/// comparison. Evidence is Codable so that a restart of the proxy is not a fresh try.
public struct StageEvidence: Sendable {
    /// Of this form on disk. A newer one is refused.
    public static let schema = 1

    public enum Outcome: Sendable, Hashable {
        /// The answers agree, or differ only where a rule forgives it.
        case match
        case mismatch
        /// A mismatch at a place or in an operation where none is forgiven. `place` says which, for the reader of the verdict.
        case criticalMismatch(place: String)
        /// The candidate did not answer where the legacy did. Counts as a mismatch: leaving crashes out would flatter whoever crashes.
        case candidateFailed
    }

    public let stage: StageAttempt
    public private(set) var basis: EvidenceBasis
    public let policy: PromotionPolicy
    /// One for each operation of the policy; empty when one of them can't be tested.
    private let tests: [SequentialTest]
    private var counts: [Counts]
    /// What rejected first; from then on the verdict stands.
    private var rejected: String?
    /// Comparisons that are no evidence, and why.
    public private(set) var leftOut = LeftOut()
    /// Calls of the audience that moves which the candidate answered itself.
    public private(set) var answered = 0

    public struct LeftOut: Sendable, Hashable, Codable {
        /// Their key had its part already.
        public var beyondKeyCap = 0
        /// Mismatches among those.
        public var mismatchesBeyondKeyCap = 0
        /// They named no key, and so never move.
        public var withoutKey = 0
        /// Their key is one too many to be remembered.
        public var beyondKeysMax = 0
        /// Of operations that the policy does not name.
        public var otherOperations = 0
    }

    private struct Counts: Sendable, Codable {
        var comparisons = 0
        var mismatches = 0
        /// By the key's mark.
        var perKey: [UInt64: Int] = [:]
    }

    public init(stage: StageAttempt, basis: EvidenceBasis, policy: PromotionPolicy) {
        self.stage = stage
        self.basis = basis
        self.policy = policy
        tests = Self.tests(policy, stage)
        counts = policy.operations.map { _ in Counts() }
    }

    private static func tests(_ policy: PromotionPolicy, _ stage: StageAttempt) -> [SequentialTest] {
        let tests = policy.operations.compactMap { policy.test(of: $0, attempt: stage.attempt) }
        return tests.count == policy.operations.count ? tests : []
    }

    /// Whether what was gathered still speaks of what runs now. If not: `RolloutEvent.evidenceVoided`, and a new value for the try that
    /// begins then.
    public func speaks(of basis: EvidenceBasis, under policy: PromotionPolicy) -> Bool {
        self.basis.agrees(with: basis) && policy == self.policy
    }

    /// What was gathered before the candidate said which build it is was gathered of this one; does nothing once a build is known.
    public mutating func learn(candidateBuild: String) {
        if basis.candidateBuild.isEmpty { basis.candidateBuild = candidateBuild }
    }

    /// An operation's place in the policy, to be looked up once; nil when the policy does not name it.
    public func index(of operation: String) -> Int? { policy.operations.firstIndex { $0.name == operation } }

    /// Takes one confirmed comparison. `operation` is from ``index(of:)``; `key` is nil when the request named none.
    public mutating func record(_ outcome: Outcome, operation: Int?, key: KeyMark?) {
        if case .criticalMismatch(let place) = outcome, rejected == nil {
            rejected = "a critical mismatch at `\(place)`\(name(operation)): none is forgiven there"
        }
        guard let operation, counts.indices.contains(operation) else {
            leftOut.otherOperations += 1
            return
        }
        guard let key else {
            leftOut.withoutKey += 1
            return
        }
        let isMismatch = outcome != .match
        let seen = counts[operation].perKey[key.value]
        if seen == nil, counts[operation].perKey.count >= policy.keysMax {
            leftOut.beyondKeysMax += 1
            return
        }
        // Beyond the cap neither matches nor mismatches count: counting the mismatches alone would reject good candidates.
        if let seen, seen >= policy.perKeyMax {
            leftOut.beyondKeyCap += 1
            if isMismatch { leftOut.mismatchesBeyondKeyCap += 1 }
            return
        }
        counts[operation].perKey[key.value] = (seen ?? 0) + 1
        counts[operation].comparisons += 1
        if isMismatch {
            counts[operation].mismatches += 1
            // Only a mismatch raises the ratio.
            noteRejection(operation)
        }
    }

    /// The candidate answered a caller of the audience that moves.
    public mutating func noteAnswered() { answered += 1 }

    private mutating func noteRejection(_ operation: Int) {
        guard rejected == nil, tests.indices.contains(operation) else { return }
        let count = counts[operation]
        guard tests[operation].decision(comparisons: count.comparisons, mismatches: count.mismatches) == .reject else { return }
        let rates = policy.operations[operation]
        rejected =
            "`\(rates.name)` is bad: \(count.mismatches) of \(count.comparisons) comparisons differed, "
            + "where at most \(rates.good) is good and \(rates.bad) is bad"
    }

    private func name(_ operation: Int?) -> String {
        guard let operation, policy.operations.indices.contains(operation) else { return "" }
        return " of `\(policy.operations[operation].name)`"
    }

    /// What the comparisons say now, without the words: cheap enough to be asked after every comparison.
    public var decision: EvidenceVerdict.Decision {
        if rejected != nil { return .reject }
        if tests.isEmpty { return .hold }
        for (test, count) in zip(tests, counts)
        where test.decision(comparisons: count.comparisons, mismatches: count.mismatches) != .promote { return .hold }
        return .promote
    }

    /// How many comparisons count so far, over all operations.
    public var comparisons: Int { counts.reduce(0) { $0 + $1.comparisons } }

    /// What it says now. Without comparisons it holds: nothing seen is neither good nor bad.
    ///
    /// - Parameter answeredMin: how many calls of the audience that moves the candidate must have answered itself.
    public func verdict(answeredMin: Int = 0) -> EvidenceVerdict {
        let figures = policy.operations.indices.compactMap(figures)
        func verdict(_ decision: EvidenceVerdict.Decision, _ reason: String) -> EvidenceVerdict {
            EvidenceVerdict(decision: decision, reason: reason, operations: figures, stage: stage, basis: basis)
        }
        if let rejected { return verdict(.reject, rejected) }
        // A policy without operations, or with rates that can't be told apart, can't be met: the plan's check says so.
        if tests.isEmpty {
            return verdict(.hold, "the policy names no operation that can be tested")
        }
        let open = figures.filter { $0.decision != .promote }
        if open.isEmpty {
            if answered < answeredMin {
                return verdict(
                    .hold,
                    "every operation is good, but of this stage's audience the candidate has answered \(answered == 0 ? "nobody" : "only \(answered)") itself, of "
                        + "\(answeredMin) that `answered-min` asks for: let its callers come")
            }
            let compared = figures.reduce(0) { $0 + $1.comparisons }
            let differed = figures.reduce(0) { $0 + $1.mismatches }
            return verdict(
                .promote, "every operation is good: \(compared) comparisons over \(figures.count), \(differed) differed")
        }
        let unseen = open.filter { $0.comparisons == 0 }.map { "`\($0.name)`" }
        let few = open.filter { $0.comparisons > 0 }.map { "`\($0.name)` needs \($0.stillNeeded) more without a mismatch" }
        var reasons: [String] = []
        if !unseen.isEmpty { reasons.append("nothing was compared of \(unseen.joined(separator: ", "))") }
        reasons += few
        if !unseen.isEmpty, leftOut.withoutKey > 0 { reasons.append("\(leftOut.withoutKey) comparisons named no key") }
        return verdict(.hold, "too little is known: " + reasons.joined(separator: "; "))
    }

    private func figures(_ index: Int) -> OperationFigures? {
        guard tests.indices.contains(index), counts.indices.contains(index) else { return nil }
        let test = tests[index]
        let rates = policy.operations[index]
        let count = counts[index]
        let needed = test.comparisonsNeeded(mismatches: count.mismatches)
        return OperationFigures(
            name: rates.name, comparisons: count.comparisons, mismatches: count.mismatches,
            ratio: test.ratio(comparisons: count.comparisons, mismatches: count.mismatches), promoteUpTo: test.promoteUpTo,
            rejectFrom: test.rejectFrom,
            decision: test.decision(comparisons: count.comparisons, mismatches: count.mismatches),
            stillNeeded: max(0, needed - count.comparisons))
    }
}

extension StageEvidence: Codable {
    private enum Key: String, CodingKey { case schema, stage, basis, policy, counts, rejected, leftOut, answered }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let schema = try container.decode(Int.self, forKey: .schema)
        guard schema == Self.schema else {
            throw DecodingError.dataCorruptedError(
                forKey: .schema, in: container,
                debugDescription: "The evidence has schema \(schema), and this program knows \(Self.schema): "
                    + "run the program that wrote it.")
        }
        stage = try container.decode(StageAttempt.self, forKey: .stage)
        basis = try container.decode(EvidenceBasis.self, forKey: .basis)
        policy = try container.decode(PromotionPolicy.self, forKey: .policy)
        tests = Self.tests(policy, stage)
        counts = try container.decode([Counts].self, forKey: .counts)
        rejected = try container.decodeIfPresent(String.self, forKey: .rejected)
        leftOut = try container.decode(LeftOut.self, forKey: .leftOut)
        // Evidence from before it was counted goes on.
        answered = try container.decodeIfPresent(Int.self, forKey: .answered) ?? 0
        let isSound = counts.allSatisfy { 0 <= $0.mismatches && $0.mismatches <= $0.comparisons }
        guard counts.count == policy.operations.count, isSound else {
            throw DecodingError.dataCorruptedError(
                forKey: .counts, in: container, debugDescription: "The evidence's counts are not those of its operations.")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.schema, forKey: .schema)
        try container.encode(stage, forKey: .stage)
        try container.encode(basis, forKey: .basis)
        try container.encode(policy, forKey: .policy)
        try container.encode(counts, forKey: .counts)
        try container.encodeIfPresent(rejected, forKey: .rejected)
        try container.encode(leftOut, forKey: .leftOut)
        try container.encode(answered, forKey: .answered)
    }
}
