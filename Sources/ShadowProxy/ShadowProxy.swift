import NIOCore
import NIOPosix
import Synchronization
public import Verdicts

/// The data plane: answers callers from the primary, asks the shadow the same, and says what came of it.
///
///     let proxy = try ShadowProxy(plan: plan, counts: ledger, journal: journal, evidence: store, catchUp: queue)
///     let address = try await proxy.start()
///     …
///     await proxy.stop()
///
/// All calls may come from any task; they are for the control plane, none is on a request's way.
public final class ShadowProxy: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let threads: NIOThreadPool
    private let mesh: LaneMesh
    private let counts: CountLedger
    private let journal: WriteJournal
    private let catchUp: any CatchUpStore
    private let firstPlan: ProxyPlan
    private let isRollout: Bool
    private let atEnd = Mutex<ProxySnapshot?>(nil)

    /// - Parameter rollout: nil where the plan's share says which side answers.
    /// - Throws: ``PlanError`` with a sentence that names what to mend.
    public init(
        plan: ProxyPlan, counts: CountLedger, journal: WriteJournal, evidence: any EvidenceSink,
        catchUp: any CatchUpStore, clock: ProxyClock = .system, rollout: RolloutTraffic? = nil
    ) throws(PlanError) {
        guard (1...256).contains(plan.lanes) else { throw PlanError("lanes must be 1 … 256, not \(plan.lanes).") }
        isRollout = rollout != nil
        if isRollout { try Self.checkForRollout(plan) }
        let compiled = try CompiledPlan(plan, counts: counts)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: plan.lanes)
        let threads = NIOThreadPool(numberOfThreads: max(1, plan.limits.comparisonThreads))
        let mesh = LaneMesh()
        var lanes: [Lane] = []
        for index in 0..<plan.lanes {
            lanes.append(
                Lane(
                    index: index, loop: group.next(), mesh: mesh, plan: compiled,
                    books: LaneBooks(lane: index, counts: counts, journal: journal), evidence: evidence,
                    catchUp: catchUp, threads: threads, clock: clock, rollout: rollout))
        }
        mesh.fill(lanes)
        lanes[0].drain = CatchUpDrain(lane: lanes[0])
        self.group = group
        self.threads = threads
        self.mesh = mesh
        self.counts = counts
        self.journal = journal
        self.catchUp = catchUp
        self.firstPlan = plan
    }

    /// Reads what an earlier run left, then listens. Returns the address in use: port 0 picks a free one.
    ///
    /// - Parameter socket: the descriptor of a socket that listens already, handed on by whoever started this process: callers who connect
    ///   while no proxy runs wait in it for the next one. Nil opens sockets of our own.
    public func start(on socket: CInt? = nil) async throws -> Endpoint {
        threads.start()
        try await restore()
        for lane in mesh.lanes { try await lane.loop.submit { lane.startTimer() }.get() }
        let listeners = Listeners(mesh: mesh)
        if let socket { return try await listeners.open(handedOn: socket, for: firstPlan.listen) }
        return try await listeners.open(firstPlan.listen)
    }

    /// Takes a new plan for the requests that come from now on. No connection is dropped, no listener touched.
    ///
    /// - Throws: ``PlanError`` when the plan is not sound, or changes what only a restart can change.
    public func reload(_ plan: ProxyPlan) async throws {
        guard plan.listen == firstPlan.listen else {
            throw PlanError(
                "The listen address cannot change while the proxy runs (it is \(firstPlan.listen.host):\(firstPlan.listen.port)); restart it."
            )
        }
        guard plan.lanes == firstPlan.lanes else {
            throw PlanError("The number of lanes cannot change while the proxy runs (it is \(firstPlan.lanes)); restart it.")
        }
        guard (plan.tls == nil) == (firstPlan.tls == nil) else {
            throw PlanError("The listener cannot change between plain HTTP and TLS while the proxy runs; restart it.")
        }
        if isRollout { try Self.checkForRollout(plan) }
        let compiled = try CompiledPlan(plan, counts: counts)
        for lane in mesh.lanes { try await lane.loop.submit { lane.reload(compiled) }.get() }
    }

    /// Stops accepting, answers what is in flight, lets comparisons end, and returns; at the latest after `drainMs`. What the
    /// shadow has not taken by then is kept for its catch-up, or its key is unverified at the next start.
    public func stop() async {
        for lane in mesh.lanes { try? await lane.loop.submit { lane.stopAccepting() }.get() }
        // Twice: a request that was being read on one lane may have begun on another that was quiet before. Both rounds have the
        // same end.
        for _ in 0..<2 {
            await withTaskGroup(of: Void.self) { group in
                for lane in mesh.lanes {
                    group.addTask { try? await lane.loop.flatSubmit { lane.drainUntilQuiet() }.get() }
                }
            }
        }
        for lane in mesh.lanes { try? await lane.loop.submit { lane.shutDown() }.get() }
        let end = await snapshot()
        atEnd.withLock { $0 = end }
        counts.flush()
        try? await threads.shutdownGracefully()
        try? await group.shutdownGracefully()
        for lane in mesh.lanes { lane.dismantle() }
    }

    /// Trusts a key again, whose sides were made equal by other means. The store should have dropped its writes before: once this
    /// returns, none that it has dropped is sent any more. One that is on its way just now is cut, and leaves its keys unverified.
    /// What the store still has goes on to be caught up.
    public func trust(_ key: String) async {
        guard let lane = mesh.lanes.first else { return }
        try? await lane.loop.submit {
            let key = RequestKey(key)
            lane.tell(.resynced, of: key)
            lane.drain?.forget(key.text)
        }.get()
    }

    /// The ordered keys that callers' requests named since this was last asked; from the first question on the lanes take note of them.
    /// None after the stop.
    public func keysSeen() async -> KeysSeen {
        let empty = mesh.lanes.map { _ in KeySightings() }
        var seen = KeysSeen()
        for part in await ask({ lane in lane.exchangeSightings(for: empty[lane.index]) }) ?? [] {
            guard let part else { continue }
            seen.hashes += part.hashes
            seen.dropped += part.dropped
        }
        return seen
    }

    /// From now on these keys (``KeysSeen/hashes``), and no others, are at another proxy too: nobody knows in which order both sides got
    /// their requests, so their verdicts are `not-comparable`, with the cause `key-at-two-proxies`.
    public func contest(_ hashes: Set<UInt64>) async {
        let lanes = UInt64(mesh.lanes.count)
        let own = mesh.lanes.map { lane in hashes.filter { Int(truncatingIfNeeded: $0 % lanes) == lane.index } }
        _ = await ask { lane in lane.contest(own[lane.index]) }
    }

    /// What every lane counts and holds at one moment of its own; after the stop, what it was at the end.
    public func snapshot() async -> ProxySnapshot {
        guard let parts = await ask({ $0.snapshot() }) else { return atEnd.withLock { $0 } ?? ProxySnapshot() }
        var snapshot = ProxySnapshot()
        snapshot.add(counts.earlier())
        for part in parts { snapshot.add(part) }
        return snapshot
    }

    /// Asks each lane on its thread; nil after the stop. An event loop that has ended would never answer: the questions are put while the
    /// stop, which takes the same lock, has yet to end it.
    func ask<Answer: Sendable>(_ body: @escaping @Sendable (Lane) -> Answer) async -> [Answer]? {
        let questions = atEnd.withLock { end in
            end == nil ? mesh.lanes.map { lane in lane.loop.submit { body(lane) } } : nil
        }
        guard let questions else { return nil }
        var answers: [Answer] = []
        for question in questions {
            if let answer = try? await question.get() { answers.append(answer) }
        }
        return answers
    }

    /// Keys that are behind, unverified or diverged now, with the cause; at most `max` of each lane, in no particular order.
    public func troubledKeys(max: Int = 1_000) async -> [TroubledKey] {
        await ask { $0.troubled(max: max) }?.flatMap(\.self) ?? []
    }

    /// Keys that an earlier run left behind, diverged or unverified.
    private func restore() async throws {
        let state: CatchUpState = try await withCheckedThrowingContinuation { continuation in
            catchUp.load { continuation.resume(with: $0) }
        }
        var unverified: [String: String] = [:]
        for key in journal.recovered {
            unverified[key] = "a write of it was under way when the proxy ended uncleanly"
        }
        // Lane 0 last: it begins to catch up at once, and tells lanes that must know what they are told of.
        for lane in mesh.lanes.reversed() {
            let recovered = unverified
            try await lane.loop.submit { lane.restore(state, unverified: recovered) }.get()
        }
        // The store answers in the order of the calls: what was just noted is kept when this is answered.
        let _: CatchUpState = try await withCheckedThrowingContinuation { continuation in
            catchUp.load { continuation.resume(with: $0) }
        }
        journal.forgetRecovered()
    }
}

extension ProxyClock {
    /// The time of day as the system knows it.
    public static let system = ProxyClock(microseconds: SystemTime.microseconds)
}
