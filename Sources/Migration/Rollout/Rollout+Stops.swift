/// What takes the share away, and what holds it where it is.
extension Rollout {
    /// Everything back to the shadow at once, latched until somebody resumes.
    mutating func rollBack(_ trigger: RollbackTrigger, _ now: Instant) -> [RolloutAction] {
        let before = title
        let isNew = state.latch == nil
        if isNew { state.latch = RolloutState.Stop(reason: trigger.description, at: now) }
        var facts = ["trigger": trigger.name, "reason": trigger.description, "from": before]
        if case .criticalMismatch(let operation, let place) = trigger {
            facts["operation"] = operation
            facts["place"] = place
        }
        let person: Person? = if case .ordered(let person, _) = trigger { person } else { nil }
        var actions: [RolloutAction] = []
        if state.step > 0 || isNew { actions += toShadow(now, returningKeys: plan.rollback.writtenKeys == .return) }
        // A candidate that keeps failing says so many times; the log has each kind of it once and then the resume.
        if isNew || !actions.isEmpty {
            actions.append(.audit(AuditedAction("rolled-back", by: person, details(facts))))
            actions.append(
                .notice(
                    RolloutNotice(
                        .critical,
                        "\(plan.name): rolled back from \(before): \(trigger). Nothing is promoted until somebody resumes.")))
        }
        return actions
    }

    mutating func throwKillSwitch(_ person: Person, _ reason: String, _ now: Instant) -> [RolloutAction] {
        if let kill = state.kill {
            return refusal("kill", person, ["The kill switch is thrown already (\(kill))."])
        }
        let before = title
        state.kill = KillSwitch(thrownBy: person.name, reason: reason, at: now)
        // What the candidate has written goes back too, whatever the policy: releasing the switch must not move a key by itself.
        return toShadow(now, returningKeys: true) + [
            .audit(AuditedAction("killed", by: person, details(["reason": reason, "from": before]))),
            .notice(
                RolloutNotice(.critical, "\(plan.name): kill switch thrown by \(person): \(reason). All keys go to the legacy.")),
        ]
    }

    mutating func release(_ person: Person, _ now: Instant) -> [RolloutAction] {
        guard var kill = state.kill else { return refusal("release", person, ["The kill switch is not thrown."]) }
        switch kill.release(by: person.name, at: now) {
        case .samePerson:
            return refusal("release", person, ["\(person.name) has asked for it already; a second person must."])
        case .nameless:
            return refusal("release", person, ["A release needs a name."])
        case .waitsForAnother:
            state.kill = kill
            return [
                .audit(AuditedAction("release-asked", by: person, details([:]))),
                .notice(
                    RolloutNotice(
                        .warning, "\(plan.name): \(person) asks to release the kill switch; a second person must agree.")),
            ]
        case .released:
            state.kill = nil
            return [
                .audit(AuditedAction("released", by: person, details(["first": kill.releases.first?.name ?? ""]))), .place,
                .notice(
                    RolloutNotice(.warning, "\(plan.name): the kill switch is released; the rollout goes on from the shadow.")),
            ]
        }
    }

    private mutating func toShadow(_ now: Instant, returningKeys: Bool) -> [RolloutAction] {
        state.step = 0
        let begin = beginTry(now)
        return returningKeys ? [.place, .returnWrittenKeys, begin] : [.place, begin]
    }

    mutating func pause(_ person: Person, _ reason: String, _ now: Instant) -> [RolloutAction] {
        if let pause = state.pause { return refusal("pause", person, ["It is paused already: \(pause.reason)."]) }
        state.pause = RolloutState.Stop(reason: reason, at: now)
        state.requestedBy = nil
        return [
            .audit(AuditedAction("paused", by: person, details(["reason": reason]))),
            .notice(RolloutNotice(.warning, "\(plan.name), \(title): paused by \(person): \(reason).")),
        ]
    }

    mutating func resume(_ person: Person, _ reason: String, _ now: Instant) -> [RolloutAction] {
        if state.kill != nil {
            return refusal("resume", person, ["The kill switch is thrown; two persons release it."])
        }
        guard state.pause != nil || state.latch != nil else {
            return refusal("resume", person, ["It is neither paused nor rolled back."])
        }
        if reason.allSatisfy(\.isWhitespace) { return refusal("resume", person, ["A reason is needed."]) }
        var facts = ["reason": reason]
        if let latch = state.latch { facts["after"] = latch.reason }
        if let pause = state.pause { facts["paused-for"] = pause.reason }
        state.pause = nil
        state.latch = nil
        // A try that was rejected while the rollout was latched can't say anything else any more.
        let begin = state.verdict?.decision == .reject ? [beginTry(nil)] : []
        return begin + [
            .audit(AuditedAction("resumed", by: person, details(facts))),
            .notice(RolloutNotice(.warning, "\(plan.name), \(title): resumed by \(person): \(reason).")),
        ]
    }

    mutating func freeze(_ name: String, begins: Bool) -> [RolloutAction] {
        let isChange = begins ? state.freezes.insert(name).inserted : state.freezes.remove(name) != nil
        guard isChange else { return [] }
        return [.audit(AuditedAction(begins ? "freeze-began" : "freeze-ended", details(["window": name])))]
    }

    mutating func lookAtTheClock(_ now: Instant) -> [RolloutAction] {
        guard !state.isOverdue, let maximum = plan.times(at: state.step).maximumMs,
            now.since(state.enteredAt) >= Int64(maximum)
        else { return [] }
        state.isOverdue = true
        let lasted = DurationText.words(milliseconds: Int64(maximum))
        return [
            .audit(AuditedAction("maximum-reached", details(["lasted": lasted]))),
            .notice(
                RolloutNotice(
                    .warning,
                    "\(plan.name): \(title) has lasted its \(lasted). It stays where it is; the next step needs a person's request."
                )),
        ]
    }
}
