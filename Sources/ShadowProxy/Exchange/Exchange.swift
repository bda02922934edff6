import Comparison
import NIOCore
import Verdicts

/// One request on its way: from the moment it is known to its verdict, and on to its late comparison if there is one.
///
/// It belongs to one lane at a time: the client's until it is handed over, its home afterwards (the owner lane of its first key
/// if it is ordered). Nothing else touches it, hence `@unchecked Sendable`.
final class Exchange: DeadlineOwner, CallOwner, @unchecked Sendable {
    /// For whom it runs.
    enum Purpose {
        case caller(ClientSlot)
        /// The proxy asks both sides for itself; the result goes to `done` on the home lane, and no verdict is counted.
        case probe(done: (ProbeResult) -> Void)
    }

    /// Why neither side was asked.
    enum Refusal {
        case keyBusy
        /// The key did not change sides in time.
        case handOver
        /// Its keys could not be noted as written on the candidate.
        case unnoted
        /// A body beyond the limit takes no turn in its key's queue.
        case bodyTooLarge
    }

    /// Deadlines of an exchange.
    enum Alarm: UInt8 {
        case keyWait
        case askAgain
        case recheck
    }

    let plan: CompiledPlan
    let operation: CompiledOperation
    /// Sorted by (lane, key), without duplicates.
    let keys: KeyList
    /// Takes its turn in its keys' queues.
    let isOrdered: Bool
    let purpose: Purpose
    private(set) var request: ForwardedRequest
    let home: Lane
    /// Which of the plan's audiences the caller belongs to.
    let audience: Int
    /// Where it is to go; once it has its turn, where it goes.
    var primarySide: Side
    var state: ExchangeState

    // Keys
    /// The queues of the only key while it stands in them, where its home owns that key: saves looking them up at each step.
    var firstQueue: KeyQueue<Exchange>?
    var keysHeld = 0
    var primaryReleased = false
    /// A read that goes where its key still is, while the key is to change sides: for the primary alone.
    var overtakes = false
    /// It could not get to the candidate, and goes to the legacy instead.
    var hasFallenBack = false
    /// What the caller is told where neither side was asked.
    var refusal = Refusal.keyBusy
    var frontsMissing = 0
    var isInShadowQueues = false
    var conditions = KeyConditions()
    /// The keys' writes as it took its turn, for a recheck to see whether one came between; nil when another lane knows.
    var writesSeen: UInt64?
    var isPinned = false
    /// The proxy's count of doubts before the primary was asked.
    var doubtsSeen: UInt64 = 0

    // Calls
    var primaryCall: Call?
    var shadowCall: Call?
    var primaryAnswer: SideAnswer?
    var shadowAnswer: SideAnswer?
    var isShadowArmed = false
    /// It has answered, failed, or will not be asked.
    var isShadowThrough = false
    /// It was given to the shadow, which has not said that it did nothing with it.
    var mayBeAtShadow = false
    var isPrimaryOversize = false
    var isReplyStreaming = false
    /// The request's body is beyond the limit and comes through `upload`.
    var isUpload = false
    var unacknowledged = 0

    // Afterwards
    var cause: String?
    /// How the primary failed, for the caller's 502 or 504.
    var failedWith: CallFailure?
    var persistence = Persistence.unconfirmed
    var evidenceID: String?
    var differences: [Difference] = []
    var settleTries = 0
    var recheckTries = 0
    /// What a probe found.
    var outcome: ComparisonOutcome?
    var isCounted = false
    var backlogBytes = 0
    var isInBacklog = false
    /// A missed write is on its way to the disk: the journal keeps it until it is there.
    var keepsJournal = false
    var journalSlot: Int?
    var alarm = DeadlineWheel.Handle.none

    init(
        plan: CompiledPlan, operation: CompiledOperation, keys: KeyList, isOrdered: Bool, course: ExchangeCourse,
        purpose: Purpose, request: ForwardedRequest, home: Lane, audience: Int = 0, primarySide: Side = .legacy
    ) {
        self.plan = plan
        self.operation = operation
        self.keys = keys
        self.isOrdered = isOrdered && !keys.isEmpty
        self.purpose = purpose
        self.request = request
        self.home = home
        self.audience = audience
        self.primarySide = primarySide
        self.state = ExchangeState(course: course)
    }

    var isWrite: Bool { if case .mirroredWrite = state.course { true } else { false } }
    /// It may change something on the side that answers it.
    var isUnsafe: Bool { !isProbe && (isWrite || request.method == .unsafe) }
    var asksShadow: Bool { if case .primaryOnly = state.course { false } else { true } }
    /// A write that only the primary gets: when it is done, the sides may differ in its keys.
    var isOneSidedWrite: Bool {
        guard !keys.isEmpty, !isProbe else { return false }
        return switch operation.mode {
        case .never: request.method == .unsafe
        case .mirroredWrite: isUpload
        case .read: false
        }
    }
    var isProbe: Bool { if case .probe = purpose { true } else { false } }

