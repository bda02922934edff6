/// The rollout of one plan: a value that takes events and says what to do. docs/migration.md tells its rules.
///
/// The share rises by one step at a time, and only with a verdict to promote on this very stage and try, the approvals of the step, and
/// nothing that holds it. Any number of things take the share away, all of it and at once.
///
/// To carry out what it says: keep a copy of the value, let it take the event, do the actions in their order, and store ``state``: before
/// ``RolloutAction/place`` when an audit entry comes first, at the end otherwise. If an entry that comes before `place` or `retire`
/// can't be written, go back to the copy.
public struct Rollout: Sendable {
    public let plan: RolloutPlan
    /// Whether it promotes by policy, without being asked.
    public let isAutomatic: Bool
    public internal(set) var state: RolloutState

    /// Begins in the shadow.
    public init(plan: RolloutPlan, isAutomatic: Bool, at instant: Instant) {
        self.plan = plan
        self.isAutomatic = isAutomatic
        state = RolloutState(plan: plan, at: instant)
        state.freezes = plan.frozen(at: instant)
    }

    /// Goes on where a state left off.
    public init(plan: RolloutPlan, isAutomatic: Bool, state: RolloutState) throws(RolloutError) {
        guard state.plan == plan.name else {
            throw RolloutError(
                "The rollout's state is of the plan `\(state.plan)`, and the plan is `\(plan.name)`; "
                    + "give each plan a state of its own.")
        }
        guard state.ladder == RolloutState.ladder(of: plan) else {
            throw RolloutError(
                "The plan's audiences or shares are others than those that the rollout `\(plan.name)` began with "
                    + "(\(state.ladder.map(\.description).joined(separator: ", "))); put them back, or begin a plan of another name."
            )
        }
        self.plan = plan
        self.isAutomatic = isAutomatic
        self.state = state
    }

    /// What the lanes place by.
    public var placement: PlacementTable { PlacementTable(plan: plan, step: state.step, isKilled: state.kill != nil) }

    /// What has to be shown at this step.
    public var evidencePolicy: PromotionPolicy { plan.promotion(from: state.step) }

    /// For ``RolloutAction/beginEvidence(_:)``, and for a start without stored evidence.
    public func newEvidence(basis: EvidenceBasis) -> StageEvidence {
        StageEvidence(stage: state.stage, basis: basis, policy: evidencePolicy)
    }

    public var title: String { plan.title(of: state.step) }

    public mutating func handle(_ event: RolloutEvent, at now: Instant) -> [RolloutAction] {
        if state.isRetired { return afterRetirement(event) }
        var actions: [RolloutAction]
        switch event {
        case .verdict(let verdict): actions = take(verdict, now)
        case .evidenceVoided(let reason): actions = voidEvidence(reason)
        case .promotionRequested(let person): actions = request(person, now)
        case .approved(let person, let stage): actions = approve(person, stage, now)
        case .pause(let person, let reason): actions = pause(person, reason, now)
        case .resume(let person, let reason): actions = resume(person, reason, now)
        case .freezeBegan(let name): actions = freeze(name, begins: true)
        case .freezeEnded(let name): actions = freeze(name, begins: false)
        case .rollback(let trigger): actions = rollBack(trigger, now)
        case .kill(let person, let reason): actions = throwKillSwitch(person, reason, now)
        case .release(let person): actions = release(person, now)
        case .timePassed: actions = lookAtTheClock(now)
        case .retire(let person, let reason): actions = retire(person, reason, now)
        }
        actions += advanceIfNothingHolds(now)
        return actions
    }

    /// The freeze windows that have begun or ended since the last look, as events.
    public func freezeEvents(at now: Instant) -> [RolloutEvent] {
        let present = plan.frozen(at: now)
        return present.subtracting(state.freezes).sorted().map { .freezeBegan(name: $0) }
            + state.freezes.subtracting(present).sorted().map { .freezeEnded(name: $0) }
    }

    /// What the kill switch's file adds to what is known: its presence throws the switch. Its absence alone releases nothing.
    public func killEvents(file: KillSwitch?) -> [RolloutEvent] {
        guard let file, state.kill == nil, !state.isRetired else { return [] }
        return [.kill(by: Person(name: file.thrownBy, role: "kill-switch-file"), reason: file.reason)]
    }

    private func afterRetirement(_ event: RolloutEvent) -> [RolloutAction] {
        switch event {
        case .verdict, .evidenceVoided, .freezeBegan, .freezeEnded, .timePassed: []
        case .rollback(let trigger):
            [.notice(RolloutNotice(.critical, "\(plan.name): \(trigger); the legacy is retired, so there is no way back."))]
        case .promotionRequested, .approved, .pause, .resume, .kill, .release, .retire:
            [.refuse("The rollout is over: the legacy takes no writes any more, so nothing can go back to it.")]
        }
    }

    /// Begins a try of the present step: what was gathered and approved before is of no use.
    mutating func beginTry(_ now: Instant?) -> RolloutAction {
        state.attempts[state.step] += 1
        state.verdict = nil
        state.requestedBy = nil
        state.approvals = []
        if let now {
            state.enteredAt = now
            state.isOverdue = false
        }
        return .beginEvidence(state.stage)
    }
}

/// Why a rollout can't go on.
public struct RolloutError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}
