import Testing
import Verdicts

@testable import ShadowProxy

/// How a key changes sides: only when nothing of it is under way or to be caught up.
@Suite struct HandOverTests {
    private final class Ticket {}
    private typealias Order = KeyOrder<Ticket>

    private static let key = RequestKey("a")
    private let ticket = (0..<6).map { _ in Ticket() }

    /// The side of a turn that was granted; nil while it waits.
    private func side(_ entry: Order.Entry) -> Side? { if case .granted(let turn) = entry { turn.side } else { nil } }

    private func isCrossing(_ entry: Order.Entry) -> Bool { if case .waiting(crosses: true) = entry { true } else { false } }

    /// A key that the given side answers, with one write at the shadow.
    private func busy(at side: Side) -> Order {
        var order = Order()
        _ = order.enterPrimary(Self.key, ticket[0], side: side, waitingMax: 9)
        _ = order.enterShadow(Self.key, ticket[0])
        _ = order.leavePrimary(Self.key, ticket[0])
        return order
    }

    @Test(arguments: [Side.legacy, .candidate])
    func aWriteWaitsUntilTheShadowIsThrough(from: Side) {
        var order = busy(at: from)
        let entry = order.enterPrimary(Self.key, ticket[1], side: from.other, waitingMax: 9)
        #expect(isCrossing(entry))
        let left = order.leaveShadow(Self.key, ticket[0])
        #expect(left.granted?.ticket === ticket[1])
        #expect(left.granted?.side == from.other)
        #expect(order.find(Self.key)?.side == from.other)
    }