    // MARK: Keys

    /// On the home lane: counts it and sends it on its way.
    func begin() {
        home.received(self)
        if !isProbe { primarySide = home.decide(self) }
        guard isOrdered else {
            allKeysHeld()
            return
        }
        if let key = keys.only, home.owner(of: key) === home { firstQueue = home.order.open(key) }
        requestNextKey()
    }

    /// Whether it changes nothing and is about one key, so that it can go where the key is.
    private var followsItsKey: Bool { !isWrite && request.method.isSafe && keys.only != nil }

    private func requestNextKey() {
        let asked = keysHeld
        let manner: KeyQueue<Exchange>.Manner =
            isProbe ? .looks : followsItsKey ? .follows : keysHeld == 0 ? .moves : .joins
        home.requestKey(keys[keysHeld], for: self, side: primarySide, manner)
        // Granted at once, it has asked for the next already.
        if keysHeld == asked, keysHeld < keys.count, alarm.isNone, !state.isFinished {
            alarm = home.wheel.schedule(self, afterMs: plan.plan.limits.keyWaitMs, purpose: Alarm.keyWait.rawValue)
        }
    }

    /// Its turn comes once the key has changed sides: that is bounded by itself.
    func waitsForHandOver() {
        guard keysHeld < keys.count, !state.isFinished else { return }
        let limits = plan.plan.limits
        home.wheel.cancel(&alarm)
        alarm = home.wheel.schedule(
            self, afterMs: min(limits.keyWaitMs, limits.handOverWaitMs), purpose: Alarm.keyWait.rawValue)
    }

    func granted(at side: Side, overtakes: Bool) {
        keysHeld += 1
        guard state.isFinished == false else {
            // Refused meanwhile: what was granted goes back.
            home.releasePrimary(keys[keysHeld - 1], of: self)
            return
        }
        if isProbe, keysHeld > 1, side != primarySide {
            home.wheel.cancel(&alarm)
            cause = "its keys are not at one side"
            perform(state.refused())
            return
        }
        primarySide = side
        self.overtakes = overtakes
        if keysHeld < keys.count {
            requestNextKey()
        } else {
            home.wheel.cancel(&alarm)
            allKeysHeld()
        }
    }

    /// - Parameter wasCrossing: the key did not change sides in time, or can't.
    func keyRefused(wasCrossing: Bool) {
        guard keysHeld < keys.count, !state.isFinished else { return }
        home.wheel.cancel(&alarm)
        if wasCrossing, primarySide == .candidate, !hasFallenBack { return fallBack() }
        let key = keys[keysHeld].text
        cause = wasCrossing ? "key \(key) did not change sides in time" : "too many requests of key \(key) were waiting"
        refusal = wasCrossing ? .handOver : .keyBusy
        perform(state.refused())
    }

    /// Nobody has to go to the candidate: the legacy answers it after all.
    private func fallBack() {
        hasFallenBack = true
        for index in 0..<keysHeld { home.releasePrimary(keys[index], of: self) }
        keysHeld = 0
        primarySide = .legacy
        // Nobody stood in it any more: it may have been forgotten meanwhile.
        if let key = keys.only, home.owner(of: key) === home { firstQueue = home.order.open(key) }
        requestNextKey()
    }

    private func allKeysHeld() {
        // It takes no turn in its key's queue, so nobody would know when nothing of the key is under way.
        if isUpload, isUnsafe, !keys.isEmpty, home.hasMovedKeys {
            refusal = .bodyTooLarge
            cause = "its body is beyond the limit, and a rollout moves keys"
            return perform(state.refused())
        }
        guard primarySide == .candidate, isUnsafe, home.rollout != nil else { return proceed() }
        // It may have waited for a further key, or for the disk: what it was decided by may hold no longer.
        if home.decideAgain(self) == .legacy, !hasFallenBack { return fallBack() }
        guard home.mustNote(keys) else { return proceed() }
        home.noteWritten(keys) { [self] isNoted in
            if isNoted { return allKeysHeld() }
            // The legacy has all of a key that the candidate has never written.
            if !hasFallenBack, home.hasWrittenNone(of: keys) { return fallBack() }
            cause = "its keys could not be noted as written on the candidate"
            refusal = .unnoted
            perform(state.refused())
        }
    }

