import Testing
import Verdicts

@testable import ShadowProxy

/// Lanes that talk by messages, each pair in order, everything else in any order: what the event loops do.
private final class LaneWorld {
    final class Ticket {
        let number: Int
        let keys: [RequestKey]
        /// Where it is to go; once it holds a key, where it goes.
        var side: Side
        let isRead: Bool
        var acquired = 0
        var frontsMissing: Int
        var isArmed = false
        var isDone = false

        /// A read past writes that wait for the key to change sides.
        var overtakes = false
        var hasFallenBack = false

        init(number: Int, keys: [RequestKey], side: Side, isRead: Bool) {
            self.number = number
            self.keys = keys
            self.side = side
            self.isRead = isRead
            self.frontsMissing = keys.count
        }
    }

    let lanes: Int
    var orders: [KeyOrder<Ticket>]
    /// Messages by (from, to).
    var mail: [[Int]: [() -> Void]] = [:]
    /// Tickets whose call is under way at the primary, or at the shadow.
    var atPrimary: [Ticket] = []
    var atShadow: [Ticket] = []
    var primaryLog: [RequestKey: [Int]] = [:]
    var shadowLog: [RequestKey: [Int]] = [:]
    var overtaken = 0
    /// Tickets whose keys were granted on different sides.
    var torn = 0

    init(lanes: Int) {
        self.lanes = lanes
        orders = Array(repeating: KeyOrder<Ticket>(), count: lanes)
    }

    func home(_ ticket: Ticket) -> Int { ticket.keys[0].lane(of: lanes) }

    func send(_ from: Int, _ to: Int, _ body: @escaping () -> Void) {
        if from == to { body() } else { mail[[from, to], default: []].append(body) }
    }

    func acquire(_ ticket: Ticket) {
        guard ticket.acquired < ticket.keys.count else {
            if ticket.overtakes {
                overtaken += 1
                atPrimary.append(ticket)
                return
            }
            for key in ticket.keys {
                let lane = key.lane(of: lanes)
                send(home(ticket), lane) { [self] in
                    if orders[lane].enterShadow(key, ticket) { front(lane, ticket) }
                }
                primaryLog[key, default: []].append(ticket.number)
            }
            atPrimary.append(ticket)
            return
        }
        let key = ticket.keys[ticket.acquired]
        let lane = key.lane(of: lanes)
        send(home(ticket), lane) { [self] in
            let ofRead: KeyOrder<Ticket>.Manner = ticket.number % 3 == 0 ? .looks : .follows
            let manner: KeyOrder<Ticket>.Manner = ticket.isRead ? ofRead : ticket.acquired == 0 ? .moves : .joins
            switch orders[lane].enterPrimary(key, ticket, side: ticket.side, manner, waitingMax: .max) {
            case .granted(let turn): granted(lane, turn)
            case .elsewhere: send(lane, home(ticket)) { [self] in fallBack(ticket) }
            case .waiting, .full: break
            }
        }
    }

    /// One of its keys can't go to the candidate: it begins anew, for the legacy.
    func fallBack(_ ticket: Ticket) {
        precondition(!ticket.hasFallenBack)
        ticket.hasFallenBack = true
        for key in ticket.keys.prefix(ticket.acquired) { release(key, ticket) }
        ticket.acquired = 0
        ticket.side = .legacy
        acquire(ticket)
    }

    func granted(_ lane: Int, _ turn: KeyOrder<Ticket>.Turn) {
        let ticket = turn.ticket
        if turn.isElsewhere {
            send(lane, home(ticket)) { [self] in fallBack(ticket) }
            if let next = orders[lane].grantNext(turn.key) { granted(lane, next) }
            return
        }
        send(lane, home(ticket)) { [self] in
            if ticket.acquired > 0, ticket.side != turn.side { torn += 1 }
            ticket.side = turn.side
            ticket.overtakes = turn.overtakes
            ticket.acquired += 1
            acquire(ticket)
        }
    }

    func release(_ key: RequestKey, _ ticket: Ticket) {
        let lane = key.lane(of: lanes)
        send(home(ticket), lane) { [self] in
            if let next = orders[lane].leavePrimary(key, ticket) { granted(lane, next) }
        }
    }

    /// A key's standing changes, or the shadow has to catch up with it.
    func change(_ key: RequestKey, _ body: (inout KeyTrust) -> Void) {
        let lane = key.lane(of: lanes)
        body(&orders[lane].open(key).trust)
        if let turn = orders[lane].trustChanged(key) { granted(lane, turn) }
    }

    func front(_ lane: Int, _ ticket: Ticket) {
        send(lane, home(ticket)) { [self] in
            ticket.frontsMissing -= 1
            goToShadow(ticket)
        }
    }

    func goToShadow(_ ticket: Ticket) {
        guard ticket.isArmed, ticket.frontsMissing == 0 else { return }
        for key in ticket.keys { shadowLog[key, default: []].append(ticket.number) }
        atShadow.append(ticket)
    }

    func primaryDone(_ ticket: Ticket, withdrawn: Bool) {
        if ticket.overtakes {
            ticket.isDone = true
        } else if withdrawn {
            leaveShadow(ticket)
        } else {
            ticket.isArmed = true
            goToShadow(ticket)
        }
        for key in ticket.keys { release(key, ticket) }
    }