    @Test func readsGoWhereTheKeyIsAndPastAWriteThatWaits() {
        var order = busy(at: .legacy)
        let first = order.enterPrimary(Self.key, ticket[1], side: .candidate, .follows, waitingMax: 9)
        #expect(side(first) == .legacy)
        // For the primary alone: else a key that is read all the time would never be free to change.
        if case .granted(let turn) = first { #expect(turn.overtakes) }
        let write = order.enterPrimary(Self.key, ticket[2], side: .candidate, waitingMax: 9)
        #expect(isCrossing(write))
        let second = order.enterPrimary(Self.key, ticket[3], side: .candidate, .follows, waitingMax: 9)
        #expect(side(second) == nil)
        // The first read has its answer: the second goes past the write, which can't go yet.
        let next = order.leavePrimary(Self.key, ticket[1])
        #expect(next?.ticket === ticket[3])
        #expect(next?.side == .legacy)
        #expect(next?.overtakes == true)
        let none = order.leavePrimary(Self.key, ticket[3])
        #expect(none == nil)
        let third = order.enterPrimary(Self.key, ticket[4], side: .candidate, .follows, waitingMax: 9)
        if case .granted(let turn) = third { #expect(turn.overtakes) } else { Issue.record("it waits") }
        _ = order.leavePrimary(Self.key, ticket[4])
        let moved = order.leaveShadow(Self.key, ticket[0])
        #expect(moved.granted?.ticket === ticket[2])
        #expect(moved.granted?.side == .candidate)
    }

    /// What is known of a key, where it is, and where a write of it that is to go to the other side finds its turn; nil: it waits.
    static let knowledge: [(String, Side, @Sendable (inout KeyTrust) -> Void, Side?)] = [
        ("nothing", .legacy, { _ in }, .candidate),
        ("the candidate is behind", .legacy, { $0.behind = 1 }, .legacy),
        ("unverified", .legacy, { $0.becomeUnverified("by test", doubt: 1) }, .legacy),
        ("the candidate has diverged", .legacy, { $0.standing = .diverged }, .legacy),
        ("nothing", .candidate, { _ in }, .legacy),
        ("the legacy is behind", .candidate, { $0.behind = 1 }, nil),
        ("unverified", .candidate, { $0.becomeUnverified("by test", doubt: 1) }, nil),
        ("the legacy has diverged", .candidate, { $0.standing = .diverged }, nil),
    ]

    @Test(arguments: knowledge.indices)
    func nobodyWaitsForTheCandidateAndTheLegacyMustBeWhole(index: Int) {
        let (what, at, change, expected) = Self.knowledge[index]
        var order = Order()
        order.setSide(Self.key, at)
        order.find(Self.key).map { change(&$0.trust) }
        let entry = order.enterPrimary(Self.key, ticket[0], side: at.other, waitingMax: 9)
        #expect(side(entry) == expected, "\(what)")
        guard expected == nil else { return }
        #expect(isCrossing(entry))
        order.find(Self.key)?.trust = KeyTrust()
        let granted = order.trustChanged(Self.key)
        #expect(granted?.side == .legacy)
    }

    /// A read of a key that stays on the legacy for now is compared: that is how an unverified key becomes trusted.
    @Test func aReadThatStaysIsComparedAsEver() {
        var order = Order()
        order.open(Self.key).trust.becomeUnverified("by test", doubt: 1)
        let entry = order.enterPrimary(Self.key, ticket[0], side: .candidate, .follows, waitingMax: 9)
        if case .granted(let turn) = entry { #expect(turn.side == .legacy && !turn.overtakes) } else { Issue.record("\(entry)") }
    }

    /// A key that is in doubt on the candidate leaves it only once a read was compared: one is, whether a write waits already or not, and the
    /// others go past it.
    @Test(arguments: [false, true])
    func oneReadOfAKeyInDoubtIsCompared(aWriteWaits: Bool) {
        var order = Order()
        order.setSide(Self.key, .candidate)
        order.find(Self.key)?.trust.becomeUnverified("by test", doubt: 1)
        if aWriteWaits { _ = order.enterPrimary(Self.key, ticket[0], side: .legacy, waitingMax: 9) }
        let first = order.enterPrimary(Self.key, ticket[1], side: .legacy, .follows, waitingMax: 9)
        #expect(side(first) == .candidate)
        if case .granted(let turn) = first { #expect(!turn.overtakes) }
        _ = order.enterPrimary(Self.key, ticket[2], side: .legacy, .follows, waitingMax: 9)
        _ = order.enterShadow(Self.key, ticket[1])
        let second = order.leavePrimary(Self.key, ticket[1])
        #expect(second?.ticket === ticket[2] && second?.side == .candidate && second?.overtakes == true)
        _ = order.leavePrimary(Self.key, ticket[2])
        // It agreed.
        order.find(Self.key)?.trust.trust()
        let left = order.leaveShadow(Self.key, ticket[1])
        #expect(left.granted?.ticket === (aWriteWaits ? ticket[0] : nil))
    }

    /// What the proxy asks for itself.
    @Test(arguments: [Side.legacy, .candidate])
    func aProbeGoesWhereTheKeyIsAndNeverMovesIt(at: Side) {
        var order = Order()
        order.setSide(Self.key, at)
        let free = order.enterPrimary(Self.key, ticket[0], side: at.other, .looks, waitingMax: 9)
        #expect(side(free) == at)
        #expect(order.find(Self.key)?.side == at)
        _ = order.enterShadow(Self.key, ticket[0])
        _ = order.leavePrimary(Self.key, ticket[0])
        // It goes to both sides whoever waits, and whatever is at the shadow already.
        _ = order.enterPrimary(Self.key, ticket[1], side: at.other, waitingMax: 9)
        let past = order.enterPrimary(Self.key, ticket[2], side: at.other, .looks, waitingMax: 9)
        if case .granted(let turn) = past { #expect(turn.side == at && !turn.overtakes) } else { Issue.record("\(past)") }
        _ = order.enterPrimary(Self.key, ticket[3], side: at.other, .looks, waitingMax: 9)
        let next = order.leavePrimary(Self.key, ticket[2])
        #expect(next?.ticket === ticket[3] && next?.side == at && next?.overtakes == false)
    }

    /// Compared while the legacy is behind, it would prove nothing.
    @Test func noReadIsComparedBeforeTheLegacyHasCaughtUp() {
        var order = Order()
        order.setSide(Self.key, .candidate)
        order.find(Self.key)?.trust.becomeUnverified("by test", doubt: 1)
        order.find(Self.key)?.trust.behind = 1
        let read = order.enterPrimary(Self.key, ticket[0], side: .legacy, .follows, waitingMax: 9)
        if case .granted(let turn) = read { #expect(turn.side == .candidate && turn.overtakes) } else { Issue.record("\(read)") }
    }

    @Test func whoWaitsWithAnotherKeyInHandIsToldOnceThisOneStays() {
        var order = busy(at: .legacy)
        _ = order.enterPrimary(Self.key, ticket[1], side: .candidate, .joins, waitingMax: 9)
        _ = order.enterPrimary(Self.key, ticket[2], side: .legacy, waitingMax: 9)
        order.find(Self.key)?.trust.behind = 1
        let turn = order.trustChanged(Self.key)
        #expect(turn?.ticket === ticket[1])
        #expect(turn?.isElsewhere == true)
        let next = order.grantNext(Self.key)
        #expect(next?.ticket === ticket[2])
        #expect(next?.isElsewhere == false)
    }

    @Test func aWriteThatWaitsForTheCandidateGoesOnOnceThatIsBehind() {
        var order = busy(at: .legacy)
        _ = order.enterPrimary(Self.key, ticket[1], side: .candidate, waitingMax: 9)
        order.find(Self.key)?.trust.behind = 1
        let granted = order.trustChanged(Self.key)
        #expect(granted?.ticket === ticket[1])
        #expect(granted?.side == .legacy)
    }

    @Test func whoHoldsAnotherKeyIsToldThatThisOneStays() {
        var order = Order()
        order.open(Self.key).trust.behind = 1
        let entry = order.enterPrimary(Self.key, ticket[0], side: .candidate, .joins, waitingMax: 9)
        if case .elsewhere = entry {} else { Issue.record("\(entry)") }
        // To the legacy it can.
        let legacy = order.enterPrimary(Self.key, ticket[0], side: .legacy, .joins, waitingMax: 9)
        #expect(side(legacy) == .legacy)
    }

    @Test func thoseThatWaitForTheOtherSideAreBoundedByThemselves() {
        var order = busy(at: .candidate)
        for number in 1...2 {
            let entry = order.enterPrimary(Self.key, ticket[number], side: .legacy, waitingMax: 9, crossingMax: 2)
            #expect(isCrossing(entry))
        }
        let full = order.enterPrimary(Self.key, ticket[3], side: .legacy, waitingMax: 9, crossingMax: 2)
        if case .full = full {} else { Issue.record("\(full)") }
    }

    @Test func aNewPlacementReachesThoseThatWait() {
        var order = busy(at: .legacy)
        _ = order.enterPrimary(Self.key, ticket[1], side: .candidate, waitingMax: 9)
        let unchanged = order.decideAgain { _, _ in nil }
        #expect(unchanged.isEmpty)
        let granted = order.decideAgain { _, _ in .legacy }
        #expect(granted.map(\.side) == [.legacy])
        #expect(granted.first?.ticket === ticket[1])
    }

    @Test func whoGivesUpLearnsWhatItWaitedFor() {
        var order = busy(at: .candidate)
        _ = order.enterPrimary(Self.key, ticket[1], side: .candidate, waitingMax: 9)
        _ = order.enterPrimary(Self.key, ticket[2], side: .candidate, waitingMax: 9)
        _ = order.enterPrimary(Self.key, ticket[3], side: .legacy, waitingMax: 9)
        let forItsTurn = order.giveUpWaiting(Self.key, ticket[2])
        #expect(forItsTurn.wasWaiting && !forItsTurn.wasCrossing)
        let forTheOtherSide = order.giveUpWaiting(Self.key, ticket[3])
        #expect(forTheOtherSide.wasWaiting && forTheOtherSide.wasCrossing)
    }
}
