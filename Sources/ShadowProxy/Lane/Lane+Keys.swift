import DequeModule
import NIOCore
import Synchronization
import Verdicts

/// What becomes known about a key; told to the lane that owns it.
enum KeyNews: Sendable {
    /// A write of it goes to the catch-up; the side that missed it.
    case behind(Side)
    /// One of those is through.
    case caughtUp
    /// A write of it may have reached one side alone, and may be under way there yet.
    ///
    /// - Parameter readBack: the template of the one that shows the write; nil: nobody knows which does.
    case unverified(String, readBack: String? = nil, mayBeUnderWay: Bool = true)
    case diverged(String)
    /// A read-back, or a compared read, agreed; the count of doubts before its primary was asked.
    case agreed(asked: UInt64, on: KeyProof)
    /// The sides answered differently; the evidence, unless an earlier one is the root already.
    case mismatched(String)
    /// That evidence proved to be none: it is nobody's root.
    case absolved(String)
    /// Someone made both sides equal by hand.
    case resynced
    /// The sides answered alike.
    case matched
    /// A write of it takes its turn at the primary.
    case written
    case pinned
    case unpinned
}

/// The keys' queues, whichever lane owns them. Messages between two lanes arrive in the order they were sent, so news of a
/// key always arrives before the request that learned them leaves the key's queues.
extension Lane {
    func owner(of key: RequestKey) -> Lane { mesh.lanes[key.lane(of: mesh.lanes.count)] }

    /// Runs at once if the lane is this one, else as its next task.
    func on(_ lane: Lane, _ body: @escaping @Sendable () -> Void) {
        if lane === self { body() } else { lane.loop.execute(body) }
    }

    // Each step takes a key, of whatever lane, or the queues themselves, which an exchange of one key has in hand at home.

    // MARK: The primary's queue

    /// Asks for the exchange's next key. It hears of it by `granted` (at once or later) or `keyRefused`.
    func requestKey(_ key: RequestKey, for exchange: Exchange, side: Side, _ manner: KeyQueue<Exchange>.Manner) {
        let lane = owner(of: key)
        if lane === self {
            lane.enterPrimary(key, exchange, side: side, manner)
        } else {
            lane.loop.execute { lane.enterPrimary(key, exchange, side: side, manner) }
        }
    }

    private func enterPrimary(_ key: RequestKey, _ exchange: Exchange, side: Side, _ manner: KeyQueue<Exchange>.Manner) {
        // What the proxy asks for itself says nothing of where callers' requests come in.
        if let sightings, !exchange.isProbe { sightings.note(key.hash) }
        let queue = exchange.home === self ? exchange.firstQueue ?? order.open(key) : order.open(key)
        let limits = plan.plan.limits
        switch order.enterPrimary(
            queue, exchange, side: side, manner, waitingMax: limits.queuedPerKeyMax, crossingMax: limits.handOverWaitingMax)
        {
        case .granted(let turn): grant(turn)
        case .waiting(crosses: false): break
        case .waiting(crosses: true): on(exchange.home) { exchange.waitsForHandOver() }
        case .full:
            let crosses = !manner.goesWhereTheKeyIs && queue.isCrossing(side)
            books.reached(crosses ? .handOver : .queuedPerKey)
            on(exchange.home) { exchange.keyRefused(wasCrossing: crosses) }
        case .elsewhere: on(exchange.home) { exchange.keyRefused(wasCrossing: true) }
        }
    }

    private func grant(_ turn: KeyOrder<Exchange>.Turn) {
        let (exchange, side, overtakes) = (turn.ticket, turn.side, turn.overtakes)
        if turn.isElsewhere {
            on(exchange.home) { exchange.keyRefused(wasCrossing: true) }
            if let next = order.grantNext(turn.key) { grant(next) }
            return
        }
        if exchange.home === self {
            exchange.granted(at: side, overtakes: overtakes)
        } else {
            exchange.home.loop.execute { exchange.granted(at: side, overtakes: overtakes) }
        }
    }

    /// Takes the exchange out of a wait that lasted too long. It hears `keyRefused` if it still waited.
    func giveUpWaiting(_ key: RequestKey, for exchange: Exchange) {
        let lane = owner(of: key)
        on(lane) {
            let (wasWaiting, wasCrossing, granted) = lane.order.giveUpWaiting(key, exchange)
            if wasCrossing { lane.books.reached(.handOver) }
            if wasWaiting { lane.on(exchange.home) { exchange.keyRefused(wasCrossing: wasCrossing) } }
            if let granted { lane.grant(granted) }
        }
    }

