internal import Migration

/// How an event is carried out. All of it within a turn.
extension RolloutController {
    /// Takes an event: moves what it moves, and tells whom it concerns.
    ///
    /// - Throws: `refused` with the rules' reasons, `unavailable` when it could not be entered; nothing has moved then.
    func happen(_ event: RolloutEvent, at now: Instant) async throws(RolloutRefusal) {
        let trial: DocumentStep
        do { trial = try rules.step(event, on: document, at: now) } catch { throw RolloutRefusal(.refused, "\(error)") }
        if trial.lowers, let stop = OwedStop(event, at: now) {
            await lower(stop, trial)
        } else if trial.actions.isEmpty,
            exchange == nil || trial.document.state.verdict?.decision == document.state.verdict?.decision
        {
            // Nothing but figures: they are stored with the evidence.
            document.state = trial.document.state
            if record.owed.isEmpty { record.document.state = trial.document.state }
        } else {
            try await enterAndAdopt(event, trial, at: now)
        }
    }

    /// Takes share away: the lanes first, then this disk, then the keys, then whoever has to know.
    private func lower(_ stop: OwedStop, _ trial: DocumentStep) async {
        let before = document
        document.state = trial.document.state
        await placer.place(rules.placement(document))
        publishStanding()
        record.owed.append(stop)
        oweTelling(trial.actions)
        // A disk that is full must not keep it from going on: it is tried again with each look.
        try? storeRecord()
        let returns = trial.document.returns > before.returns
        let facts = await listWrittenKeys(staying: !returns)
        record.owed[record.owed.count - 1].facts = facts
        if let last = record.untold?.indices.last {
            record.untold?[last].affectedKeys = facts["written-keys"].flatMap { Int($0) }
        }
        if returns { await returnWrittenKeys(reaching: record.document.returns + 1) }
        try? storeRecord()
        await beginEvidence(afterStop: true)
        await settleOwed()
        await tellOwed()
    }

    /// Puts what is owed into the log, and into the store that is shared; in the order in which it came.
    func settleOwed() async {
        while var stop = record.owed.first {
            do throws(RolloutRefusal) {
                if stop.facts.isEmpty {
                    stop.facts = await factsLeft(by: stop)
                    record.owed[0] = stop
                }
                let step = try await enter(stop.event, facts: stop.facts, isOwed: true, at: stop.at)
                record.owed.removeFirst()
                await adopt(step.document)
                trouble("what is owed", nil)
            } catch {
                // That the store is away stands among the troubles already.
                let cause = share.awaySince == nil ? "\(error)" : "the shared store is away."
                trouble("what is owed", "A stop is in force and has yet to be entered: \(cause)")
                return
            }
        }
    }

    /// To be stored with what it tells of.
    func oweTelling(_ actions: [RolloutAction]) {
        if let step = UntoldStep(actions) { record.untold = (record.untold ?? []) + [step] }
    }

    /// What the store took without an answer that came here is owed as well.
    func oweWhatWasAsked() {
        guard let asked = record.asked, let first = asked.map(\.after).min(), let lines = try? disk.lines(after: first) else {
            return
        }
        let log = lines.compactMap { AuditLine.entry(of: $0) }
        let (taken, open) = asked.reduce(into: ([UntoldStep](), [AskedStep]())) { parts, step in
            if step.stands(in: log) {
                parts.0.append(step.untold)
            } else if now().since(step.at) <= AskedStep.patienceMs {
                parts.1.append(step)
            }
        }
        if !taken.isEmpty { record.untold = (record.untold ?? []) + taken }
        record.asked = open.isEmpty ? nil : open
    }

    /// Before the shared store is asked for a step that people are told of.
    func noteAsked(_ actions: [RolloutAction], at now: Instant) -> AskedStep? {
        guard let asked = AskedStep(actions, after: disk.head.sequence, at: now) else { return nil }
        // A store that is away for long is asked many times.
        record.asked = Array(((record.asked ?? []) + [asked]).suffix(64))
        try? storeRecord()
        return asked
    }

