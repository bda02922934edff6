import Comparison
import DequeModule
import NIOCore
import Synchronization
import Verdicts

/// Sends the shadow what it missed: per key in the order in which the primary executed it, a write of two keys after the earlier
/// ones of both. Lives on lane 0; the lanes tell it what they kept, it tells them what is through.
///
/// While a side fails, a breaker lets one write at a time probe it. A try counts against a write only if the side was up
/// otherwise (it answered something good, to whichever lane, since the try before, or answered this very write by an error of
/// its own): a shadow that is down for an hour makes no key diverge, a write that crashes its handler does.
final class CatchUpDrain: DeadlineOwner, CallOwner {
    /// Opens the cause of a kept write whose primary answer was too large to keep: only the status is compared then.
    static let statusOnlyMark = "[status only] "
    private static let underWayMax = 8
    private static let failuresToBreak = 3
    private static let backoffMsMax = 30_000
    private unowned let lane: Lane
    private var keys: [String: BehindKey] = [:]
    private var hand = KeysInHand()
    /// The store refused to say what is the oldest write of these.
    private var unfetched: [BehindKey] = []
    private var attempts: [Int64: CatchUpAttempt] = [:]
    /// Attempts that wait for the breaker or for a free place, in order.
    private var held = Deque<CatchUpAttempt>()
    /// The attempts that are under way.
    private var byCall: [ObjectIdentifier: CatchUpAttempt] = [:]
    private var underWay = 0
    private var failuresInARow = 0
    private var breakerAlarm = DeadlineWheel.Handle.none
    private var storeCalls = 0
    private var fetches: UInt64 = 0
    private(set) var caughtUp = 0
    private(set) var caughtUpDifferent = 0
    private(set) var givenUp = 0
    /// Tries in vain, whether they count against a write or not.
    private(set) var failures = 0

    init(lane: Lane) { self.lane = lane }

    /// Nothing that a stop must wait for: what is kept stays on disk.
    var isQuiet: Bool { storeCalls == 0 }
    private var isBroken: Bool { failuresInARow >= Self.failuresToBreak }

    // MARK: Which write is next

    func appended(keys names: [String], side: Side, writes: Int = 1) {
        for name in names {
            let key = keys[name] ?? BehindKey(key: name, side: side)
            keys[name] = key
            key.outstanding += writes
            advance(key)
        }
    }

    /// - Parameter isAwaited: it is in hand already, or something in hand waits for it: not to be put in line.
    private func advance(_ key: BehindKey, isAwaited: Bool = false) {
        guard !lane.isStopping, !key.isInHand else { return }
        guard key.outstanding > 0 else {
            if key.outstanding == 0 { keys[key.key] = nil }
            return
        }
        guard isAwaited || hand.hasRoom else {
            hand.putInLine(key)
            return
        }
        fetches += 1
        hand.hold(key, nil, fetch: fetches)
        storeCalls += 1
        let lane = self.lane
        lane.catchUp.next(key: key.key, side: key.side) { [name = key.key, fetch = fetches] result in
            lane.loop.execute { lane.drain?.fetched(name, fetch, result) }
        }
    }

    private func callUpLine() {
        while let key = hand.nextInLine() {
            // It may have been caught up with another's write, and come back as a new one.
            if keys[key.key] === key { advance(key) }
        }
    }

    private func fetched(_ name: String, _ fetch: UInt64, _ result: Result<MissedWrite?, any Error>) {
        storeCalls -= 1
        defer { lane.checkStopped() }
        guard let key = keys[name], key.fetch == fetch else { return }
        hand.hold(key, try? result.get())
        switch result {
        case .success(let write?):
            if key.isDiverged {
                drop(write, "an earlier write of key \(name) could not be caught up")
            } else {
                startIfFirst(write)
            }
        case .success(nil):
            // Removed by hand (`countersign resync`): the count is wrong, the store is right.
            let lost = key.outstanding
            if lost > 0, !key.isResynced {
                let cause = "a missed write of it was dropped when another key was resynced"
                lane.tell(.unverified(cause, mayBeUnderWay: false), of: RequestKey(name))
            }
            key.outstanding = 0
            keys[name] = nil
            for _ in 0..<max(0, lost) { lane.tell(.caughtUp, of: RequestKey(name)) }
            callUpLine()
        case .failure:
            // The store will be asked again when the breaker is tried.
            unfetched.append(key)
            armBreaker()
        }
    }

