import DequeModule
import Verdicts

/// Who goes when: at most one request of a key under way to each side, in order of arrival, the same order on both sides.
///
/// One value per lane, for the keys that the lane owns. A ticket that names several keys takes them one after another in
/// (lane, key) order, enters the shadow queues of all of them while it holds all of them at the primary, and only then lets
/// go: so two tickets that share two keys stand in both shadow queues in the same order, and nothing can wait in a circle.
///
/// A key changes sides only when nothing of it is under way or to be caught up. A write that is to go to the other side waits for that;
/// reads go where the key is, past the writes that wait so, and for the primary alone: else a key that is read all the time would never be free
/// to change. Of a key in doubt one
/// read at a time goes to both, and what the proxy asks for itself always does: until one agrees, the key is not free either.
struct KeyOrder<Ticket: AnyObject> {
    typealias Manner = KeyQueue<Ticket>.Manner

    enum Entry {
        case granted(Turn)
        /// `crosses`: for the key to change sides, not only for those before it.
        case waiting(crosses: Bool)
        /// The bound on waiting requests of this key is reached.
        case full
        /// The key stays on the legacy for now, and the other keys of the ticket are on the candidate.
        case elsewhere
    }

    /// A turn at the primary.
    struct Turn {
        let ticket: Ticket
        let key: RequestKey
        let side: Side
        /// It goes where the key still is, for the primary alone.
        var overtakes = false
        /// No turn at all: the key stays on the legacy, and the other keys of the ticket are on the candidate. The next may be granted then.
        var isElsewhere = false
    }

    private var queues: [RequestKey: KeyQueue<Ticket>] = [:]
    /// Emptied queues, kept with their storage for the next key.
    private var spare: [KeyQueue<Ticket>] = []
    private(set) var waiting = 0
    private(set) var inShadowQueues = 0

    /// Keys that are remembered for whatever reason.
    var count: Int { queues.count }

    func find(_ key: RequestKey) -> KeyQueue<Ticket>? { queues[key] }

    /// Keys in doubt.
    var unverified: [(RequestKey, KeyQueue<Ticket>)] {
        queues.compactMap { $0.value.trust.standing == .unverified ? ($0.key, $0.value) : nil }
    }

    mutating func open(_ key: RequestKey) -> KeyQueue<Ticket> {
        if let queue = queues[key] { return queue }
        let queue: KeyQueue<Ticket>
        if let reused = spare.popLast() {
            reused.key = key
            reused.side = .legacy
            reused.trust = KeyTrust()
            queue = reused
        } else {
            queue = KeyQueue(key: key)
        }
        queues[key] = queue
        return queue
    }

    /// For a key that an earlier run left behind: who answers it.
    mutating func setSide(_ key: RequestKey, _ side: Side) { open(key).side = side }

    /// - Parameters:
    ///   - waitingMax: how many may wait for those before them.
    ///   - crossingMax: how many may wait for the key to change sides.
    mutating func enterPrimary(
        _ key: RequestKey, _ ticket: Ticket, side: Side, _ manner: Manner = .moves, waitingMax: Int, crossingMax: Int = .max
    ) -> Entry {
        enterPrimary(open(key), ticket, side: side, manner, waitingMax: waitingMax, crossingMax: crossingMax)
    }

    mutating func enterPrimary(
        _ queue: KeyQueue<Ticket>, _ ticket: Ticket, side: Side, _ manner: Manner = .moves, waitingMax: Int,
        crossingMax: Int = .max
    ) -> Entry {
        if queue.waiting.isEmpty, let turn = queue.turn(to: side, manner) {
            let overtakes = queue.overtakes(at: turn, to: side, manner)
            queue.holder = ticket
            queue.side = turn
            return .granted(Turn(ticket: ticket, key: queue.key, side: turn, overtakes: overtakes))
        }
        if manner == .joins, queue.stays(from: side) { return .elsewhere }
        if manner.goesWhereTheKeyIs, queue.holder == nil, isHeadCrossing(queue) {
            queue.holder = ticket
            return .granted(Turn(ticket: ticket, key: queue.key, side: queue.side, overtakes: queue.overtakes(manner)))
        }
        let crosses = !manner.goesWhereTheKeyIs && queue.isCrossing(side)
        guard queue.waiting.count < (crosses ? min(waitingMax, crossingMax) : waitingMax) else { return .full }
        queue.waiting.append(KeyQueue.Waiter(ticket: ticket, side: side, manner: manner))
        waiting += 1
        return .waiting(crosses: crosses)
    }

    /// Takes a ticket out of the wait (its time is up). `wasWaiting` if it was; a ticket granted meanwhile is not. `wasCrossing` if the key
    /// had yet to change sides for it.
    mutating func giveUpWaiting(
        _ key: RequestKey, _ ticket: Ticket
    ) -> (wasWaiting: Bool, wasCrossing: Bool, granted: Turn?) {
        guard let queue = queues[key], let place = queue.waiting.firstIndex(where: { $0.ticket === ticket }) else {
            return (false, false, nil)
        }
        let waiter = queue.waiting.remove(at: place)
        waiting -= 1
        // It may have been a change of sides that held up those behind it.
        let granted = place == 0 ? grantNext(queue) : nil
        let wasCrossing = queue.isCrossing(waiter.side)
        forgetIfIdle(queue)
        return (true, wasCrossing, granted)
    }

