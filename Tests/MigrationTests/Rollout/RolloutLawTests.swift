import Foundation
import Testing

@testable import Migration

/// Long random courses, judged by a book of their own that reads nothing of the state but the shares.
@Suite("Laws of a rollout")
struct RolloutLawTests {
    /// What the events so far allow, kept without the state machine's help.
    private struct Book {
        var hasPromoteVerdict = false
        var approvers: [Person] = []
        var requester: Person?
        var isPaused = false
        var isLatched = false
        var frozen: Set<String> = []
        var isKilled = false
        var releasers: Set<String> = []
        var enteredAt = RolloutScenes.start

        /// One person, one approval: two roles of his are not two.
        var areAllDifferent: Bool { Set(approvers.map(\.identity)).count == approvers.count }

        mutating func forgetTry() {
            hasPromoteVerdict = false
            approvers = []
            requester = nil
        }

        func mayRise(_ plan: RolloutPlan, step: Int, automatic: Bool, at now: Instant) -> Bool {
            let counted = approvers.filter { $0.identity != requester?.identity }
            let isApproved = plan.approvals(from: step).allSatisfy { demand in
                Set(counted.filter { $0.role == demand.role }.map(\.identity)).count >= demand.number
            }
            return hasPromoteVerdict && isApproved && (automatic || requester != nil) && !isPaused && !isLatched && frozen.isEmpty
                && !isKilled && now.since(enteredAt) >= Int64(plan.times(at: step).minimumMs)
        }
    }

    private static let people = ["ann", "Ann", "bob", "cid"].flatMap { name in
        ["risk", "ops"].map { Person(name: name, role: $0) }
    }

    private func event(_ random: inout SeededGenerator, _ rollout: Rollout) -> RolloutEvent {
        let person = Self.people[Int(random.next() % UInt64(Self.people.count))]
        var stage = rollout.state.stage
        if random.next() % 4 == 0 { stage.attempt += Int(random.next() % 3) - 1 }
        if random.next() % 8 == 0 { stage.step += Int(random.next() % 3) - 1 }
        let freeze = random.next() % 2 == 0 ? "f" : "g"
        return switch random.next() % 60 {
        case 0..<14: .verdict(SamplePlans.verdict(.promote, stage))
        case 14..<17: .verdict(SamplePlans.verdict(.hold, stage))
        case 17: .verdict(SamplePlans.verdict(.reject, stage))
        case 18: .evidenceVoided(reason: "another build")
        case 19..<30: .approved(by: person)
        case 30..<38: .promotionRequested(by: person)
        case 38: .pause(by: person, reason: "p")
        case 39..<43: .resume(by: person, reason: "r")
        case 43: .freezeBegan(name: freeze)
        case 44..<47: .freezeEnded(name: freeze)
        case 47: .rollback([.positiveControlSilent, .failuresInARow(5)][Int(random.next() % 2)])
        case 48: .kill(by: person, reason: "k")
        case 49..<54: .release(by: person)
        case 54: .retire(by: person, reason: "done")
        default: .timePassed
        }
    }

    private func note(_ event: RolloutEvent, _ book: inout Book, _ before: RolloutState) {
        switch event {
        case .verdict(let verdict) where verdict.stage == before.stage:
            book.hasPromoteVerdict = verdict.decision == .promote
            if verdict.decision == .reject { book.isLatched = true }
        case .approved(let person, _): book.approvers.append(person)
        case .promotionRequested(let person): book.requester = person
        case .pause:
            book.isPaused = true
            book.requester = nil
        case .resume:
            book.isPaused = false
            book.isLatched = false
        case .freezeBegan(let name): book.frozen.insert(name)
        case .freezeEnded(let name): book.frozen.remove(name)
        case .rollback: book.isLatched = true
        case .kill:
            book.isKilled = true
            book.releasers = []
        case .release(let person):
            book.releasers.insert(person.identity)
            if book.releasers.count >= 2 {
                book.isKilled = false
                book.releasers = []
            }
        default: break
        }
    }

    @Test(
        "the share rises only by one step, with a promote verdict on this try, its approvals and nothing that holds; killed is killed",
        arguments: [(1, false), (2, true), (3, false), (4, true)] as [(UInt64, Bool)])
    func laws(seed: UInt64, automatic: Bool) throws {
        var random = SeededGenerator(seed: seed)
        var raised = 0
        var retired = 0
        for course in 0..<200 {
            let demands = [
                [], [ApprovalDemand(role: "risk")], [ApprovalDemand(role: "risk", number: 2), ApprovalDemand(role: "ops")],
            ][course % 3]
            let plan = SamplePlans.plan(approvals: demands, minimumMs: 20, maximumMs: 2_000)
            var rollout = Rollout(plan: plan, isAutomatic: automatic, at: RolloutScenes.start)
            var book = Book()
            var now = RolloutScenes.start
            for _ in 0..<400 where !rollout.state.isRetired {
                now = now.advanced(byMilliseconds: Int64(random.next() % 25))
                let event = event(&random, rollout)
                let before = rollout.state
                let sharesBefore = rollout.placement.shares
                let actions = rollout.handle(event, at: now)
                // What was refused has not happened.
                let isRefused = actions.contains { if case .refuse = $0 { true } else { false } }
                if !isRefused { note(event, &book, before) }

                let shares = rollout.placement.shares
                let rises = zip(sharesBefore, shares).contains { $0 < $1 }
                if rises {
                    raised += 1
                    #expect(rollout.state.step == before.step + 1 && book.areAllDifferent)
                    #expect(book.mayRise(plan, step: before.step, automatic: automatic, at: now), "\(event) in \(before)")
                }
                // The other way round only here: an automatic rollout must not wait for what is there already.
                if automatic, !rises, before.step < plan.lastStep, !before.isOverdue, !rollout.state.isOverdue,
                    rollout.state.step == before.step
                {
                    #expect(rollout.holds(at: now) != [], "\(event) in \(before)")
                }
                #expect(rollout.placement.isKilled == book.isKilled)
                if book.isKilled || book.isLatched { #expect(shares.allSatisfy { $0 == .none }) }
                if actions.contains(where: { if case .beginEvidence = $0 { true } else { false } }) { book.forgetTry() }
                if rollout.state.step != before.step { book.enteredAt = now }
                if rollout.state.enteredAt != before.enteredAt { book.enteredAt = rollout.state.enteredAt }
                // Placement changes never go untold.
                if shares != sharesBefore || rollout.placement.isKilled != (before.kill != nil) {
                    #expect(actions.contains(.place))
                }
                if rollout.state.isRetired {
                    retired += 1
                    #expect(before.step == plan.lastStep && before.verdict?.decision == .promote)
                }
                if random.next() % 50 == 0 {
                    let kept = try JSONDecoder().decode(RolloutState.self, from: JSONEncoder().encode(rollout.state))
                    rollout = try Rollout(plan: plan, isAutomatic: automatic, state: kept)
                }
            }
        }
        // The courses must get somewhere, or they would prove nothing.
        #expect(raised > 400 && retired > 0, "\(raised) raised, \(retired) retired")
    }
}