    private func proceed() {
        if home.isRetired, primarySide == .candidate, asksShadow { state = ExchangeState(course: .primaryOnly(.unsampled)) }
        if isOrdered {
            if let queue = firstQueue {
                if isWrite { queue.trust.writes &+= 1 }
                writesSeen = queue.trust.writes
            } else {
                if isWrite { tellKeys(.written) }
                writesSeen = home.writes(of: keys)
            }
            if asksShadow {
                if overtakes {
                    cause = "its key was changing sides"
                    perform(state.shadowEnded(.notAsked))
                } else {
                    enterShadowQueues()
                }
            }
        }
        askPrimary()
        if case .read = state.course { armShadow() }
    }

    private func enterShadowQueues() {
        if case .read = state.course, home.isShadowBacklogFull {
            home.noteBacklogFull()
            cause = "too much was waiting for the shadow"
            perform(state.shadowEnded(.missed(.shed)))
            return
        }
        isInShadowQueues = true
        frontsMissing = keys.count
        home.enterBacklog(self)
        if let firstQueue {
            home.enterShadow(firstQueue, self)
        } else {
            for key in keys { home.enterShadow(key, self) }
        }
    }

    func releaseKeys() {
        guard !primaryReleased else { return }
        primaryReleased = true
        guard isOrdered else { return }
        if let firstQueue {
            if keysHeld == 1 { home.releasePrimary(firstQueue, of: self) }
            if !isInShadowQueues { self.firstQueue = nil }
        } else {
            for index in 0..<keysHeld { home.releasePrimary(keys[index], of: self) }
        }
    }

    func leaveShadowQueues() {
        home.leaveBacklog(self)
        guard isInShadowQueues else { return }
        isInShadowQueues = false
        if let firstQueue {
            home.leaveShadow(firstQueue, self)
            if primaryReleased { self.firstQueue = nil }
        } else {
            for key in keys { home.leaveShadow(key, self) }
        }
    }

    func tellKeys(_ news: KeyNews) {
        for key in keys { home.tell(news, of: key) }
    }

    func deadlineReached(_ purpose: UInt8) {
        alarm = .none
        switch Alarm(rawValue: purpose) {
        case .keyWait: if keysHeld < keys.count { home.giveUpWaiting(keys[keysHeld], for: self) }
        case .askAgain: askPrimaryAgain()
        case .recheck: recheck()
        case nil: break
        }
    }

    // MARK: What the state machine wants done

    func perform(_ actions: ExchangeActions) {
        if actions.isEmpty { return }
        if actions.contains(.answerCaller) { answerCaller() }
        if actions.contains(.answerProblem) { answerProblem() }
        if actions.contains(.answerCaller) || actions.contains(.answerProblem) { home.primaryEnded(self) }
        if actions.contains(.settle) { home.settle(self) }
        if actions.contains(.askPrimaryAgain) { becomeUncertain() }
        if actions.contains(.armShadow) { armShadow() }
        if actions.contains(.dropShadow) { dropShadow() }
        if actions.contains(.markUnverified) { markUnverified() }
        if actions.contains(.keepForCatchUp) { keepForCatchUp() }
        if actions.contains(.releasePrimary) { releaseKeys() }
        if actions.contains(.compare) { compare() }
        if actions.contains(.finish) { finish() }
    }

    private func dropShadow() {
        shadowCall?.cancel()
        shadowCall = nil
        leaveShadowQueues()
    }

    private func finish() {
        home.wheel.cancel(&alarm)
        if case .probe(let done) = purpose {
            done(
                ProbeResult(
                    primary: primaryAnswer, side: primarySide, outcome: outcome, showing: showing,
                    conditions: conditions, writes: writesSeen, asked: doubtsSeen))
        }
        home.finished(self)
    }

    /// After an ordinary end the memory of its bytes serves the next; whatever might still be shown keeps it.
    func giveMemoryBack() {
        switch state.verdict {
        case .match, .tolerated, .never, .unsampled: break
        default: return
        }
        guard !keepsJournal, !isReplyStreaming, !isUpload else { return }
        home.spareBuffers.giveBack(request.wire)
        request = .none
        if let answer = primaryAnswer.take() { home.spareBuffers.giveBack(answer.body) }
        if let answer = shadowAnswer.take() { home.spareBuffers.giveBack(answer.body) }
    }

    // MARK: Calls

    func call(_ call: Call, answered answer: SideAnswer) {
        if call === primaryCall { primaryAnswered(answer) } else if call === shadowCall { shadowAnswered(answer) }
    }

    func call(_ call: Call, failed failure: CallFailure) {
        if call === primaryCall { primaryFailed(failure, call) } else if call === shadowCall { shadowFailed(failure) }
    }

    func call(_ call: Call, streams answer: SideAnswer) { if call === primaryCall { primaryStreams(answer) } }
    func call(_ call: Call, streamed piece: ByteBuffer) { if call === primaryCall { primaryStreamed(piece) } }
    func callStreamEnded(_ call: Call) { if call === primaryCall { primaryStreamEnded() } }
}