    /// A write goes when it is the oldest of all its keys.
    private func startIfFirst(_ write: MissedWrite) {
        guard attempts[write.id] == nil else { return }
        var isFirst = true
        for name in write.keys {
            guard let key = keys[name] else { return }
            if key.first?.id == write.id { continue }
            isFirst = false
            advance(key, isAwaited: true)
        }
        guard isFirst else { return }
        let attempt = CatchUpAttempt(write, drain: self)
        attempts[write.id] = attempt
        retry(attempt)
    }

    /// The key is trusted by hand: nothing that is held here for it is sent. What the store still has of it is asked for anew.
    func forget(_ name: String) {
        for attempt in Array(attempts.values) where attempt.write.keys.contains(name) {
            attempts[attempt.write.id] = nil
            lane.wheel.cancel(&attempt.alarm)
            guard let call = attempt.call, ended(call) != nil else { continue }
            call.cancel()
            guard call.wasSent else { continue }
            let cause = "a missed write of it was on its way when \(name) was resynced"
            let readBack = operation(of: attempt.write).readBack?.text
            for other in attempt.write.keys { lane.tell(.unverified(cause, readBack: readBack), of: RequestKey(other)) }
        }
        held.removeAll { attempts[$0.write.id] !== $0 }
        keys[name]?.isResynced = true
        keys[name]?.isDiverged = false
        // A write of several keys may be the first of another key, or be on its way from the store.
        for key in Array(keys.values)
        where key.key == name || key.isFetching || key.first?.keys.contains(name) == true {
            hand.hold(key, nil)
            advance(key, isAwaited: true)
        }
        callUpLine()
        letHeldGo()
    }

    // MARK: Sending

    func retry(_ attempt: CatchUpAttempt) {
        guard !lane.isStopping else { return }
        guard underWay < (isBroken ? 1 : Self.underWayMax), breakerAlarm.isNone || !isBroken else {
            held.append(attempt)
            return
        }
        underWay += 1
        let pool = lane.pool(attempt.write.side)
        let request = ForwardedRequest(attempt.write.request, allocator: lane.allocator)
        let call = Call(pool: pool, owner: self, request: request, isSafe: false)
        attempt.call = call
        byCall[ObjectIdentifier(call)] = attempt
        call.start()
    }

    /// The attempt whose call is over; its place is free again.
    private func ended(_ call: Call) -> CatchUpAttempt? {
        guard let attempt = byCall.removeValue(forKey: ObjectIdentifier(call)) else { return nil }
        attempt.call = nil
        underWay -= 1
        return attempt
    }

    func call(_ call: Call, answered answer: SideAnswer) {
        guard let attempt = ended(call) else { return }
        let operation = operation(of: attempt.write)
        switch PrimaryAnswer(answer, notDone: operation.notDone) {
        case .definite:
            closeBreaker()
            through(attempt, answer, operation)
        case .notDone:
            closeBreaker()
            failed(attempt, "shadow answered not-done (\(answer.status))", counts: true)
        case .serverError where !attempt.mayRepeat: leaveUnverified(attempt, "shadow answered \(answer.status)")
        case .serverError:
            let isTheWritesFault = !(502...504).contains(answer.status)
            failed(attempt, "shadow answered \(answer.status)", counts: isTheWritesFault || wasUp(since: attempt))
        }
    }

