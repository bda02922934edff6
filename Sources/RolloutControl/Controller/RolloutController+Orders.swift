public import Migration

extension RolloutController {
    /// Carries out what a person orders.
    ///
    /// - Parameters:
    ///   - person: As the caller's authentication vouches for him; an approver's role is one of the plan's.
    ///   - reason: Goes into the audit log, and to those who are told.
    ///   - stage: What an approval is meant for, by its title or ``Migration/RolloutPlan/retirementTitle``; nil: whatever waits for it.
    /// - Returns: how the rollout stands then.
    /// - Throws: ``RolloutRefusal``.
    public func carryOut(
        _ order: RolloutOrder, by person: Person, reason: String, stage: String? = nil
    ) async throws(RolloutRefusal) -> RolloutStatus {
        if order.needsReason, reason.allSatisfy(\.isWhitespace) {
            throw RolloutRefusal(.refused, "`\(order.rawValue)` needs a reason: it goes into the audit log.")
        }
        switch order {
        case .kill: try await kill(by: person, reason: reason)
        case .rollback:
            // The lanes do not wait for what is being carried out. Asked once: another rollback may come in between.
            var isEarly = document.state.step > 0
            if isEarly { isEarly = await placer.rollBack() } else { await placer.place(rules.placement(document)) }
            await turns.enter()
            let outcome = await attempt(order.event(by: person, reason: reason))
            if isEarly { await placer.rollbackEnded() }
            let isForgettable = isForgettable
            await turns.leave()
            try outcome.get()
            if isForgettable {
                throw RolloutRefusal(
                    .unavailable,
                    "It is rolled back, and a restart would forget it: the disk takes neither the state nor the entry. Make room."
                )
            }
        default:
            if order == .promote || order == .approve {
                // By what this proxy knows: whoever has just read that the evidence suffices is not told that it does not.
                let step = document.state.step
                await look()
                // The policy was faster.
                if order == .promote, document.state.step > step { return await status() }
            }
            await turns.enter()
            let outcome = await attempt(order.event(by: person, reason: reason, stage: stage))
            await turns.leave()
            try outcome.get()
        }
        return await status()
    }

    private func attempt(_ event: RolloutEvent) async -> Result<Void, RolloutRefusal> {
        do throws(RolloutRefusal) {
            let isNothing = try isWithoutEffect(event)
            try await happen(event, at: now())
            if isNothing {
                throw RolloutRefusal(.refused, "It is rolled back already: \(document.state.latch?.reason ?? "the shadow").")
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// An order to roll back what is rolled back already.
    private func isWithoutEffect(_ event: RolloutEvent) throws(RolloutRefusal) -> Bool {
        guard case .rollback = event else { return false }
        if document.state.isRetired {
            throw RolloutRefusal(
                .refused, "The rollout is over: the legacy takes no writes any more, so nothing can go back to it.")
        }
        return document.state.step == 0 && document.state.latch != nil
    }

    /// Throws the kill switch: every lane obeys before anything is written, and it is on the disk when this returns.
    public func kill(by person: Person, reason: String) async throws(RolloutRefusal) {
        guard await placer.kill() else {
            throw RolloutRefusal(
                .refused, "The rollout is over: the legacy takes no writes any more, so nothing can go back to it.")
        }
        let now = now()
        var unwritten: String?
        if document.state.kill == nil {
            do {
                try disk.writeKillSwitch(KillSwitch(thrownBy: person.name, reason: reason, at: now))
            } catch { unwritten = "\(error)" }
        }
        await turns.enter()
        var outcome = Result<Void, RolloutRefusal>.success(())
        do throws(RolloutRefusal) { try await happen(.kill(by: person, reason: reason), at: now) } catch {
            outcome = .failure(error)
        }
        await placer.killEnded()
        await turns.leave()
        if let unwritten, isForgettable {
            throw RolloutRefusal(
                .unavailable,
                "The kill switch is thrown, and a restart would forget it: \(unwritten). Make room, or `touch` the file by hand.")
        }
        try outcome.get()
    }

    /// Whether a stop is in force that nothing on the disk tells of.
    private var isForgettable: Bool { !record.owed.isEmpty && troubles["the rollout's state"] != nil }

    // MARK: The file

    private static let killFileTrouble = "the kill switch's file"

    /// Looks for the kill switch's file.
    public func lookAtKillFile() async {
        let file = disk.killSwitch()
        guard let file else {
            killFileSeenAt = nil
            return trouble(Self.killFileTrouble, nil)
        }
        if killFileSeenAt == nil { killFileSeenAt = now() }
        guard document.state.kill == nil else { return }
        if isOld(file) { return forgetOldKillFile() }
        guard !document.state.isRetired else {
            return trouble(
                Self.killFileTrouble,
                "The kill switch's file is there, but the legacy is retired: nothing goes back to it. Take the file away.")
        }
        guard await placer.kill() else { return }
        await turns.enter()
        await heedKillFile()
        await placer.killEnded()
        await turns.leave()
    }

    /// Within a turn: a release that was being carried out may have taken the file away since.
    func heedKillFile() async {
        guard let file = disk.killSwitch(), document.state.kill == nil, !document.state.isRetired else { return }
        if isOld(file) { return forgetOldKillFile() }
        let person = Person(name: file.thrownBy, role: "kill-switch-file")
        try? await happen(.kill(by: person, reason: file.reason), at: file.at ?? now())
    }

    /// Of a switch that was released: this proxy was not there when its file was to go.
    private func isOld(_ file: KillSwitch) -> Bool {
        guard let at = file.at, let released = record.document.releasedKill else { return false }
        return released.at == at
    }

    private func forgetOldKillFile() {
        do {
            try disk.removeKillSwitch()
            trouble(Self.killFileTrouble, nil)
        } catch { trouble(Self.killFileTrouble, "The file of a released kill switch is still there: \(error).") }
    }

    /// A file that somebody has just put there says that the switch is to be thrown: it stays, and throws it again.
    func removeKillFile(at now: Instant) throws {
        guard let file = disk.killSwitch() else { return }
        let known = record.document.state.kill ?? record.document.releasedKill
        let isKnown = file.at != nil && file.at == known?.at
        if !isKnown, let seen = killFileSeenAt, now.since(seen) < 2_000 { return }
        try disk.removeKillSwitch()
    }
}
