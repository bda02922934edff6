import NIOCore
import Synchronization
import Verdicts

/// Asking the primary, and answering the caller.
extension Exchange {
    func askPrimary() {
        if isWrite || isOneSidedWrite { journalSlot = home.beginWrite(keys) }
        doubtsSeen = home.mesh.doubts.load(ordering: .acquiring)
        let call = Call(
            pool: home.pool(primarySide), owner: self, request: request, isSafe: request.method.isSafe,
            streamsLargeAnswers: !isProbe, streamsRequest: isUpload)
        primaryCall = call
        call.start()
    }

    func primaryAnswered(_ answer: SideAnswer) {
        primaryCall = nil
        guard !state.isCallerAnswered else {
            answeredAgain(answer)
            return
        }
        primaryAnswer = answer
        home.notePrimary(self, answer)
        let kind = classify(answer)
        if kind == .notDone, isWrite { cause = "primary answered not-done (\(answer.status))" }
        if kind == .serverError, isWrite { cause = "primary answered \(answer.status) to a write" }
        perform(state.primaryAnswered(kind, oversize: false))
    }

    func primaryFailed(_ failure: CallFailure, _ call: Call) {
        primaryCall = nil
        guard !state.isCallerAnswered else {
            askAgainLater("primary \(failure.words)")
            return
        }
        cause = "primary \(failure.words)"
        failedWith = failure
        perform(state.primaryFailed(reached: call.wasSent))
    }

    func classify(_ answer: SideAnswer) -> PrimaryAnswer { PrimaryAnswer(answer, notDone: operation.notDone) }

    // MARK: The caller

    func answerCaller() {
        guard case .caller(let slot) = purpose else { return }
        if isReplyStreaming {
            slot.send(.streamEnd, from: home)
        } else if let primaryAnswer {
            slot.send(primaryAnswer, from: home)
        }
    }

    func answerProblem() {
        guard case .caller(let slot) = purpose else { return }
        if isReplyStreaming {
            slot.send(.streamBroken, from: home)
        } else if let failedWith {
            slot.send(
                .problem(failedWith == .timeout ? .primaryTimeout : .primaryFailed, "The primary \(failedWith.words)."),
                from: home)
        } else {
            let (kind, why) = refusal.answer
            slot.send(.problem(kind, why), from: home)
        }
    }

    // MARK: A request beyond the limit

    /// A part of the request's body; `done` says whether the primary's socket took it.
    func upload(_ part: ByteBuffer, isLast: Bool, done: @escaping @Sendable (Bool) -> Void) {
        guard let call = primaryCall else {
            done(false)
            return
        }
        call.send(piece: part, isLast: isLast, done: done)
    }

    /// The caller broke off: what the primary has is only a part, so the connection to it must end.
    func uploadBroken() {
        guard let call = primaryCall else { return }
        call.cancel()
        self.call(call, failed: .cut)
    }

    // MARK: An answer beyond the limit

    func primaryStreams(_ answer: SideAnswer) {
        guard case .caller(let slot) = purpose, !state.isCallerAnswered else {
            // Asked again, the answer is only weighed: it was definite, but there is nothing to compare.
            let tooLarge = primaryCall
            primaryCall = nil
            tooLarge?.cancel()
            if state.isCallerAnswered {
                isPrimaryOversize = true
                answeredAgain(answer)
            }
            return
        }
        primaryAnswer = answer
        isPrimaryOversize = true
        isReplyStreaming = true
        home.books.reached(.bodyBytes)
        if case .read = state.course {
            // Nothing will be compared.
            shadowCall?.cancel()
            shadowCall = nil
            leaveShadowQueues()
        }
        unacknowledged = answer.body.readableBytes
        slot.send(.streamHead(answer, self), from: home)
        limitStream()
    }

    func primaryStreamed(_ piece: ByteBuffer) {
        guard case .caller(let slot) = purpose else { return }
        unacknowledged += piece.readableBytes
        slot.send(.streamPiece(piece), from: home)
        limitStream()
    }

