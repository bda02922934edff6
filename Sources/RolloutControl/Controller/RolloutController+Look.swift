internal import Migration

extension RolloutController {
    /// Takes what came since the last look, and does what follows from it.
    public func look() async {
        await takeUp()
        await followUp()
    }

    /// Takes what came, and lowers the lanes if it calls for that. It waits for no turn: a store that does not answer keeps no share up.
    func takeUp() async {
        let round = evidenceRound
        let before = exchange == nil ? nil : await plane.basis()
        let found = await plane.collect()
        if let before {
            // What was compared while the rules changed, or before they had, is of neither.
            let after = await plane.basis()
            let isOfOne = before == after && share.basisLast?.agrees(with: after) == true
            share.basis = isOfOne ? after : .none
            share.basisLast = after
        }
        if let trigger = take(found, counts: round == evidenceRound) { await sound(trigger) }
    }

    /// What was under way while the stage, the rules or the try changed: it may call for a rollback, and is no evidence.
    func takeUpRest(afterStop: Bool) async {
        evidenceRound += 1
        // What failed before a rollback is what it was rolled back for.
        if let trigger = take(await plane.collect(), counts: false), !afterStop { await sound(trigger) }
    }

    private func sound(_ trigger: RollbackTrigger) async {
        if document.state.isRetired {
            // Nothing can be done about it any more: people hear of it, and not with each request.
            if let last = toldSinceRetired, now().since(last) < 3_600_000 { return }
            toldSinceRetired = now()
        }
        // One is enough until it is entered.
        let lowers = lowersNow && (alarm?.rollbacks ?? 0) == 0
        let isLowered = if lowers { await placer.rollBack() } else { false }
        var next = alarm ?? Alarm(trigger: trigger)
        if trigger.name == "critical-mismatch", next.trigger.name != trigger.name { next.trigger = trigger }
        if isLowered { next.rollbacks += 1 }
        alarm = next
    }

    /// Does what follows from what was taken up.
    func followUp() async {
        await turns.enter()
        if let alarm {
            self.alarm = nil
            try? await happen(.rollback(alarm.trigger), at: now())
            for _ in 0..<alarm.rollbacks { await placer.rollbackEnded() }
        }
        if !record.owed.isEmpty || troubles["the rollout's state"] != nil { try? storeRecord() }
        await settleOwed()
        await carryOutWhatIsLeft()
        await tellOwed()
        await judge()
        if let keeper, keeper.isUrgent || keeper.isDirty, keeper.isUrgent || now() >= evidenceDueAt { await storeIfDue(keeper) }
        await turns.leave()
        publishStanding()
    }

    /// A large evidence is not written with every look, whatever is in it.
    private func storeIfDue(_ keeper: EvidenceKeeper) async {
        let isLarge = keeper.evidence.comparisons > 100_000
        if exchange == nil, !isLarge || now() >= evidenceDueAt {
            await storeEvidence()
            if record.owed.isEmpty { try? storeRecord() }
        }
    }

    /// Whether it would take any share away from where the lanes are now.
    private var lowersNow: Bool { document.state.step > 0 && !document.state.isRetired && document.state.kill == nil }

    /// - Parameter counts: Whether it is evidence for the stage that is under way.
    /// - Returns: the first thing that calls for a rollback.
    private func take(_ found: TrafficFindings, counts: Bool) -> RollbackTrigger? {
        findings.counts = found.counts
        findings.controls = found.controls
        droppedOutcomes = found.dropped
        var trigger: RollbackTrigger?
        for outcome in found.outcomes {
            let own = exchange == nil ? keeper?.record(outcome, counts: counts) : alarms?.record(outcome, counts: false)
            // A mismatch at a critical place says the most; otherwise the first.
            if let own, trigger == nil || own.name == "critical-mismatch" {
                trigger = trigger?.name == "critical-mismatch" ? trigger : own
            }
        }
        if !counts { share.basis = nil }
        if exchange != nil { share.take(found.outcomes, stage: document.state.stage) }
        if controls.isSilent(found.controls, at: now()) { return trigger ?? .positiveControlSilent }
        return trigger
    }

    /// What the evidence, the rules in force and the clock say.
    private func judge() async {
        let now = now()
        guard isJudge, !document.state.isRetired else { return }
        do throws(RolloutRefusal) {
            let rollout: Rollout
            do { rollout = try rules.rollout(document) } catch { return }
            for event in rollout.freezeEvents(at: now) { try await happen(event, at: now) }
            try await happen(.timePassed, at: now)
            try await voidIfStale(at: now)
            if let verdict = keeper?.verdict(), verdict != document.state.verdict || setup.isAutomatic {
                try await happen(.verdict(verdict), at: now)
            }
            trouble("the rollout", nil)
        } catch {
            trouble("the rollout", error.description)
        }
    }

    /// Evidence of another build, of other rules or of another policy says nothing of what runs now.
    private func voidIfStale(at now: Instant) async throws(RolloutRefusal) {
        guard let evidence = keeper?.evidence else { return }
        let basis = await plane.basis()
        if let lostEvidence {
            try await happen(.evidenceVoided(reason: lostEvidence), at: now)
            return
        }
        let policy = rules.plan.promotion(from: document.state.step)
        if evidence.speaks(of: basis, under: policy) {
            keeper?.learn(candidateBuild: basis.candidateBuild)
            return
        }
        if evidence.comparisons == 0, evidence.decision != .reject {
            // Nothing was gathered: nothing is spent.
            if let fresh = try? newEvidence(basis) { keeper?.begin(fresh, afterStop: false) }
            return
        }
        var reasons: [String] = []
        if ![basis.candidateBuild, evidence.basis.candidateBuild].contains(""),
            basis.candidateBuild != evidence.basis.candidateBuild
        {
            reasons.append("the candidate's build is `\(basis.candidateBuild)` and was `\(evidence.basis.candidateBuild)`")
        }
        if basis.rules != evidence.basis.rules { reasons.append("the comparison rules are others") }
        if policy != evidence.policy { reasons.append("the promotion policy is another") }
        try await happen(.evidenceVoided(reason: reasons.joined(separator: ", ")), at: now)
    }

    /// Whether this proxy gathers the evidence and tells the time.
    var isJudge: Bool { exchange == nil || share.term != nil && share.leadsUntil.map { now() < $0 } ?? false }
}
