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
    var primarySide: Side
    var state: ExchangeState

    // Keys
    /// The queues of the only key while it stands in them, where its home owns that key: saves looking them up at each step.
    var firstQueue: KeyQueue<Exchange>?
    var keysHeld = 0
    var primaryReleased = false
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
        purpose: Purpose, request: ForwardedRequest, home: Lane, primarySide: Side
    ) {
        self.plan = plan
        self.operation = operation
        self.keys = keys
        self.isOrdered = isOrdered && !keys.isEmpty
        self.purpose = purpose
        self.request = request
        self.home = home
        self.primarySide = primarySide
        self.state = ExchangeState(course: course)
    }

    var isWrite: Bool { if case .mirroredWrite = state.course { true } else { false } }
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
        guard isOrdered else {
            allKeysHeld()
            return
        }
        if let key = keys.only, home.owner(of: key) === home {
            let queue = home.order.open(key)
            firstQueue = queue
            // A key stays where it is until the other side has caught up.
            if queue.trust.behind > 0 { primarySide = queue.side }
        }
        requestNextKey()
    }

    private func requestNextKey() {
        home.requestKey(keys[keysHeld], for: self, side: primarySide)
        if keysHeld < keys.count, alarm.isNone {
            alarm = home.wheel.schedule(self, afterMs: plan.plan.limits.keyWaitMs, purpose: Alarm.keyWait.rawValue)
        }
    }

    func granted() {
        keysHeld += 1
        guard state.isFinished == false else {
            // Refused meanwhile: what was granted goes back.
            home.releasePrimary(keys[keysHeld - 1], of: self)
            return
        }
        if keysHeld < keys.count {
            requestNextKey()
        } else {
            home.wheel.cancel(&alarm)
            allKeysHeld()
        }
    }

    func keyRefused() {
        guard keysHeld < keys.count, !state.isFinished else { return }
        home.wheel.cancel(&alarm)
        cause = "too many requests of key \(keys[keysHeld].text) were waiting"
        perform(state.refused())
    }

    private func allKeysHeld() {
        if isOrdered {
            if let queue = firstQueue {
                if isWrite { queue.trust.writes &+= 1 }
                writesSeen = queue.trust.writes
            } else {
                if isWrite { tellKeys(.written) }
                writesSeen = home.writes(of: keys)
            }
            if asksShadow { enterShadowQueues() }
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
                    primary: primaryAnswer, outcome: outcome, conditions: conditions, writes: writesSeen, asked: doubtsSeen))
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
