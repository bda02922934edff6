import Foundation
import Testing

@testable import Migration

@Suite("Rules of a rollout")
struct RolloutRuleTests {
    private let op = RolloutScenes.operatorPerson

    private func promote(_ rollout: inout Rollout, _ now: Instant) -> [RolloutAction] {
        rollout.handle(.verdict(SamplePlans.verdict(.promote, rollout.state.stage)), at: now)
    }

    private func refusal(_ actions: [RolloutAction]) -> String {
        actions.compactMap { if case .refuse(let text) = $0 { text } else { nil } }.joined()
    }

    @Test("it begins in the shadow, with everything on the legacy")
    func beginning() {
        let rollout = Rollout(plan: SamplePlans.plan(), isAutomatic: true, at: RolloutScenes.start)
        #expect(rollout.title == "shadow")
        #expect(rollout.placement.isShadow)
        #expect(rollout.state.stage == StageAttempt(step: 0, attempt: 1))
    }

    @Test("the minimum holds to the millisecond; automation goes on when it has passed")
    func minimum() {
        var rollout = Rollout(plan: SamplePlans.plan(minimumMs: 1_000), isAutomatic: true, at: RolloutScenes.start)
        let almost = RolloutScenes.start.advanced(byMilliseconds: 999)
        #expect(!promote(&rollout, almost).contains(.place))
        #expect(rollout.holds(at: almost) == [.minimumNotReached(leftMs: 1)])
        let then = RolloutScenes.start.advanced(byMilliseconds: 1_000)
        #expect(rollout.handle(.timePassed, at: then).contains(.place))
        #expect(rollout.state.step == 1)
        // A new stage begins its own time and its own evidence.
        #expect(rollout.state.verdict == nil && rollout.state.enteredAt == then)
        #expect(rollout.handle(.timePassed, at: then.advanced(byMilliseconds: 1_000)) == [])
    }