    /// Its answer is there.
    func forgetAsked(_ step: AskedStep?) {
        guard let step, let asked = record.asked else { return }
        let rest = asked.filter { $0 != step }
        record.asked = rest.isEmpty ? nil : rest
    }

    func tellOwed() async {
        guard let untold = record.untold else { return }
        for step in untold { await tell(step.actions, affectedKeys: step.affectedKeys) }
        record.untold = nil
        try? storeRecord()
    }

    /// Whatever does not take share away: entered first, on the disk, and only then carried out.
    ///
    /// - Parameter trial: what it comes to by what is known here.
    private func enterAndAdopt(_ event: RolloutEvent, _ trial: DocumentStep, at now: Instant) async throws(RolloutRefusal) {
        await settleOwed()
        guard record.owed.isEmpty else {
            throw RolloutRefusal(.unavailable, troubles["what is owed"] ?? "A stop has yet to be entered.")
        }
        let asked = exchange == nil ? nil : noteAsked(trial.actions, at: now)
        let step = try await enter(event, at: now)
        forgetAsked(asked)
        if let refusal = step.refusal {
            await adopt(step.document)
            throw RolloutRefusal(.refused, refusal)
        }
        // On its own it was owed with the entry.
        if exchange != nil { oweTelling(step.actions) }
        await adopt(step.document)
        await tellOwed()
    }

    /// Writes what an event comes to. When it returns, the log and the state have it, and nothing has moved.
    private func enter(
        _ event: RolloutEvent, facts: [String: String] = [:], isOwed: Bool = false, at now: Instant
    ) async throws(RolloutRefusal) -> DocumentStep {
        if let exchange {
            do {
                let step = try await shareStep(exchange, event, facts: facts, at: now)
                heard()
                return step
            } catch {
                throw away(error)
            }
        }
        // The log may be ahead of the record, by what a crash kept from happening.
        record.document.head = disk.head
        let step: DocumentStep
        do { step = try rules.step(event, on: record.document, facts: facts, at: now) } catch {
            throw RolloutRefusal(.refused, "\(error)")
        }
        do throws(AuditError) {
            for line in step.lines { try disk.append(line) }
            trouble("the audit log", nil)
        } catch {
            trouble("the audit log", error.description)
            throw RolloutRefusal(.unavailable, error.description)
        }
        let isRelease = record.document.state.kill != nil && step.document.state.kill == nil
        let old = record
        do {
            // Before the record forgets the switch: whatever a crash leaves, either still throws it.
            if isRelease { try removeKillFile(at: now) }
            record.document = step.document
            if isOwed { record.owed.removeFirst() } else if step.refusal == nil { oweTelling(step.actions) }
            try disk.replace(RolloutFolder.recordName, with: try record.encoded())
            record.owed = old.owed
        } catch  where isOwed {
            // The lanes obey, and the log has it: after a crash the log goes before the record.
            record.owed = old.owed
            trouble("the rollout's state", "The rollout's state is not stored: \(error).")
        } catch {
            record = old
            record.document.head = disk.head
            enterUndone(step, because: "\(error)", at: now)
            let sentence = "The rollout's state is not stored: \(error)."
            trouble("the rollout's state", sentence)
            throw RolloutRefusal(.unavailable, sentence)
        }
        return step
    }

    /// The log has what did not come about: it says so as well, if it can.
    private func enterUndone(_ step: DocumentStep, because reason: String, at now: Instant) {
        guard !step.lines.isEmpty else { return }
        let action = AuditedAction(
            "not-carried-out", details(["entry": "\(step.document.head.sequence)", "reason": reason]))
        guard let line = try? AuditLine(action, after: disk.head, at: now) else { return }
        try? disk.append(line)
        record.document.head = disk.head
    }

    // MARK: Adopting