    func releasePrimary(_ key: RequestKey, of exchange: Exchange) {
        let lane = owner(of: key)
        if lane === self {
            if let next = order.leavePrimary(key, exchange) { grant(next) }
        } else {
            lane.loop.execute { if let next = lane.order.leavePrimary(key, exchange) { lane.grant(next) } }
        }
    }

    func releasePrimary(_ queue: KeyQueue<Exchange>, of exchange: Exchange) {
        if let next = order.leavePrimary(queue, exchange) { grant(next) }
    }

    // MARK: The shadow's queue

    func enterShadow(_ queue: KeyQueue<Exchange>, _ exchange: Exchange) {
        if order.enterShadow(queue, exchange) { tellFront(queue, exchange) }
    }

    func leaveShadow(_ queue: KeyQueue<Exchange>, _ exchange: Exchange) {
        let left = order.leaveShadow(queue, exchange)
        if let first = left.first { tellFront(queue, first) }
        if let granted = left.granted { grant(granted) }
    }

    func enterShadow(_ key: RequestKey, _ exchange: Exchange) {
        let lane = owner(of: key)
        if lane === self {
            enterShadow(order.open(key), exchange)
        } else {
            lane.loop.execute { lane.enterShadow(lane.order.open(key), exchange) }
        }
    }

    func leaveShadow(_ key: RequestKey, _ exchange: Exchange) {
        let lane = owner(of: key)
        if lane === self {
            lane.shadowLeft(key, exchange)
        } else {
            lane.loop.execute { lane.shadowLeft(key, exchange) }
        }
    }

    private func shadowLeft(_ key: RequestKey, _ exchange: Exchange) {
        if let queue = order.find(key) { leaveShadow(queue, exchange) }
    }

    private func tellFront(_ queue: KeyQueue<Exchange>, _ exchange: Exchange) {
        var conditions: KeyConditions?
        let isContested = !contested.isEmpty && contested.contains(queue.key.hash)
        if queue.trust.isTroubled || isContested {
            var known = KeyConditions()
            known.add(queue.key, queue.trust)
            if isContested { known.contest(queue.key) }
            conditions = known
        }
        // One that need not be asked leaves at once and makes the next the first: not too deep into the stack.
        if exchange.home === self, frontsDeep < Self.frontsDeepMax {
            frontsDeep += 1
            exchange.firstAtShadow(conditions)
            frontsDeep -= 1
        } else {
            exchange.home.loop.execute { [conditions] in exchange.firstAtShadow(conditions) }
        }
    }

    /// The lane holds too much for the shadow: whatever of this key is under way there is cut and kept on disk instead, so that
    /// those behind it can follow.
    func spillShadow(_ key: RequestKey) {
        let lane = owner(of: key)
        on(lane) {
            guard let front = lane.order.find(key)?.shadow.first else { return }
            lane.on(front.home) { front.cutShadow() }
        }
    }

    // MARK: What is known of keys

    /// The writes that have had their turn, if this lane owns all the keys.
    func writes(of keys: KeyList) -> UInt64? {
        var sum: UInt64 = 0
        for key in keys {
            guard owner(of: key) === self else { return nil }
            sum &+= order.find(key)?.trust.writes ?? 0
        }
        return sum
    }

    /// Collects what the lanes know of keys, for an exchange that does not stand in their queues.
    func conditions(of keys: KeyList, then body: @escaping @Sendable (KeyConditions) -> Void) {
        guard !keys.isEmpty, mesh.lanes.contains(where: { $0.troubledKeys.load(ordering: .relaxed) > 0 }) else {
            body(KeyConditions())
            return
        }
        collect(KeyConditions(), keys, 0, home: self, body)
    }

    /// Runs `body` here when the keys' lanes have heard whatever this lane told them before.
    func afterNews(of keys: KeyList, then body: @escaping @Sendable () -> Void) {
        collect(KeyConditions(), keys, 0, home: self) { _ in body() }
    }

    private func collect(
        _ sofar: KeyConditions, _ keys: KeyList, _ index: Int, home: Lane,
        _ body: @escaping @Sendable (KeyConditions) -> Void
    ) {
        guard index < keys.count else {
            on(home) { body(sofar) }
            return
        }
        let lane = owner(of: keys[index])
        on(lane) {
            var conditions = sofar
            if let queue = lane.order.find(keys[index]) { conditions.add(keys[index], queue.trust) }
            if lane.contested.contains(keys[index].hash) { conditions.contest(keys[index]) }
            lane.collect(conditions, keys, index + 1, home: home, body)
        }
    }