    func call(_ call: Call, failed failure: CallFailure) {
        guard let attempt = ended(call) else { return }
        if failure == .tooLarge {
            // Taken, and answered beyond the limit: nothing to compare.
            closeBreaker()
            caughtUp += 1
            remove(attempt)
            return
        }
        if call.wasSent, !attempt.mayRepeat {
            leaveUnverified(attempt, "shadow \(failure.words)")
        } else {
            failed(attempt, "shadow \(failure.words)", counts: wasUp(since: attempt))
        }
    }

    func call(_ call: Call, streams answer: SideAnswer) {}
    func call(_ call: Call, streamed piece: ByteBuffer) {}
    func callStreamEnded(_ call: Call) {}

    /// What the side has answered well to all lanes: a poisonous write may be all that lane 0 has for it.
    func goodAnswers(_ side: Side) -> UInt64 {
        lane.mesh.lanes.reduce(0) { $0 &+ $1.pool(side).goodAnswers.load(ordering: .relaxed) }
    }

    private func wasUp(since attempt: CatchUpAttempt) -> Bool { goodAnswers(attempt.write.side) != attempt.goodAnswersBefore }

    private func failed(_ attempt: CatchUpAttempt, _ why: String, counts: Bool) {
        attempt.failures += 1
        attempt.goodAnswersBefore = goodAnswers(attempt.write.side)
        failures += 1
        if counts {
            // The side is up, whatever this write does to it: the others need no probe.
            failuresInARow = 0
            lane.wheel.cancel(&breakerAlarm)
            fetchAgain()
            attempt.write.attempts += 1
            lane.catchUp.recordAttempt(id: attempt.write.id, cause: why)
        } else {
            failuresInARow += 1
        }
        let limits = lane.plan.plan.limits
        if attempt.write.attempts >= limits.catchUpTriesMax {
            giveUp(attempt, why)
        } else {
            let delay = Self.backoff(limits.catchUpDelayMs, attempt.failures)
            attempt.alarm = lane.wheel.schedule(attempt, afterMs: delay)
        }
        if isBroken { armBreaker() } else { letHeldGo() }
    }

    static func backoff(_ firstMs: Int, _ failures: Int) -> Int { min(max(1, firstMs) << min(failures, 16), backoffMsMax) }

    // MARK: The breaker

    private func armBreaker() {
        guard breakerAlarm.isNone else { return }
        let delay = Self.backoff(lane.plan.plan.limits.catchUpDelayMs, max(0, failuresInARow - Self.failuresToBreak))
        breakerAlarm = lane.wheel.schedule(self, afterMs: delay)
    }

    func deadlineReached(_ purpose: UInt8) {
        breakerAlarm = .none
        // One probe while broken: the oldest that is held.
        letHeldGo()
        fetchAgain()
    }

    private func fetchAgain() {
        let unfetched = self.unfetched
        self.unfetched = []
        for key in unfetched where keys[key.key] === key { advance(key, isAwaited: true) }
    }

    private func closeBreaker() {
        failuresInARow = 0
        lane.wheel.cancel(&breakerAlarm)
        letHeldGo()
        fetchAgain()
    }

    private func letHeldGo() {
        while !held.isEmpty, breakerAlarm.isNone || !isBroken, underWay < (isBroken ? 1 : Self.underWayMax) {
            retry(held.removeFirst())
        }
    }

    /// A reload may have moved the side: try at once.
    func planChanged() { closeBreaker() }

    // MARK: Through, or given up

    private func operation(of write: MissedWrite) -> CompiledOperation {
        lane.plan.operations.first { $0.name == write.operation } ?? lane.plan.unknownUnsafe
    }

    private func through(_ attempt: CatchUpAttempt, _ answer: SideAnswer, _ operation: CompiledOperation) {
        caughtUp += 1
        let write = attempt.write
        if write.cause.hasPrefix(Self.statusOnlyMark) {
            let differs = answer.status != write.primary.status
            lane.tellRollout(ofLate: write.operation, key: write.keys.first, [], statusDiffers: differs)
            if differs { self.differs(attempt, answer, [], "the status differs") }
        } else if let kept = SideAnswer(write.primary, allocator: lane.allocator) {
            let outcome = lane.comparator.compare(kept, answer, by: operation)
            lane.tellRollout(ofLate: write.operation, key: write.keys.first, outcome.differences)
            if case .different(let differences) = outcome { differs(attempt, answer, differences, nil) }
        }
        remove(attempt)
    }

