import Verdicts

/// Requests that take their turns, one after another over all keys, with a number of them under way at any time.
final class OrderingRun {
    private final class Ticket {}

    private struct UnderWay {
        let queue: KeyQueue<Ticket>
        let ticket: Ticket
    }

    private var order = KeyOrder<Ticket>()
    private let keys: [RequestKey]
    /// Those under way as a ring; the oldest stands at `at`.
    private var ring: [UnderWay] = []
    private var at = 0
    private var next = 0
    private(set) var isInOrder = true

    init(keys: Int, underWay: Int) {
        self.keys = (0..<keys).map { RequestKey("1000-\(10_000_000 + $0)") }
        ring.reserveCapacity(underWay)
        for _ in 0..<underWay { ring.append(enter()) }
    }

    /// One request comes and the oldest goes, which is the one that came where no other is under way. As a lane does with a key of
    /// its own, the key is looked up once and its queues are kept at hand.
    func pass() {
        let new = enter()
        guard !ring.isEmpty else { return leave(new) }
        let oldest = ring[at]
        ring[at] = new
        at = at + 1 == ring.count ? 0 : at + 1
        leave(oldest)
    }

    private func enter() -> UnderWay {
        let queue = order.open(keys[next])
        next = next + 1 == keys.count ? 0 : next + 1
        let new = UnderWay(queue: queue, ticket: Ticket())
        if case .full = order.enterPrimary(queue, new.ticket, side: .legacy, waitingMax: .max) { isInOrder = false }
        return new
    }

    /// Through at the primary, then first among the shadow's, then through there.
    private func leave(_ one: UnderWay) {
        guard one.queue.holder === one.ticket, order.enterShadow(one.queue, one.ticket) else { return isInOrder = false }
        _ = order.leavePrimary(one.queue, one.ticket)
        _ = order.leaveShadow(one.queue, one.ticket)
    }
}