    @Test("without automation nothing moves by itself; a request moves one step")
    func manual() {
        var rollout = Rollout(plan: SamplePlans.plan(), isAutomatic: false, at: RolloutScenes.start)
        #expect(
            refusal(rollout.handle(.promotionRequested(by: op), at: RolloutScenes.start)).contains("no verdict on this stage yet")
        )
        _ = promote(&rollout, RolloutScenes.start)
        #expect(rollout.state.step == 0)
        #expect(rollout.handle(.promotionRequested(by: op), at: RolloutScenes.start).contains(.place))
        #expect(rollout.state.step == 1)
    }

    @Test("an overdue stage stays, is told once, and wants a person even with automation")
    func overdue() {
        var rollout = Rollout(plan: SamplePlans.plan(maximumMs: 5_000), isAutomatic: true, at: RolloutScenes.start)
        #expect(rollout.handle(.timePassed, at: RolloutScenes.start.advanced(byMilliseconds: 4_999)) == [])
        let late = RolloutScenes.start.advanced(byMilliseconds: 5_000)
        let told = rollout.handle(.timePassed, at: late)
        #expect(told.count == 2 && rollout.state.isOverdue && rollout.state.step == 0)
        #expect(rollout.handle(.timePassed, at: late.advanced(byMilliseconds: 5_000)) == [])
        #expect(!promote(&rollout, late).contains(.place))
        #expect(rollout.handle(.promotionRequested(by: op), at: late).contains(.place))
        #expect(!rollout.state.isOverdue)
    }

    @Test("approvals: different persons of the role, none of them who asked, none before there is a verdict")
    func approvals() {
        let plan = SamplePlans.plan(approvals: [ApprovalDemand(role: "risk", number: 2), ApprovalDemand(role: "ops")])
        var rollout = Rollout(plan: plan, isAutomatic: false, at: RolloutScenes.start)
        let now = RolloutScenes.start
        func approve(_ name: String, _ role: String, _ stage: String? = nil) -> String {
            refusal(rollout.handle(.approved(by: Person(name: name, role: role), stage: stage), at: now))
        }
        #expect(approve("ann", "risk").contains("nothing to approve yet"))
        #expect(promote(&rollout, now).contains(.askApproval(step: 1, missing: plan.approvals(from: 0))))
        #expect(
            approve("ann", "risk", RolloutPlan.retirementTitle)
                == "What waits for approval is `\(plan.title(of: 1))`, not `retirement`.")
        #expect(approve("ann", "risk", plan.title(of: 1)) == "")
        #expect(approve(" ANN ", "risk").contains("approved already"))
        #expect(approve("ann", "ops").contains("approved already"))
        #expect(approve("zed", "sales").contains("asks for 2 × risk, 1 × ops, not for `sales`"))
        #expect(rollout.approvalsMissing == [ApprovalDemand(role: "risk"), ApprovalDemand(role: "ops")])
        // Who asked for it has approved before: that no longer counts.
        let asked = rollout.handle(.promotionRequested(by: Person(name: "Ann", role: "risk")), at: now)
        #expect(
            asked.contains(
                .askApproval(step: 1, missing: [ApprovalDemand(role: "risk", number: 2), ApprovalDemand(role: "ops")])))
        #expect(approve("ann", "ops").contains("can't approve it"))
        for name in ["bob", "cid"] { #expect(approve(name, "risk") == "") }
        // Taken, it would leave nobody to speak for the other role.
        #expect(approve("dan", "risk") == "`risk` has approved already; 1 × ops is missing.")
        #expect(rollout.state.step == 0)
        #expect(approve("dan", "ops") == "")
        #expect(rollout.state.step == 1 && rollout.state.approvals.isEmpty && rollout.state.requestedBy == nil)
    }

    @Test("a freeze keeps a request waiting, and its end lets it go")
    func freeze() {
        var (rollout, now) = RolloutScenes.make(.frozen)
        #expect(!rollout.handle(.promotionRequested(by: op), at: now).contains(.place))
        #expect(rollout.handle(.freezeEnded(name: "f"), at: now).contains(.place))
        #expect(rollout.state.step == 2)
    }

    @Test("freeze windows come as events, once each")
    func freezeEvents() throws {
        let window = try #require(FreezeWindow(name: "f", zone: "UTC", span: .daily(from: 60, to: 120)))
        var rollout = Rollout(plan: SamplePlans.plan(freezes: [window]), isAutomatic: true, at: Instant(milliseconds: 0))
        let inside = Instant(milliseconds: 3_600_000)
        // Before anybody has looked at the clock, it holds all the same.
        var unaware = rollout
        #expect(!promote(&unaware, inside).contains(.place))
        #expect(unaware.holds(at: inside) == [.frozen(names: ["f"])] && unaware.holds(at: Instant(milliseconds: 0)) == [])
        #expect(rollout.freezeEvents(at: Instant(milliseconds: 3_599_999)) == [])
        #expect(rollout.freezeEvents(at: inside) == [.freezeBegan(name: "f")])
        for event in rollout.freezeEvents(at: inside) { _ = rollout.handle(event, at: inside) }
        #expect(rollout.freezeEvents(at: inside) == [])
        #expect(!promote(&rollout, inside).contains(.place))
        let after = Instant(milliseconds: 7_200_000)
        #expect(rollout.freezeEvents(at: after) == [.freezeEnded(name: "f")])
        // A rollout that begins inside one is frozen from the start.
        #expect(Rollout(plan: rollout.plan, isAutomatic: true, at: inside).state.freezes == ["f"])
    }

    @Test(
        "a rollback returns the written keys as the policy says; the kill switch returns them always",
        arguments: [RollbackPolicy.WrittenKeys.keep, .return])
    func writtenKeys(policy: RollbackPolicy.WrittenKeys) {
        var rollout = Rollout(plan: SamplePlans.plan(writtenKeys: policy), isAutomatic: true, at: RolloutScenes.start)
        _ = promote(&rollout, RolloutScenes.start)
        #expect(rollout.state.step == 1)
        var other = rollout
        let actions = rollout.handle(.rollback(.positiveControlSilent), at: RolloutScenes.start)
        #expect(actions.contains(.returnWrittenKeys) == (policy == .return))
        #expect(other.handle(.kill(by: op, reason: "x"), at: RolloutScenes.start).contains(.returnWrittenKeys))
    }

    @Test("a rollback spends a try: the way up begins anew, with evidence of its own")
    func tries() {
        var rollout = Rollout(plan: SamplePlans.plan(), isAutomatic: true, at: RolloutScenes.start)
        _ = promote(&rollout, RolloutScenes.start)
        _ = rollout.handle(.verdict(SamplePlans.verdict(.reject, rollout.state.stage)), at: RolloutScenes.start)
        #expect(rollout.state.stage == StageAttempt(step: 0, attempt: 2))
        #expect(refusal(rollout.handle(.promotionRequested(by: op), at: RolloutScenes.start)).contains("`resume` with a reason"))
        #expect(refusal(rollout.handle(.resume(by: op, reason: " "), at: RolloutScenes.start)) == "A reason is needed.")
        #expect(!promote(&rollout, RolloutScenes.start).contains(.place))
        #expect(rollout.handle(.resume(by: op, reason: "mended"), at: RolloutScenes.start).contains(.place))
        #expect(rollout.state.stage == StageAttempt(step: 1, attempt: 2))
    }

    @Test("what rejected while the rollout was latched is not what the next try begins with")
    func rejectedWhileLatched() {
        var (rollout, now) = RolloutScenes.make(.latched)
        let stage = rollout.state.stage
        _ = rollout.handle(.verdict(SamplePlans.verdict(.reject, stage)), at: now)
        let next = StageAttempt(step: 0, attempt: stage.attempt + 1)
        #expect(rollout.handle(.resume(by: op, reason: "mended"), at: now).first == .beginEvidence(next))
        #expect(rollout.state.verdict == nil)
    }

    @Test("the kill switch takes two different persons to release, and the rollout goes on from the shadow")
    func twoPersons() {
        var (rollout, now) = RolloutScenes.make(.killed)
        func release(_ name: String) -> String { refusal(rollout.handle(.release(by: Person(name: name, role: "x")), at: now)) }
        #expect(release("") == "A release needs a name.")
        #expect(release("Kim") == "")
        for name in ["Kim", "kim", " KIM "] { #expect(release(name).contains("a second person must")) }
        #expect(rollout.placement.isKilled)
        #expect(release("op") == "")
        #expect(!rollout.placement.isKilled && rollout.placement.isShadow)
        #expect(rollout.state.verdict == nil && rollout.state.approvals.isEmpty)
    }

    @Test("the kill switch's file throws the switch once; its absence releases nothing")
    func killFile() {
        var (rollout, now) = RolloutScenes.make(.approved)
        let file = KillSwitchFile.parse("who: kim\nwhy: smoke\n")
        #expect(rollout.killEvents(file: nil) == [])
        let events = rollout.killEvents(file: file)
        #expect(events.count == 1)
        for event in events { _ = rollout.handle(event, at: now) }
        #expect(rollout.state.kill?.thrownBy == "kim")
        #expect(rollout.killEvents(file: file) == [] && rollout.killEvents(file: nil) == [])
        #expect(rollout.placement.isKilled)
    }

    @Test("legacy is compared until `retire`, which takes the last step, a verdict and its own approvals")
    func retirement() {
        var (rollout, now) = RolloutScenes.make(.last)
        #expect(rollout.title == "all 0/100")
        #expect(!rollout.state.isRetired)
        // Who asks for it does not count among those who approve.
        let refused = refusal(rollout.handle(.retire(by: RolloutScenes.ann, reason: "done"), at: now))
        #expect(refused.contains("Approvals are missing") && refused.contains("whoever orders it does not count"))
        _ = rollout.handle(.verdict(SamplePlans.verdict(.hold, rollout.state.stage)), at: now)
        #expect(refusal(rollout.handle(.retire(by: op, reason: "done"), at: now)).contains("evidence does not suffice"))
        _ = promote(&rollout, now)
        #expect(rollout.handle(.retire(by: op, reason: "done"), at: now).contains(.retire))
        #expect(rollout.holds(at: now) == [.retired])
    }

    @Test("another ladder or plan is not gone on with; anything else of the plan may change")
    func otherPlan() throws {
        let (rollout, _) = RolloutScenes.make(.approved)
        var plan = RolloutScenes.plan
        plan.name = "other"
        #expect(throws: RolloutError.self) { try Rollout(plan: plan, isAutomatic: false, state: rollout.state) }
        plan = RolloutScenes.plan
        plan.audiences[1].stages.remove(at: 0)
        #expect(throws: RolloutError.self) { try Rollout(plan: plan, isAutomatic: false, state: rollout.state) }
        plan = RolloutScenes.plan
        plan.shadow.minimumMs = 77
        #expect(try Rollout(plan: plan, isAutomatic: true, state: rollout.state).state == rollout.state)
    }

    @Test("all of a state survives a restart", arguments: RolloutScenes.Scene.allCases)
    func restart(scene: RolloutScenes.Scene) throws {
        let (rollout, _) = RolloutScenes.make(scene)
        let data = try JSONEncoder().encode(rollout.state)
        #expect(try JSONDecoder().decode(RolloutState.self, from: data) == rollout.state)
        let text = String(decoding: data, as: UTF8.self)
        for (old, new) in [("\"schema\":1", "\"schema\":2"), ("\"step\":\(rollout.state.step)", "\"step\":17")] {
            let spoilt = text.replacing(old, with: new)
            #expect(spoilt != text)
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(RolloutState.self, from: Data(spoilt.utf8)) }
        }
    }
}
