import NIOCore
import Synchronization
import Verdicts

/// Reading a key back on both sides, in its place in the key's queues.
extension Lane {
    /// Keys of one lane that are read back at a time: after an unclean stop there may be very many.
    static let readBacksMax = 64

    /// A key that stays unverified is read back with growing pauses, milliseconds.
    private static func readBackPause(afterTries tries: Int) -> Int { tries < 12 ? min(100 << tries, 30_000) : 300_000 }

    func startReadBack(
        of key: RequestKey, by template: ReadBackTemplate, plan: CompiledPlan, primarySide: Side,
        then done: @escaping (ProbeResult) -> Void
    ) {
        let (target, operation) = plan.asking(template, for: key)
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
    }

    /// On the owner lane: an unverified key will be read back by and by.
    func planReadBack(_ key: RequestKey, _ queue: KeyQueue<Exchange>) {
        let isDue = !queue.trust.readBackPlanned && !queue.trust.mayBeUnderWay
        guard isDue, !plan.readBacks.isEmpty, !isStopping, !isRetired else { return }
        queue.trust.readBackPlanned = true
        let pause = Self.readBackPause(afterTries: queue.trust.readBackTries)
        queue.trust.readBackTries += 1
        _ = wheel.schedule(ReadBackTurn(key: key, lane: self), afterMs: pause)
    }

    /// On the owner lane: a write that was sent before a kill, a reset or a timeout may take effect after the sides were asked, and agreed, without
    /// it. A side is taken to be through with a write after a while.
    func awaitLanding(_ key: RequestKey, _ queue: KeyQueue<Exchange>) {
        let landsWithinMs = plan.plan.writeLandsWithinMs
        queue.trust.underWayUntil = NIODeadline.now().uptimeNanoseconds + UInt64(landsWithinMs) * 1_000_000
        guard !queue.trust.landingPlanned else { return }
        queue.trust.landingPlanned = true
        _ = wheel.schedule(LandingTurn(key: key, lane: self), afterMs: landsWithinMs)
    }

    fileprivate func landed(_ key: RequestKey) {
        guard let queue = order.find(key), queue.trust.landingPlanned else { return }
        let now = NIODeadline.now().uptimeNanoseconds
        guard now >= queue.trust.underWayUntil else {
            // Another doubt came meanwhile.
            let left = (queue.trust.underWayUntil - now) / 1_000_000
            _ = wheel.schedule(LandingTurn(key: key, lane: self), afterMs: Int(left) + 1)
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
        guard readBacksUnderWay < Self.readBacksMax else {
            readBacksWaiting.append(key)
            return
        }
        readBacksUnderWay += 1
        let needed = queue.trust.shownBy
        let asked = plan.readBacks.filter { needed.contains($0.text) }
        // A reload may have taken away what would show it: then all that are left must do.
        let asksAll = queue.trust.isShownByAny || asked.count < needed.count
        readBack(key, by: asksAll ? plan.readBacks : asked, needed, ReadBackRun())
    }

    private struct ReadBackRun {
        var place = 0
        var isShown = false
        /// Of the first that was asked.
        var doubts: UInt64?
    }

    /// One after another: each that is needed must show the key and agree, each other that knows it must agree.
    private func readBack(_ key: RequestKey, by templates: [ReadBackTemplate], _ needed: [String], _ run: ReadBackRun) {
        guard run.place < templates.count, let queue = order.find(key), !isStopping else {
            if run.place == templates.count, run.isShown, let doubts = run.doubts {
                tell(.agreed(asked: doubts, on: .readBacks), of: key)
            }
            readBackRunEnded(key)
            return
        }
        let template = templates[run.place]
        startReadBack(of: key, by: template, plan: plan, primarySide: queue.side) { [self] result in
            var run = run
            run.place += 1
            run.doubts = run.doubts ?? result.asked
            let agrees = result.outcome?.isAgreement == true && !result.conditions.isContested
            if agrees, result.showing == .held {
                run.isShown = true
            } else if !agrees || result.showing != .absent || needed.contains(template.text) {
                readBackRunEnded(key)
                return
            }
            readBack(key, by: templates, needed, run)
        }
    }

    private func readBackRunEnded(_ key: RequestKey) {
        readBacksUnderWay -= 1
        readBackEnded(key)
        while readBacksUnderWay < Self.readBacksMax, let next = readBacksWaiting.popFirst() { readBackNow(next) }
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