    /// On the home lane: the caller's socket took this much.
    func acknowledge(_ bytes: Int) {
        let wasFull = unacknowledged > Self.streamWindow
        unacknowledged -= bytes
        if wasFull, unacknowledged <= Self.streamWindow { primaryCall?.resumeReading() }
    }

    /// From the caller's lane: there is nobody to stream to any more.
    func abandonStream(from lane: Lane) { lane.on(home) { [self] in callerGone() } }

    /// On the home lane: the caller is gone; what is streamed is of use to nobody.
    func callerGone() {
        guard isReplyStreaming, let call = primaryCall else { return }
        if isWrite {
            // It was done: the shadow must still have it. The rest of the answer is let go.
            unacknowledged = .min / 2
            call.resumeReading()
            return
        }
        call.cancel()
        primaryCall = nil
        cause = "the caller left while a large answer was streamed"
        primaryStreamEnded()
    }

    func primaryStreamEnded() {
        primaryCall = nil
        guard let primaryAnswer else { return }
        home.notePrimary(self, primaryAnswer)
        if cause == nil { cause = "the primary's answer was beyond the limit" }
        perform(state.primaryAnswered(classify(primaryAnswer), oversize: true))
    }

    private func limitStream() {
        if unacknowledged > Self.streamWindow { primaryCall?.pauseReading() }
    }

    /// Bytes under way between the primary's connection and the caller's before reading pauses.
    static let streamWindow = 262_144

    // MARK: Uncertain

    /// Nobody knows whether the primary did it. The keys stay held: nothing of theirs goes to either side until it is settled.
    func becomeUncertain() {
        home.uncertain += 1
        guard request.hasIdempotencyKey, plan.plan.limits.settleTriesMax > 0 else {
            home.uncertain -= 1
            perform(state.primaryUnsettled())
            return
        }
        askAgainLater(cause ?? "")
    }

    func askAgainLater(_ why: String) {
        guard settleTries < plan.plan.limits.settleTriesMax, !home.isStopping else {
            home.uncertain -= 1
            home.books.reached(.settleTries)
            cause = "\(why); asked again \(settleTries) times, never settled"
            perform(state.primaryUnsettled())
            return
        }
        let delay = min(plan.plan.limits.settleDelayMs << min(settleTries, 10), 10_000)
        alarm = home.wheel.schedule(self, afterMs: delay, purpose: Alarm.askAgain.rawValue)
    }

    func askPrimaryAgain() {
        settleTries += 1
        let call = Call(
            pool: home.pool(primarySide), owner: self, request: request, isSafe: false, streamsLargeAnswers: true)
        primaryCall = call
        call.start()
    }

    private func answeredAgain(_ answer: SideAnswer) {
        // Not-done says nothing here: it may be the first try, still under way, that makes the primary busy.
        guard classify(answer) == .definite else {
            askAgainLater("primary answered \(answer.status)")
            return
        }
        home.uncertain -= 1
        primaryAnswer = answer
        cause = "\(cause ?? "the primary failed at first"); asked again, it answered \(answer.status)"
        perform(state.primarySettled())
    }

    func markUnverified() {
        let why = "a write of it was never settled (\(cause ?? "primary failed"))"
        tellKeys(.unverified(why, readBack: operation.readBack?.text))
    }
}

extension Exchange.Refusal {
    fileprivate var answer: (ProblemKind, String) {
        switch self {
        case .keyBusy: (.keyBusy, "Too many requests of the same key are waiting.")
        case .handOver: (.keyBusy, "The key is to move to the other system, and is not ready for it.")
        case .unnoted: (.keyBusy, "The proxy's disk does not take the note that this key is written here.")
        case .bodyTooLarge:
            (.bodyTooLarge, "A body as large as this can't be taken while keys move between two systems.")
        }
    }
}