    /// The ticket is through at the primary. Returns the next that has its turn now.
    mutating func leavePrimary(_ key: RequestKey, _ ticket: Ticket) -> Turn? {
        queues[key].flatMap { leavePrimary($0, ticket) }
    }

    mutating func leavePrimary(_ queue: KeyQueue<Ticket>, _ ticket: Ticket) -> Turn? {
        guard queue.holder === ticket else { return nil }
        queue.holder = nil
        let granted = grantNext(queue)
        forgetIfIdle(queue)
        return granted
    }

    /// Called while the ticket holds all its keys at the primary. True when it is the first in this queue.
    mutating func enterShadow(_ key: RequestKey, _ ticket: Ticket) -> Bool {
        enterShadow(open(key), ticket)
    }

    mutating func enterShadow(_ queue: KeyQueue<Ticket>, _ ticket: Ticket) -> Bool {
        queue.shadow.append(ticket)
        inShadowQueues += 1
        return queue.shadow.count == 1
    }

    /// The ticket is through at the shadow, or will not be sent. Returns the ticket that became first, if that changed, and one
    /// that waited for the shadow to catch up before the key changes sides.
    mutating func leaveShadow(_ key: RequestKey, _ ticket: Ticket) -> (first: Ticket?, granted: Turn?) {
        guard let queue = queues[key] else { return (nil, nil) }
        return leaveShadow(queue, ticket)
    }

    mutating func leaveShadow(_ queue: KeyQueue<Ticket>, _ ticket: Ticket) -> (first: Ticket?, granted: Turn?) {
        let place: Int
        if queue.shadow.first === ticket {
            place = 0
            queue.shadow.removeFirst()
        } else {
            guard let found = queue.shadow.firstIndex(where: { $0 === ticket }) else { return (nil, nil) }
            place = found
            queue.shadow.remove(at: place)
        }
        inShadowQueues -= 1
        let first = place == 0 ? queue.shadow.first : nil
        let granted = queue.shadow.isEmpty ? grantNext(queue) : nil
        forgetIfIdle(queue)
        return (first, granted)
    }

    /// After a change of `trust`: forgets the key if nothing is left, or lets a waiting change of sides go on.
    mutating func trustChanged(_ key: RequestKey) -> Turn? {
        guard let queue = queues[key] else { return nil }
        let granted = queue.waiting.isEmpty ? nil : grantNext(queue)
        forgetIfIdle(queue)
        return granted
    }

    /// After a turn that was none.
    mutating func grantNext(_ key: RequestKey) -> Turn? {
        guard let queue = queues[key] else { return nil }
        let granted = grantNext(queue)
        forgetIfIdle(queue)
        return granted
    }

    /// Asks anew, for each that waits, where it is to go (nil: as before). Returns those whose turn it is now.
    mutating func decideAgain(_ decide: (Ticket, RequestKey) -> Side?) -> [Turn] {
        var granted: [Turn] = []
        for queue in queues.values where !queue.waiting.isEmpty {
            for place in queue.waiting.indices {
                guard let side = decide(queue.waiting[place].ticket, queue.key) else { continue }
                queue.waiting[place].side = side
            }
            if let turn = grantNext(queue) { granted.append(turn) }
        }
        return granted
    }

    func forEachTrust(_ body: (RequestKey, KeyTrust) -> Void) {
        for (key, queue) in queues { body(key, queue.trust) }
    }

    func forEachQueue(_ body: (KeyQueue<Ticket>) -> Void) { for queue in queues.values { body(queue) } }

    /// The first that waits does so for the key to change sides, and those behind it with it.
    private func isHeadCrossing(_ queue: KeyQueue<Ticket>) -> Bool {
        guard let head = queue.waiting.first, !head.manner.goesWhereTheKeyIs else { return false }
        return queue.turn(to: head.side, head.manner) == nil
    }

    private mutating func grantNext(_ queue: KeyQueue<Ticket>) -> Turn? {
        guard queue.holder == nil, let head = queue.waiting.first else { return nil }
        if let side = queue.turn(to: head.side, head.manner) {
            let overtakes = queue.overtakes(at: side, to: head.side, head.manner)
            queue.waiting.removeFirst()
            waiting -= 1
            queue.holder = head.ticket
            queue.side = side
            return Turn(ticket: head.ticket, key: queue.key, side: side, overtakes: overtakes)
        }
        if head.manner == .joins, queue.stays(from: head.side) {
            queue.waiting.removeFirst()
            waiting -= 1
            return Turn(ticket: head.ticket, key: queue.key, side: queue.side, isElsewhere: true)
        }
        // The key has yet to change sides: a read that stands behind need not wait for it.
        guard let place = queue.waiting.firstIndex(where: { $0.manner.goesWhereTheKeyIs }) else { return nil }
        let reader = queue.waiting.remove(at: place)
        waiting -= 1
        queue.holder = reader.ticket
        return Turn(ticket: reader.ticket, key: queue.key, side: queue.side, overtakes: queue.overtakes(reader.manner))
    }

    private mutating func forgetIfIdle(_ queue: KeyQueue<Ticket>) {
        guard queue.isIdle else { return }
        queues.removeValue(forKey: queue.key)
        if spare.count < 1_024 { spare.append(queue) }
    }
}
