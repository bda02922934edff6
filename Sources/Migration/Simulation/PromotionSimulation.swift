internal import Foundation

/// Tries a promotion policy on made-up traffic whose true rates are known, many times over: how often it is wrong.
///
/// It runs the very code that decides about a rollout. The same seed gives the same table.
public struct PromotionSimulation: Sendable {
    /// What is tried.
    public struct Setting: Sendable {
        public var title: String
        public var policy: PromotionPolicy
        /// How often the candidate really differs, for each operation of the policy.
        public var trueRates: [Share]
        /// How many keys the traffic has; each comparison is of one of them, drawn evenly.
        public var keys: Int
        /// Whether a key differs either always or never, rather than each comparison by itself: one broken account, asked often.
        public var keysAreAllOrNothing: Bool
        /// How often a rejected stage is tried again, the first time included.
        public var tries: Int
        /// Comparisons of one try, over all operations, after which it counts as undecided.
        public var comparisonsMax: Int

        public init(
            title: String, policy: PromotionPolicy, trueRates: [Share], keys: Int = 5_000, keysAreAllOrNothing: Bool = false,
            tries: Int = 1, comparisonsMax: Int = 50_000
        ) {
            self.title = title
            self.policy = policy
            self.trueRates = trueRates
            self.keys = max(1, keys)
            self.keysAreAllOrNothing = keysAreAllOrNothing
            self.tries = max(1, tries)
            self.comparisonsMax = comparisonsMax
        }

        /// Every operation is good: whoever rejects is wrong.
        public var isGood: Bool { zip(trueRates, policy.operations).allSatisfy { $0 <= $1.good } }
        /// Some operation is bad: whoever promotes is wrong.
        public var isBad: Bool { zip(trueRates, policy.operations).contains { $0 >= $1.bad } }
    }

    /// What came of it.
    public struct Row: Sendable {
        public var setting: Setting
        public var runs: Int
        /// At some try.
        public var promoted = 0
        /// At some try at least.
        public var rejected = 0
        /// Neither.
        public var undecided = 0
        /// Those that counted, over all runs.
        public var comparisons = 0

        /// How often it was wrong; 0 for a candidate that is neither good nor bad.
        public var wrong: Int { setting.isGood ? rejected : setting.isBad ? promoted : 0 }
        /// What the policy promises at most.
        public var promised: Share { setting.isGood ? setting.policy.alpha : setting.isBad ? setting.policy.beta : .all }
        /// How many wrong runs the promise allows, with four standard deviations for the luck of so many runs.
        public var wrongMax: Double {
            let rate = promised.fraction
            return Double(runs) * rate + 4 * (Double(runs) * rate * (1 - rate)).squareRoot()
        }
        public var keepsPromise: Bool { Double(wrong) <= wrongMax }
    }

    public var seed: UInt64
    public var runs: Int

    public init(seed: UInt64 = 1, runs: Int = 10_000) {
        self.seed = seed
        self.runs = runs
    }

    public func row(of setting: Setting) -> Row {
        var random = SeededGenerator(seed: seed)
        var row = Row(setting: setting, runs: runs)
        for _ in 0..<runs {
            var wasPromoted = false
            var wasRejected = false
            for attempt in 1...setting.tries where !wasPromoted {
                let evidence = oneTry(setting, attempt, &random)
                row.comparisons += evidence.comparisons
                wasPromoted = evidence.decision == .promote
                if evidence.decision == .reject { wasRejected = true }
                // A stage without a decision goes on as it is; nobody tries it again.
                if evidence.decision == .hold { break }
            }
            if wasPromoted { row.promoted += 1 }
            if wasRejected { row.rejected += 1 }
            if !wasPromoted, !wasRejected { row.undecided += 1 }
        }
        return row
    }

    private func oneTry(_ setting: Setting, _ attempt: Int, _ random: inout SeededGenerator) -> StageEvidence {
        var evidence = StageEvidence(
            stage: StageAttempt(step: 0, attempt: attempt), basis: EvidenceBasis(candidateBuild: "", rules: ""),
            policy: setting.policy)
        // Which keys are broken is drawn anew with every run, by a number that differs from run to run.
        let dealt = random.next()
        var made = 0
        while made < setting.comparisonsMax, evidence.decision == .hold {
            for (operation, rate) in setting.trueRates.enumerated() {
                let key = random.next() % UInt64(setting.keys)
                let draw =
                    setting.keysAreAllOrNothing ? SeededGenerator.mix(dealt ^ (key &* 0x9e37_79b9_7f4a_7c15)) : random.next()
                let differs = draw % 100_000 < UInt64(rate.thousandths)
                evidence.record(differs ? .mismatch : .match, operation: operation, key: KeyMark(value: key))
                made += 1
                if evidence.decision == .reject { return evidence }
            }
        }
        return evidence
    }
}

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.mix(state)
    }

    static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