    private func differs(_ attempt: CatchUpAttempt, _ answer: SideAnswer, _ differences: [Difference], _ note: String?) {
        caughtUpDifferent += 1
        let write = attempt.write
        let id = lane.nextEvidenceID()
        for name in write.keys { lane.tell(.mismatched(id), of: RequestKey(name)) }
        offer(
            write, id: id, verdict: .mismatch, cause: note ?? "caught up late; missed at first: \(write.cause)", answer,
            differences)
    }

    private func offer(
        _ write: MissedWrite, id: String, verdict: Verdict, cause: String, _ answer: SideAnswer?, _ differences: [Difference]
    ) {
        lane.evidence.offer(
            Evidence(
                id: id, recordedAtMicroseconds: lane.clock.microseconds(), operation: write.operation, keys: write.keys,
                verdict: verdict, cause: cause, caughtUp: true, request: write.request, primary: write.primary,
                shadow: answer?.recorded(write.side), differences: differences))
    }

    /// The write cannot be made to go through: its keys have diverged, and with them every key of a write that must be dropped.
    private func giveUp(_ attempt: CatchUpAttempt, _ why: String) {
        let write = attempt.write
        lane.books.reached(.catchUpTries)
        let cause = "sent \(write.attempts) times in vain; last: \(why)"
        offer(write, id: lane.nextEvidenceID(), verdict: .shadowError, cause: cause, nil, [])
        drop(write, cause)
    }

    /// The shadow may have done it this time, and a second sending would do it twice.
    private func leaveUnverified(_ attempt: CatchUpAttempt, _ why: String) {
        let write = attempt.write
        let cause = "a write without an Idempotency-Key may have reached the shadow, so it is not sent again (\(why))"
        failures += 1
        givenUp += 1
        offer(write, id: lane.nextEvidenceID(), verdict: .shadowError, cause: cause, nil, [])
        let readBack = operation(of: write).readBack?.text
        for name in write.keys { lane.tell(.unverified(cause, readBack: readBack), of: RequestKey(name)) }
        remove(attempt)
        letHeldGo()
    }

    private func drop(_ write: MissedWrite, _ cause: String) {
        givenUp += 1
        for name in write.keys {
            lane.tell(.diverged(cause), of: RequestKey(name))
            keys[name]?.isDiverged = true
        }
        removeFromStore(write)
    }

    private func remove(_ attempt: CatchUpAttempt) { removeFromStore(attempt.write) }

    private func removeFromStore(_ write: MissedWrite) {
        attempts[write.id] = nil
        storeCalls += 1
        let lane = self.lane
        lane.catchUp.remove(id: write.id) { result in
            lane.loop.execute { lane.drain?.removed(write, result) }
        }
    }

    private func removed(_ write: MissedWrite, _ result: Result<Void, any Error>) {
        storeCalls -= 1
        defer { lane.checkStopped() }
        if case .failure = result {
            // Still on disk: it is sent once more after the back-off, which its idempotency key makes harmless if it has one.
            for key in write.keys.compactMap({ keys[$0] }) where key.first?.id == write.id {
                hand.hold(key, nil)
                unfetched.append(key)
            }
            armBreaker()
            return
        }
        for name in write.keys {
            lane.tell(.caughtUp, of: RequestKey(name))
            guard let key = keys[name] else { continue }
            if key.first?.id == write.id { hand.hold(key, nil) }
            key.outstanding -= 1
            // In hand it stays, for others may wait for it.
            advance(key, isAwaited: true)
        }
        callUpLine()
        letHeldGo()
    }
}