    func tell(_ news: KeyNews, of key: RequestKey) {
        let lane = owner(of: key)
        if lane === self { hear(news, of: key) } else { lane.loop.execute { lane.hear(news, of: key) } }
    }

    /// Whether a key that was trusted may be remembered as one that is not.
    private func mayDistrust(_ trust: KeyTrust) -> Bool {
        guard trust.standing == .trusted, unverifiedKeys + divergedKeys >= Self.distrustedKeysMax else { return true }
        books.reached(.distrustedKeys)
        return false
    }

    private func hear(_ news: KeyNews, of key: RequestKey) {
        let queue = order.open(key)
        let wasTroubled = queue.trust.isTroubled
        let before = queue.trust
        switch news {
        case .behind: queue.trust.behind += 1
        case .caughtUp: queue.trust.behind = max(0, queue.trust.behind - 1)
        case .unverified(let cause, let readBack, let mayBeUnderWay):
            if queue.trust.standing != .diverged, mayDistrust(queue.trust) {
                if queue.trust.standing != .unverified {
                    catchUp.setStanding(.unverified, key: key.text, cause: cause, side: queue.side)
                }
                let doubt = mesh.doubts.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue
                queue.trust.becomeUnverified(cause, doubt: doubt, readBack: readBack, mayBeUnderWay: mayBeUnderWay)
                if mayBeUnderWay { awaitLanding(key, queue) }
                planReadBack(key, queue)
            }
        case .diverged(let cause):
            if queue.trust.standing != .diverged { catchUp.setStanding(.diverged, key: key.text, cause: cause, side: queue.side) }
            queue.trust.standing = .diverged
            queue.trust.cause = cause
        case .agreed(let asked, let proof):
            if queue.trust.agree(asked: asked, on: proof) {
                catchUp.setStanding(.trusted, key: key.text, cause: "", side: queue.side)
            }
        case .mismatched(let id):
            // Bounded: beyond it a mismatch has no root to name, and counts as one of its own.
            if queue.trust.root == nil, rootsKept < Self.rootsMax { queue.trust.root = id }
        case .resynced:
            queue.trust.trust()
            queue.trust.root = nil
            catchUp.setStanding(.trusted, key: key.text, cause: "", side: queue.side)
        case .absolved(let id): if queue.trust.root == id { queue.trust.root = nil }
        case .matched: queue.trust.root = nil
        case .written: queue.trust.writes &+= 1
        case .pinned: queue.trust.pins += 1
        case .unpinned: queue.trust.pins -= 1
        }
        note(before, queue.trust)
        let isTroubled = queue.trust.isTroubled
        if wasTroubled != isTroubled {
            if isTroubled {
                troubledKeys.wrappingAdd(1, ordering: .relaxed)
            } else {
                troubledKeys.wrappingSubtract(1, ordering: .relaxed)
            }
        }
        trustSettled(key)
    }

    /// After a new placement: whoever waits and holds no key yet goes where it says now.
    func decideAgain() {
        let granted = order.decideAgain { exchange, key in
            // The exchanges of other lanes wait for a further key here; those hold one, and stay where they are.
            guard exchange.home === self, exchange.keysHeld == 0, !exchange.isProbe, exchange.keys.first == key else {
                return nil
            }
            let side = decideAgain(exchange)
            exchange.primarySide = side
            return side
        }
        for turn in granted { grant(turn) }
    }

    /// Forgets the key if nothing is left of it, or lets a change of sides that waited go on.
    func trustSettled(_ key: RequestKey) {
        if let granted = order.trustChanged(key) { grant(granted) }
    }

    /// Keeps the gauges that a snapshot shows.
    private func note(_ before: KeyTrust, _ after: KeyTrust) {
        behindKeys += (after.behind > 0 ? 1 : 0) - (before.behind > 0 ? 1 : 0)
        unverifiedKeys += (after.standing == .unverified ? 1 : 0) - (before.standing == .unverified ? 1 : 0)
        divergedKeys += (after.standing == .diverged ? 1 : 0) - (before.standing == .diverged ? 1 : 0)
        rootsKept += (after.root != nil ? 1 : 0) - (before.root != nil ? 1 : 0)
    }
}