    /// Makes what stands in the log and the record, or at the shared store, true of this proxy.
    func adopt(_ next: RolloutDocument) async {
        guard isCurrent(next) else { return }
        let effective = (try? RolloutOpening.applying(record.owed, to: next, rules)) ?? next
        let table = rules.placement(effective)
        let before = document
        let raises = Self.raises(from: rules.placement(before), to: table)
        if !raises { await placer.place(table) }
        let hasLog = await copyLog(upTo: next.head)
        oweWhatWasAsked()
        if raises || effective.state.isRetired && !before.state.isRetired, !hasLog { return }
        let old = record.document
        record.document = next
        do { try storeRecord() } catch {
            // The lanes stay where they are until the disk has it: it is asked for again. What this proxy entered itself is there already.
            if raises, old != next {
                record.document = old
                return
            }
        }
        document = effective
        // What comes of the new stage's first request is of that stage.
        publishStanding()
        if raises { await placer.place(table) }
        if effective.state.isRetired, !before.state.isRetired { await placer.retire() }
        if before.state.kill != nil, effective.state.kill == nil { try? removeKillFile(at: now()) }
        if let kill = effective.state.kill, kill != before.state.kill, disk.killSwitch() != nil {
            try? disk.writeKillSwitch(kill)
        }
        await carryOutWhatIsLeft()
        if before.state.stage != effective.state.stage {
            await beginEvidence(afterStop: effective.state.step < before.state.step)
        } else if before.state.latch != nil, effective.state.latch == nil {
            alarms?.forgetFailures()
            keeper?.forgetFailures()
        }
        publishStanding()
    }

    /// What the document asks of this proxy and it has yet to do: list the written keys, and let them go back.
    func carryOutWhatIsLeft() async {
        guard record.owed.isEmpty else { return }
        let stop = record.document.stopSequence
        if record.stopListed < stop {
            let isPending = (try? disk.read(AffectedKeys.pendingName)) ?? nil
            if isPending == nil { _ = await listWrittenKeys(staying: record.returnsDone >= record.document.returns) }
            do {
                try disk.rename(AffectedKeys.pendingName, to: AffectedKeys.name(sequence: stop))
                record.stopListed = stop
                try? storeRecord()
            } catch { trouble("the list of written keys", "The list of written keys is not stored: \(error).") }
        }
        if record.returnsDone < record.document.returns {
            await returnWrittenKeys(reaching: record.document.returns)
            try? storeRecord()
        }
    }

    private static func raises(from before: PlacementTable, to after: PlacementTable) -> Bool {
        if before.isKilled, !after.isKilled { return true }
        return zip(before.shares, after.shares).contains { $0 < $1 }
    }

    // MARK: Written keys

    /// - Returns: how many there are, and the digest of their list, for the entry.
    private func listWrittenKeys(staying: Bool) async -> [String: String] {
        do {
            let keys = try AffectedKeys(try await plane.writtenKeys(), staying: staying)
            do {
                try disk.replace(AffectedKeys.pendingName, with: keys.bytes)
                trouble("the list of written keys", nil)
            } catch { trouble("the list of written keys", "The list of written keys is not stored: \(error).") }
            return keys.facts
        } catch {
            trouble("the list of written keys", "The written keys can't be listed: \(error).")
            return ["written-keys": "unknown"]
        }
    }

    /// Of a stop that a crash left between its list and its entry: the list that stands there is the one from before the keys went back.
    private func factsLeft(by stop: OwedStop) async -> [String: String] {
        if let bytes = try? disk.read(AffectedKeys.pendingName) { return AffectedKeys(listed: bytes).facts }
        let isKill = if case .kill = stop.cause { true } else { false }
        return await listWrittenKeys(staying: !isKill && setup.plan.rollback.writtenKeys == .keep)
    }

    private func returnWrittenKeys(reaching count: Int) async {
        do {
            try await plane.returnWrittenKeys()
            record.returnsDone = max(record.returnsDone, count)
            trouble("the return of written keys", nil)
        } catch {
            trouble("the return of written keys", "Written keys have yet to go back: \(error).")
        }
    }

    // MARK: Evidence

    private func beginEvidence(afterStop: Bool) async {
        await takeUpRest(afterStop: afterStop)
        guard let fresh = try? newEvidence(await plane.basis()) else { return }
        lostEvidence = nil
        alarms?.begin(fresh, afterStop: afterStop)
        keeper?.begin(fresh, afterStop: afterStop)
        await storeEvidence()
    }
}
