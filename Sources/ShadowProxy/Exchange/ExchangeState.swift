import Verdicts

/// How an exchange is to go, known before anything is sent.
enum ExchangeCourse: Sendable {
    /// To both sides at once.
    case read
    /// To the shadow after the primary's definite answer.
    case mirroredWrite
    /// To the primary alone; the verdict if it answers (`never`, `unsampled`, `oversize` …).
    case primaryOnly(Verdict)
}

/// What a complete answer of the primary means for a mirrored write. (For a read every complete answer is just an answer.)
enum PrimaryAnswer: Sendable {
    /// It was done, or refused for good: 2xx, 3xx, most 4xx.
    case definite
    /// "Nothing was done, ask again": 408, 425, 429 and what the operation lists.
    case notDone
    /// 5xx: nobody knows.
    case serverError
}

/// How it ended with the shadow.
enum ShadowOutcome: Sendable, Equatable {
    case answered
    /// It answered beyond the limit, or the primary had: nothing to compare.
    case tooLarge
    /// A write that the shadow did not take, or a read it did not answer; with the verdict that this makes.
    case missed(Verdict)
    /// Not asked, because the comparison would prove nothing (behind, unverified, diverged); a write goes to the catch-up.
    case notAsked
}

/// What a comparison, together with the rechecks, came to.
enum ComparisonVerdict: Sendable, Equatable {
    case match
    case tolerated
    case mismatch
    /// The comparison proved nothing (the key was not comparable, the primary disagreed with itself, the pool was full).
    case notComparable
    case shed
}

/// What the handler has to do now. The order of doing is the order of the members.
struct ExchangeActions: OptionSet {
    let rawValue: UInt16

    /// The primary's own bytes go to the caller.
    static let answerCaller = ExchangeActions(rawValue: 1 << 0)
    /// 502 or 504 goes to the caller.
    static let answerProblem = ExchangeActions(rawValue: 1 << 1)
    /// Nobody knows whether the primary did it: ask again, and hold the keys until that is settled.
    static let askPrimaryAgain = ExchangeActions(rawValue: 1 << 2)
    /// The shadow may have it when its turn comes.
    static let armShadow = ExchangeActions(rawValue: 1 << 3)
    /// The shadow will not be asked, or its answer is of no use: leave its queues, cut a call that is under way.
    static let dropShadow = ExchangeActions(rawValue: 1 << 4)
    /// The keys are free at the primary.
    static let releasePrimary = ExchangeActions(rawValue: 1 << 5)
    /// Keep the write for the shadow's catch-up.
    static let keepForCatchUp = ExchangeActions(rawValue: 1 << 6)
    /// One side may have done it alone.
    static let markUnverified = ExchangeActions(rawValue: 1 << 7)
    static let compare = ExchangeActions(rawValue: 1 << 8)
    /// `verdict` is final: count it. Exactly once for each exchange.
    static let settle = ExchangeActions(rawValue: 1 << 9)
    /// Nothing more can happen.
    static let finish = ExchangeActions(rawValue: 1 << 10)
}

/// The progress of one request, as a value: events in, actions out, no sockets.
///
/// Laws (tested over random interleavings): the caller is answered exactly once, the verdict is given exactly once, the
/// primary's keys are released exactly once, and every exchange finishes.
struct ExchangeState {
    private enum Primary {
        case asked
        /// The first try ended without a definite answer; it is being asked again.
        case uncertain
        case answered
        case failed
    }

    private enum Shadow: Equatable {
        case open
        case ended(ShadowOutcome)
        case dropped
    }

    let course: ExchangeCourse
    private var primary = Primary.asked
    private var shadow = Shadow.open
    private(set) var verdict: Verdict?
    private(set) var isFinished = false

    init(course: ExchangeCourse) { self.course = course }

    var isCallerAnswered: Bool { primary != .asked }
    /// The verdict is out already; what still comes is evidence at most.
    var isLate: Bool { verdict != nil }

    private var isWrite: Bool { if case .mirroredWrite = course { true } else { false } }

    // MARK: The primary