    func leaveShadow(_ ticket: Ticket) {
        ticket.isDone = true
        for key in ticket.keys {
            let lane = key.lane(of: lanes)
            send(home(ticket), lane) { [self] in
                let left = orders[lane].leaveShadow(key, ticket)
                if let first = left.first { front(lane, first) }
                if let next = left.granted { granted(lane, next) }
            }
        }
    }

    /// One thing that can happen now, chosen at random. False when nothing can.
    func step(_ random: inout SplitMix64) -> Bool {
        let ready = mail.filter { !$0.value.isEmpty }.keys.sorted { $0.lexicographicallyPrecedes($1) }
        let choices = ready.count + atPrimary.count + atShadow.count
        guard choices > 0 else { return false }
        var choice = Int.random(in: 0..<choices, using: &random)
        if choice < ready.count {
            if let body = mail[ready[choice]]?.removeFirst() { body() }
            return true
        }
        choice -= ready.count
        if choice < atPrimary.count {
            primaryDone(atPrimary.remove(at: choice), withdrawn: Int.random(in: 0..<6, using: &random) == 0)
        } else {
            leaveShadow(atShadow.remove(at: choice - atPrimary.count))
        }
        return true
    }
}

@Suite struct KeyOrderTests {
    private final class Ticket {}

    private func isGranted(_ entry: KeyOrder<Ticket>.Entry) -> Bool { if case .granted = entry { true } else { false } }
    private func isFull(_ entry: KeyOrder<Ticket>.Entry) -> Bool { if case .full = entry { true } else { false } }

    /// Same order on both sides, no deadlock, nothing left behind: over lanes, several keys, several sides.
    @Test(arguments: 0..<60 as Range<UInt64>)
    func bothSidesSeeTheSameOrder(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let world = LaneWorld(lanes: Int.random(in: 1...4, using: &random))
        let names = (0..<6).map { RequestKey("key-\($0)") }
        let flips = Bool.random(using: &random)
        let isTroubled = Bool.random(using: &random)
        var tickets: [LaneWorld.Ticket] = []
        for number in 0..<250 {
            var keys = Set<RequestKey>()
            let isRead = Int.random(in: 0..<3, using: &random) == 0
            for _ in 0..<(isRead ? 1 : Int.random(in: 1...3, using: &random)) {
                keys.insert(names[Int.random(in: 0..<6, using: &random)])
            }
            let sorted = keys.sorted { ($0.lane(of: world.lanes), $0.text) < ($1.lane(of: world.lanes), $1.text) }
            let side: Side = flips && Int.random(in: 0..<5, using: &random) == 0 ? .candidate : .legacy
            let ticket = LaneWorld.Ticket(number: number, keys: sorted, side: side, isRead: isRead)
            tickets.append(ticket)
            world.acquire(ticket)
            if isTroubled, Int.random(in: 0..<8, using: &random) == 0 {
                let key = names[Int.random(in: 0..<6, using: &random)]
                let behind = Int.random(in: 0...1, using: &random)
                world.change(key) { $0.behind = behind }
            }
            for _ in 0..<Int.random(in: 0..<8, using: &random) { _ = world.step(&random) }
        }
        for name in names { world.change(name) { $0.behind = 0 } }
        var steps = 0
        while world.step(&random), steps < 100_000 { steps += 1 }
        #expect(tickets.allSatisfy { $0.isDone }, "seed \(seed): a ticket is stuck")
        #expect(world.torn == 0, "seed \(seed): a ticket's keys are on different sides")
        for order in world.orders {
            #expect(order.count == 0)
            #expect(order.waiting == 0)
            #expect(order.inShadowQueues == 0)
        }
        for (key, log) in world.shadowLog {
            let sent = Set(log)
            #expect(world.primaryLog[key]?.filter { sent.contains($0) } == log, "seed \(seed), \(key.text)")
        }
    }

    @Test func queueIsBounded() {
        var order = KeyOrder<Ticket>()
        let key = RequestKey("a")
        let tickets = (0..<4).map { _ in Ticket() }
        let entry1 = order.enterPrimary(key, tickets[0], side: .legacy, waitingMax: 2)
        #expect(isGranted(entry1))
        _ = order.enterPrimary(key, tickets[1], side: .legacy, waitingMax: 2)
        _ = order.enterPrimary(key, tickets[2], side: .legacy, waitingMax: 2)
        let entry2 = order.enterPrimary(key, tickets[3], side: .legacy, waitingMax: 2)
        #expect(isFull(entry2))
        #expect(order.waiting == 2)
        let result3 = order.leavePrimary(key, tickets[0])
        #expect(result3?.ticket === tickets[1])
    }

    @Test func waiterCanGiveUp() {
        var order = KeyOrder<Ticket>()
        let key = RequestKey("a")
        let (first, second) = (Ticket(), Ticket())
        _ = order.enterPrimary(key, first, side: .legacy, waitingMax: 9)
        _ = order.enterPrimary(key, second, side: .legacy, waitingMax: 9)
        let result10 = order.giveUpWaiting(key, second)
        #expect(result10.wasWaiting)
        let result11 = order.giveUpWaiting(key, first)
        #expect(!result11.wasWaiting)
        let result12 = order.leavePrimary(key, first)
        #expect(result12 == nil)
        #expect(order.count == 0)
    }
}
