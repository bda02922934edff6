@testable import Migration

/// A rollout in each of the situations that it can be in, and the events that can meet it there.
enum RolloutScenes {
    static let start = Instant(milliseconds: 1_000_000)
    static let minimumMs = 1_000
    static let maximumMs = 60_000

    static let plan = SamplePlans.plan(approvals: [ApprovalDemand(role: "risk")], minimumMs: minimumMs, maximumMs: maximumMs)

    static let operatorPerson = Person(name: "op", role: "operator")
    static let ann = Person(name: "ann", role: "risk")
    static let bob = Person(name: "bob", role: "risk")

    enum Scene: String, CaseIterable, Sendable {
        case fresh, proven, approved, requested, last, paused, frozen, latched, killed, half, overdue, retired
    }

    /// Raises it by a step in the ordinary way; `now` moves by the stage's minimum.
    static func raise(_ rollout: inout Rollout, _ now: inout Instant) {
        now = now.advanced(byMilliseconds: Int64(minimumMs))
        _ = rollout.handle(.verdict(SamplePlans.verdict(.promote, rollout.state.stage)), at: now)
        _ = rollout.handle(.approved(by: ann), at: now)
        _ = rollout.handle(.promotionRequested(by: operatorPerson), at: now)
    }

    /// The rollout and its present time.
    static func make(_ scene: Scene) -> (Rollout, Instant) {
        var now = start
        var rollout = Rollout(plan: plan, isAutomatic: false, at: now)
        func feed(_ events: RolloutEvent...) { for event in events { _ = rollout.handle(event, at: now) } }
        raise(&rollout, &now)
        if scene == .fresh { return (rollout, now) }
        if scene == .last || scene == .retired { while rollout.state.step < plan.lastStep { raise(&rollout, &now) } }
        now = now.advanced(byMilliseconds: Int64(scene == .overdue ? maximumMs : minimumMs))
        feed(.verdict(SamplePlans.verdict(.promote, rollout.state.stage)))
        if scene != .proven, scene != .requested { feed(.approved(by: ann)) }
        switch scene {
        case .fresh, .proven, .approved, .last: break
        case .requested: feed(.promotionRequested(by: operatorPerson))
        case .paused: feed(.pause(by: operatorPerson, reason: "lunch"))
        case .frozen: feed(.freezeBegan(name: "f"))
        case .latched: feed(.rollback(.positiveControlSilent))
        case .killed: feed(.kill(by: operatorPerson, reason: "smoke"))
        case .half: feed(.kill(by: operatorPerson, reason: "smoke"), .release(by: ann))
        case .overdue: feed(.timePassed)
        case .retired: feed(.retire(by: operatorPerson, reason: "done"))
        }
        return (rollout, now)
    }

    enum Happening: String, CaseIterable, Sendable {
        case promote, hold, reject, stale, void, request, approve, pause, resume, freeze, unfreeze, rollback, kill, release, time,
            late
        case retire
    }

    static func event(_ happening: Happening, for rollout: Rollout) -> RolloutEvent {
        let stage = rollout.state.stage
        return switch happening {
        case .promote: .verdict(SamplePlans.verdict(.promote, stage))
        case .hold: .verdict(SamplePlans.verdict(.hold, stage))
        case .reject: .verdict(SamplePlans.verdict(.reject, stage))
        case .stale: .verdict(SamplePlans.verdict(.reject, StageAttempt(step: stage.step, attempt: stage.attempt - 1)))
        case .void: .evidenceVoided(reason: "another build")
        case .request: .promotionRequested(by: operatorPerson)
        case .approve: .approved(by: bob)
        case .pause: .pause(by: operatorPerson, reason: "lunch")
        case .resume: .resume(by: operatorPerson, reason: "looked at")
        case .freeze: .freezeBegan(name: "f")
        case .unfreeze: .freezeEnded(name: "f")
        case .rollback: .rollback(.failuresInARow(5))
        case .kill: .kill(by: operatorPerson, reason: "smoke")
        case .release: .release(by: bob)
        case .time, .late: .timePassed
        case .retire: .retire(by: operatorPerson, reason: "done")
        }
    }
}
