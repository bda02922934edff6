import NIOCore
import Verdicts

/// Asking the shadow. Nobody waits for it.
extension Exchange {
    /// The shadow may have it as soon as its turn comes: a read at once, a write after the primary's definite answer.
    func armShadow() {
        guard !isShadowArmed else { return }
        isShadowArmed = true
        if isOrdered {
            guard isInShadowQueues else { return }
            if isWrite {
                home.addToBacklog(self, bytes: primaryAnswer?.bytes ?? 0)
                if home.isShadowBacklogFull {
                    home.noteBacklogFull()
                    home.pool(primarySide.other).noteShadowBacklogFull(home.shadowBacklog)
                    for key in keys { home.spillShadow(key) }
                }
            }
            askShadowIfFirst()
        } else if isWrite {
            home.conditions(of: keys) { [self] conditions in
                self.conditions = conditions
                armUnordered()
            }
        } else {
            armUnordered()
        }
    }

    private func armUnordered() {
        guard !home.isShadowBacklogFull else {
            home.noteBacklogFull()
            cause = "too much was waiting for the shadow"
            perform(state.shadowEnded(.missed(.shed)))
            return
        }
        home.enterBacklog(self)
        askShadowIfFirst()
    }

    /// - Parameter conditions: nil when nothing is known against the key.
    func firstAtShadow(_ conditions: KeyConditions?) {
        frontsMissing -= 1
        if let conditions { self.conditions.merge(conditions) }
        askShadowIfFirst()
    }

    private func askShadowIfFirst() {
        guard isShadowArmed, !isShadowThrough, frontsMissing == 0, shadowCall == nil, shadowAnswer == nil else { return }
        guard isOrdered == isInShadowQueues else { return }
        if conditions.behind > 0 || (conditions.standing == .diverged && !isWrite) {
            // Sent now it would overtake what the shadow has yet to take, or be compared with what is known to be wrong.
            note(conditions.cause)
            shadowIsThrough(.notAsked)
            return
        }
        let pool = home.pool(primarySide.other)
        guard isProbe || pool.mayAskShadow() else {
            note("shadow \(CallFailure.rested.words)")
            shadowIsThrough(.missed(.shed))
            return
        }
        let call = Call(
            pool: pool, owner: self, request: request, isMirrored: isWrite, isSafe: request.method.isSafe, mayRest: !isProbe)
        shadowCall = call
        call.start()
    }

    func shadowAnswered(_ answer: SideAnswer) {
        shadowCall = nil
        shadowAnswer = answer
        home.pool(primarySide.other).noteShadowAnswer()
        home.noteShadow(self, answer)
        if isWrite {
            switch classify(answer) {
            case .serverError:
                mayBeAtShadow = true
                note("shadow answered \(answer.status)")
                shadowIsThrough(.missed(.shadowError))
                return
            case .notDone:
                note("shadow answered not-done (\(answer.status))")
                shadowIsThrough(.missed(.shadowError))
                return
            case .definite: home.endWrite(&journalSlot)
            }
        }
        shadowIsThrough(isPrimaryOversize ? .tooLarge : .answered)
    }

    func shadowFailed(_ failure: CallFailure) {
        let call = shadowCall
        mayBeAtShadow = call?.wasSent ?? false
        shadowCall = nil
        note("shadow \(failure.words)")
        if let call, Self.tires(failure), !isPrimaryOversize { call.pool.noteShadowFailure(of: call) }
        switch failure {
        case .timeout: shadowIsThrough(.missed(.shadowTimeout))
        case .cut, .rested: shadowIsThrough(.missed(.shed))
        case .tooLarge:
            // It has answered, and a write was taken; there is only nothing to compare.
            home.books.reached(.bodyBytes)
            home.endWrite(&journalSlot)
            shadowIsThrough(.tooLarge)
        case .refused, .tls, .reset, .malformed: shadowIsThrough(.missed(.shadowError))
        }
    }

    /// Whether the failure is the side's own, and speaks for a rest.
    private static func tires(_ failure: CallFailure) -> Bool { failure != .cut && failure != .rested }

    /// The lane holds too much for the shadow: what is under way there is cut.
    func cutShadow() {
        guard let call = shadowCall else { return }
        call.cancel()
        shadowFailed(.cut)
    }

    private func shadowIsThrough(_ outcome: ShadowOutcome) {
        isShadowThrough = true
        let actions = state.shadowEnded(outcome)
        perform(actions)
        // A kept write stays first in its queues until it is on disk, so that those behind it follow it there.
        if !actions.contains(.keepForCatchUp) { leaveShadowQueues() }
    }

    /// Adds to the cause, which may name what happened at the primary already.
    private func note(_ text: String?) {
        guard let text else { return }
        cause = cause.map { "\($0); \(text)" } ?? text
    }

    // MARK: Missed writes

    func keepForCatchUp() {
        guard conditions.standing != .diverged, let primaryAnswer else {
            home.endWrite(&journalSlot)
            leaveShadowQueues()
            return
        }
        guard request.hasIdempotencyKey || !mayBeAtShadow else {
            leaveUnverified()
            return
        }
        let side = primarySide.other
        // A write without a key has no order to keep; it is queued under its operation's name.
        let kept = keys.isEmpty ? KeyList(RequestKey("(\(operation.name))")) : keys
        for key in kept { home.tell(.behind(side), of: key) }
        let names = kept.map(\.text).sorted()
        let why = (isPrimaryOversize ? CatchUpDrain.statusOnlyMark : "") + (cause ?? "missed")
        keepsJournal = true
        let make: @Sendable () -> MissedWrite = { [request, primarySide, operation] in
            MissedWrite(
                keys: names, operation: operation.name, side: side, request: request.recorded(mirror: true),
                primary: primaryAnswer.recorded(primarySide), cause: why)
        }
        home.keep(keys: names, side: side, bytes: 1_024 + request.bytes + primaryAnswer.bytes, make) { [self] refusal in
            keepsJournal = false
            if let reason = refusal {
                for key in kept {
                    home.tell(.diverged("a write that the shadow missed could not be kept: \(reason)"), of: key)
                    home.tell(.caughtUp, of: key)
                }
                home.offerEvidence(self, verdict: .shed, cause: "could not be kept for the catch-up: \(reason)")
            }
            home.endWrite(&journalSlot)
            leaveShadowQueues()
        }
    }

    /// The shadow may have done it, and without an idempotency key a second sending would do it twice.
    private func leaveUnverified() {
        let why = "a write without an Idempotency-Key may have reached the shadow, so it is not sent again (\(cause ?? "missed"))"
        tellKeys(.unverified(why, readBack: operation.readBack?.text))
        // The other ways to miss it are evidence by their verdict.
        if state.verdict == .shed { home.offerEvidence(self, verdict: .shed, cause: why) }
        home.endWrite(&journalSlot)
        leaveShadowQueues()
    }
}
