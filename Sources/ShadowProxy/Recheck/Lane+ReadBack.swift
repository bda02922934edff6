import NIOCore
import Synchronization
import Verdicts

/// Reading a key back on both sides, in its place in the key's queues.
extension Lane {
    /// A key that stays unverified is read back with growing pauses this many times; afterwards only its own traffic can prove it.
    static let readBackTriesMax = 12

    /// False when no operation says how a key is read back.
    func startReadBack(
        of key: RequestKey, preferred: CompiledOperation?, plan: CompiledPlan, primarySide: Side,
        then done: @escaping (ProbeResult) -> Void
    ) -> Bool {
        guard let (target, operation) = plan.readBack(for: key, preferred: preferred) else { return false }
        var head = allocator.buffer(capacity: 192)
        let host = plan.sidePlan(primarySide).endpoint
        head.writeString("GET \(target) HTTP/1.1\r\nHost: \(host.host):\(host.port)\r\nX-Request-Time: ")
        let instant = clock.microseconds()
        head.writeBytes(stamp.text(instant))
        head.writeStaticString("\r\nAccept: */*\r\n\r\n")
        let request = ForwardedRequest(method: .get, head: head, body: nil, stampedAt: instant, hasIdempotencyKey: false)
        let probe = Exchange(
            plan: plan, operation: operation, keys: KeyList(key), isOrdered: true, course: .read, purpose: .probe(done: done),
            request: request, home: self, primarySide: primarySide)
        probe.begin()
        return true
    }

    /// On the owner lane: an unverified key will be read back by and by.
    func planReadBack(_ key: RequestKey, _ queue: KeyQueue<Exchange>) {
        let isDue = !queue.trust.readBackPlanned && !queue.trust.mayBeUnderWay
        guard isDue, queue.trust.readBackTries < Self.readBackTriesMax, !isStopping, !isRetired else {
            return
        }
        guard plan.readBack(for: key, preferred: nil) != nil else { return }
        queue.trust.readBackPlanned = true
        let delay = min(100 << min(queue.trust.readBackTries, 10), 30_000)
        queue.trust.readBackTries += 1
        _ = wheel.schedule(ReadBackTurn(key: key, lane: self), afterMs: delay)
    }

    /// On the owner lane: a write that was sent before a kill, a reset or a timeout may take effect after the sides were asked, and agreed, without
    /// it. A side is through with a write when its answer timeout is over.
    func awaitLanding(_ key: RequestKey, _ queue: KeyQueue<Exchange>) {
        let longestMs = max(plan.plan.legacy.answerTimeoutMs, plan.plan.candidate.answerTimeoutMs)
        queue.trust.underWayUntil = .now() + .milliseconds(Int64(longestMs))
        guard !queue.trust.landingPlanned else { return }
        queue.trust.landingPlanned = true
        _ = wheel.schedule(LandingTurn(key: key, lane: self), afterMs: longestMs)
    }

    fileprivate func landed(_ key: RequestKey) {
        guard let queue = order.find(key), queue.trust.landingPlanned else { return }
        let left = queue.trust.underWayUntil - .now()
        guard left <= .zero else {
            // Another doubt came meanwhile.
            _ = wheel.schedule(LandingTurn(key: key, lane: self), afterMs: Int(left.nanoseconds / 1_000_000) + 1)
            return
        }
        queue.trust.landingPlanned = false
        if queue.trust.standing == .unverified {
            queue.trust.land(doubt: mesh.doubts.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue)
            planReadBack(key, queue)
        }
        trustSettled(key)
    }

    fileprivate func readBackNow(_ key: RequestKey) {
        guard let queue = order.find(key), !isStopping else { return }
        guard queue.trust.standing == .unverified else {
            readBackEnded(key)
            return
        }
        let started = startReadBack(of: key, preferred: nil, plan: plan, primarySide: queue.side) { [self] result in
            if result.showsWhatTheyHold, result.outcome?.isAgreement == true { tell(.agreed(asked: result.asked), of: key) }
            readBackEnded(key)
        }
        if !started { readBackEnded(key) }
    }

    private func readBackEnded(_ key: RequestKey) {
        guard let queue = order.find(key) else { return }
        queue.trust.readBackPlanned = false
        if queue.trust.standing == .unverified { planReadBack(key, queue) }
        trustSettled(key)
    }
}

/// The time at which a write of a key can't be under way any more.
private final class LandingTurn: DeadlineOwner {
    private let key: RequestKey
    private unowned let lane: Lane

    init(key: RequestKey, lane: Lane) {
        self.key = key
        self.lane = lane
    }

    func deadlineReached(_ purpose: UInt8) { lane.landed(key) }
}

/// One planned read-back, waiting for its time.
private final class ReadBackTurn: DeadlineOwner {
    private let key: RequestKey
    private unowned let lane: Lane

    init(key: RequestKey, lane: Lane) {
        self.key = key
        self.lane = lane
    }

    func deadlineReached(_ purpose: UInt8) { lane.readBackNow(key) }
}