    mutating func primaryAnswered(_ answer: PrimaryAnswer, oversize: Bool) -> ExchangeActions {
        guard primary == .asked else { return [] }
        switch course {
        case .primaryOnly(let verdict):
            primary = .answered
            shadow = .dropped
            return finishing([.answerCaller, .releasePrimary, settled(verdict)])
        case .read:
            primary = .answered
            if oversize {
                shadow = .dropped
                return finishing([.answerCaller, .dropShadow, .releasePrimary, settled(.oversize)])
            }
            let answered: ExchangeActions = [.answerCaller, .releasePrimary]
            return answered.union(readWithShadow())
        case .mirroredWrite:
            switch answer {
            case .definite:
                primary = .answered
                return [.answerCaller, .armShadow, .releasePrimary]
            case .notDone:
                primary = .answered
                shadow = .dropped
                return finishing([.answerCaller, .dropShadow, .releasePrimary, settled(.notComparable)])
            case .serverError:
                primary = .uncertain
                return [.answerCaller, .askPrimaryAgain, settled(.primaryError)]
            }
        }
    }

    /// - Parameter reached: whether any byte of the request may have reached the primary.
    mutating func primaryFailed(reached: Bool) -> ExchangeActions {
        guard primary == .asked else { return [] }
        if isWrite, reached {
            primary = .uncertain
            return [.answerProblem, .askPrimaryAgain, settled(.primaryError)]
        }
        primary = .failed
        shadow = .dropped
        return finishing([.answerProblem, .dropShadow, .releasePrimary, settled(.primaryError)])
    }

    /// The keys' queues were full, or the wait for them was too long: neither side was asked.
    mutating func refused() -> ExchangeActions {
        guard primary == .asked else { return [] }
        primary = .failed
        shadow = .dropped
        return finishing([.answerProblem, .dropShadow, .releasePrimary, settled(.shed)])
    }

    /// Asked again, the primary gave a definite answer: the write goes on to the shadow.
    mutating func primarySettled() -> ExchangeActions {
        guard primary == .uncertain else { return [] }
        primary = .answered
        return [.armShadow, .releasePrimary]
    }

    /// Asked again (or not, for want of an idempotency key), it stayed unknown.
    mutating func primaryUnsettled() -> ExchangeActions {
        guard primary == .uncertain else { return [] }
        primary = .failed
        shadow = .dropped
        return finishing([.dropShadow, .markUnverified, .releasePrimary])
    }

    // MARK: The shadow

    mutating func shadowEnded(_ outcome: ShadowOutcome) -> ExchangeActions {
        guard shadow == .open, !isFinished else { return [] }
        shadow = .ended(outcome)
        switch primary {
        case .asked, .uncertain: return []
        case .failed: return finishing([])
        case .answered: return isWrite ? writeWithShadow(outcome) : readWithShadow()
        }
    }

    /// The comparison (and the rechecks after it) are through.
    mutating func compared(_ result: ComparisonVerdict) -> ExchangeActions {
        guard primary == .answered, !isFinished else { return [] }
        let verdict: Verdict =
            switch result {
            case .match: .match
            case .tolerated: .tolerated
            case .mismatch: .mismatch
            case .notComparable: .notComparable
            case .shed: .shed
            }
        return finishing([settled(verdict)])
    }

    private mutating func readWithShadow() -> ExchangeActions {
        guard case .ended(let outcome) = shadow else { return [] }
        switch outcome {
        case .answered: return .compare
        case .tooLarge: return finishing([settled(.oversize)])
        case .missed(let verdict): return finishing([settled(verdict)])
        case .notAsked: return finishing([settled(.notComparable)])
        }
    }

    private mutating func writeWithShadow(_ outcome: ShadowOutcome) -> ExchangeActions {
        switch outcome {
        case .answered: return .compare
        case .tooLarge: return finishing([settled(.oversize)])
        case .missed(let verdict): return finishing([.keepForCatchUp, settled(verdict)])
        case .notAsked: return finishing([.keepForCatchUp, settled(.notComparable)])
        }
    }

    private mutating func settled(_ verdict: Verdict) -> ExchangeActions {
        guard self.verdict == nil else { return [] }
        self.verdict = verdict
        return .settle
    }

    private mutating func finishing(_ actions: ExchangeActions) -> ExchangeActions {
        isFinished = true
        return actions.union(.finish)
    }
}
