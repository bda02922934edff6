import DequeModule
import Verdicts

/// The two queues of one key. The primary's advances when the primary is through with a request, the shadow's when the shadow is.
final class KeyQueue<Ticket: AnyObject> {
    fileprivate(set) var key: RequestKey
    /// Which side answers this key now. It changes only when both queues are empty and nothing is to be caught up.
    fileprivate(set) var side: Side = .legacy
    /// Whose turn it is at the primary.
    fileprivate(set) var holder: Ticket?
    fileprivate(set) var waiting = Deque<(ticket: Ticket, side: Side)>()
    /// In the order in which the primary executed them; the first is under way or about to be.
    fileprivate(set) var shadow = Deque<Ticket>()
    var trust = KeyTrust()

    init(key: RequestKey) { self.key = key }

    fileprivate func grants(_ wanted: Side) -> Bool {
        holder == nil && (side == wanted || (shadow.isEmpty && trust.behind == 0))
    }

    fileprivate var isIdle: Bool { holder == nil && waiting.isEmpty && shadow.isEmpty && trust.isPlain }
}

/// Who goes when: at most one request of a key under way to each side, in order of arrival, the same order on both sides.
///
/// One value per lane, for the keys that the lane owns. A ticket that names several keys takes them one after another in
/// (lane, key) order, enters the shadow queues of all of them while it holds all of them at the primary, and only then lets
/// go: so two tickets that share two keys stand in both shadow queues in the same order, and nothing can wait in a circle.
struct KeyOrder<Ticket: AnyObject> {
    enum Entry {
        case granted
        case waiting
        /// The bound on waiting requests of this key is reached.
        case full
    }

    private var queues: [RequestKey: KeyQueue<Ticket>] = [:]
    /// Emptied queues, kept with their storage for the next key.
    private var spare: [KeyQueue<Ticket>] = []
    private(set) var waiting = 0
    private(set) var inShadowQueues = 0

    /// Keys that are remembered for whatever reason.
    var count: Int { queues.count }

    func find(_ key: RequestKey) -> KeyQueue<Ticket>? { queues[key] }

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

    mutating func enterPrimary(_ key: RequestKey, _ ticket: Ticket, side: Side, waitingMax: Int) -> Entry {
        enterPrimary(open(key), ticket, side: side, waitingMax: waitingMax)
    }

    mutating func enterPrimary(_ queue: KeyQueue<Ticket>, _ ticket: Ticket, side: Side, waitingMax: Int) -> Entry {
        if queue.waiting.isEmpty, queue.grants(side) {
            queue.holder = ticket
            queue.side = side
            return .granted
        }
        guard queue.waiting.count < waitingMax else { return .full }
        queue.waiting.append((ticket, side))
        waiting += 1
        return .waiting
    }

    /// Takes a ticket out of the wait (its time is up). True if it was waiting; a ticket granted meanwhile is not.
    mutating func giveUpWaiting(_ key: RequestKey, _ ticket: Ticket) -> (wasWaiting: Bool, granted: Ticket?) {
        guard let queue = queues[key], let place = queue.waiting.firstIndex(where: { $0.ticket === ticket }) else {
            return (false, nil)
        }
        queue.waiting.remove(at: place)
        waiting -= 1
        // It may have been a change of sides that held up those behind it.
        let granted = place == 0 ? grantNext(queue) : nil
        forgetIfIdle(queue)
        return (true, granted)
    }

    /// The ticket is through at the primary. Returns the next that has its turn now.
    mutating func leavePrimary(_ key: RequestKey, _ ticket: Ticket) -> Ticket? {
        queues[key].flatMap { leavePrimary($0, ticket) }
    }

    mutating func leavePrimary(_ queue: KeyQueue<Ticket>, _ ticket: Ticket) -> Ticket? {
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
    mutating func leaveShadow(_ key: RequestKey, _ ticket: Ticket) -> (first: Ticket?, granted: Ticket?) {
        guard let queue = queues[key] else { return (nil, nil) }
        return leaveShadow(queue, ticket)
    }

    mutating func leaveShadow(_ queue: KeyQueue<Ticket>, _ ticket: Ticket) -> (first: Ticket?, granted: Ticket?) {
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
    mutating func trustChanged(_ key: RequestKey) -> Ticket? {
        guard let queue = queues[key] else { return nil }
        let granted = queue.trust.behind == 0 ? grantNext(queue) : nil
        forgetIfIdle(queue)
        return granted
    }

    func forEachTrust(_ body: (RequestKey, KeyTrust) -> Void) {
        for (key, queue) in queues { body(key, queue.trust) }
    }

    private mutating func grantNext(_ queue: KeyQueue<Ticket>) -> Ticket? {
        guard let next = queue.waiting.first, queue.grants(next.side) else { return nil }
        queue.waiting.removeFirst()
        waiting -= 1
        queue.holder = next.ticket
        queue.side = next.side
        return next.ticket
    }

    private mutating func forgetIfIdle(_ queue: KeyQueue<Ticket>) {
        guard queue.isIdle else { return }
        queues.removeValue(forKey: queue.key)
        if spare.count < 1_024 { spare.append(queue) }
    }
}
