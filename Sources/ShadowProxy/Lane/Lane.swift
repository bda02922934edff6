import Comparison
import Migration
import NIOCore
import NIOPosix
import Synchronization
import Verdicts

/// One event loop with everything it needs of its own: listener, connections to callers and to both sides, the queues of the
/// keys it owns, counters, deadlines, a comparator. Lanes share nothing but immutable plans; they talk by `loop.execute`.
///
/// Every member but `index`, `loop`, `mesh`, `troubledKeys` and the pools' `goodAnswers` (the array of pools is never changed) is
/// touched on the loop alone, hence `@unchecked Sendable`.
final class Lane: @unchecked Sendable {
    /// Mismatches of one lane that may be under recheck.
    static let rechecksMax = 256
    /// Keys of one lane whose first mismatch is remembered.
    static let rootsMax = 65_536
    /// Keys of one lane that are remembered as unverified or diverged. Beyond it a key that becomes unverified stays trusted:
    /// its mismatches are shown rather than explained.
    static let distrustedKeysMax = 100_000

    let index: Int
    let loop: any EventLoop
    let mesh: LaneMesh
    let allocator = ByteBufferAllocator()
    let catchUp: any CatchUpStore
    let evidence: any EvidenceSink
    let clock: ProxyClock
    let books: LaneBooks
    /// Keys of this lane about which something is known that other lanes must ask for before they compare.
    let troubledKeys = Atomic<Int>(0)
    /// What the lane has seen of its keys; nil where nobody asks.
    var sightings: KeySightings?
    /// Hashes of this lane's keys that are at another proxy too.
    private(set) var contested: Set<UInt64> = []

    var plan: CompiledPlan
    var placement: KeyPlacement
    /// Nil where the plan's share places.
    let rollout: LaneRollout?
    /// What the candidate answers is no longer given to the legacy.
    var isRetired: Bool
    /// A rollout has placed keys on the candidate, or may have: some may be on their way from one side to the other.
    var hasMovedKeys: Bool
    /// How often the ledger of written keys was emptied, so that a note which was on its way to the disk is known to be of no use.
    var ledgersForgotten = 0
    var wheel = DeadlineWheel()
    var order = KeyOrder<Exchange>()
    var comparator = AnswerComparator()
    var offLane: OffLaneComparison
    let flushes: FlushQueue
    var spareBuffers = SpareBuffers()
    var stamp = InstantStamp()
    private var random: UInt64
    private var pools: [SidePool] = []
    var listener: (any Channel)?
    var clients: [ObjectIdentifier: ClientConnection] = [:]
    /// Callers' connections that are not through with TLS.
    var handshakes: [ObjectIdentifier: CallerHandshake] = [:]
    /// On lane 0 alone: sends missed writes again.
    var drain: CatchUpDrain?

    // Gauges, each kept where it happens
    var inFlight = 0
    var awaitingComparison = 0
    var exchanges = 0
    var probes = 0
    var uncertain = 0
    var rechecks = 0
    var readBacksUnderWay = 0
    var readBacksWaiting = CircularBuffer<RequestKey>()
    var keptUnderWay = 0
    var shadowBacklog = 0
    var shadowBacklogBytes = 0
    /// Of answers that shadows have yet to end.
    var shadowAnswerBytes = 0
    var behindKeys = 0
    var unverifiedKeys = 0
    var divergedKeys = 0
    var rootsKept = 0
    var primaryErrorsShown = 0
    /// Exchanges that became the first of their key within each other's steps.
    var frontsDeep = 0
    static let frontsDeepMax = 32

    var isStopping = false
    var stopped: EventLoopPromise<Void>?
    /// When what is still under way at a stop is cut off.
    var drainEnd = NIODeadline.distantFuture
    var isCutOff = false
    private var timer: RepeatedTask?
    private var turnedAt = NIODeadline.now()
    private var due: [(owner: any DeadlineOwner, purpose: UInt8)] = []

    init(
        index: Int, loop: any EventLoop, mesh: LaneMesh, plan: CompiledPlan, books: LaneBooks, evidence: any EvidenceSink,
        catchUp: any CatchUpStore, threads: NIOThreadPool, clock: ProxyClock, rollout: RolloutTraffic? = nil
    ) {
        self.index = index
        self.loop = loop
        self.mesh = mesh
        self.plan = plan
        self.placement = rollout.map { KeyPlacement($0) } ?? plan.placement()
        self.rollout = rollout.map { LaneRollout($0) }
        self.isRetired = rollout?.isRetired ?? false
        self.hasMovedKeys = rollout.map { !$0.table.isShadow || !$0.written.isEmpty } ?? false
        self.books = books
        self.evidence = evidence
        self.catchUp = catchUp
        self.clock = clock
        self.offLane = OffLaneComparison(threads: threads)
        self.flushes = FlushQueue(loop: loop)
        self.random = UInt64.random(in: 1 ... .max)
        self.pools = [
            SidePool(lane: self, side: .legacy, plan: plan.plan.legacy),
            SidePool(lane: self, side: .candidate, plan: plan.plan.candidate),
        ]
    }

    /// Whether one more caller may connect.
    var hasRoomForCaller: Bool {
        clients.count + handshakes.count < max(1, plan.plan.limits.clientConnectionsMax / mesh.lanes.count)
    }

    func pool(_ side: Side) -> SidePool { side == .legacy ? pools[0] : pools[1] }

    func forgetPools() { pools = [] }

    // MARK: Time

    func startTimer() {
        turnedAt = .now()
        let tick = TimeAmount.milliseconds(Int64(wheel.tickMs))
        timer = loop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { [self] _ in turn() }
    }

    func stopTimer() {
        timer?.cancel()
        timer = nil
    }

    private func turn() {
        let now = NIODeadline.now()
        let tick = TimeAmount.milliseconds(Int64(wheel.tickMs))
        // A loop that was held up makes up for it, but not without end.
        var turns = 0
        while turnedAt + tick <= now, turns < 1_000 {
            turnedAt = turnedAt + tick
            turns += 1
            wheel.advance(&due)
            if wheel.now % UInt64(1_000 / wheel.tickMs) == 0 { sweep() }
        }
        if turns == 1_000 { turnedAt = now }
        let reached = due
        due.removeAll(keepingCapacity: true)
        for (owner, purpose) in reached { owner.deadlineReached(purpose) }
    }

    /// Once a second.
    private func sweep() {
        primaryErrorsShown = 0
        rollout?.isControlDue = true
        rollout?.isBuildDue = true
        for pool in pools { pool.sweep() }
        let ticks = UInt64(max(1, plan.plan.limits.clientIdleTimeoutMs / wheel.tickMs))
        for client in clients.values { client.closeIfIdle(ticks: ticks, now: wheel.now) }
    }

    // MARK: Keys at other proxies

    /// Hands over what was seen since the last time, and begins anew.
    func exchangeSightings(for next: KeySightings) -> KeySightings? {
        let seen = sightings
        sightings = next
        for _ in 0..<(seen?.dropped ?? 0) { books.reached(.sightedKeys) }
        return seen
    }

    /// These keys, and no others, are at another proxy too.
    func contest(_ keys: Set<UInt64>) {
        troubledKeys.wrappingAdd(keys.count - contested.count, ordering: .relaxed)
        contested = keys
    }

    // MARK: Reload and stop

    func reload(_ plan: CompiledPlan) {
        self.plan = plan
        if rollout == nil { placement = plan.placement() }
        pool(.legacy).reload(plan.plan.legacy)
        pool(.candidate).reload(plan.plan.candidate)
        drain?.planChanged()
        // There may be ways to read keys back that there were not.
        for (key, queue) in order.unverified { planReadBack(key, queue) }
    }

    /// What must be over before the lane may end.
    var isQuiet: Bool {
        exchanges == 0 && keptUnderWay == 0 && (drain?.isQuiet ?? true) && clients.values.allSatisfy(\.isServed)
    }

    func checkStopped() {
        guard isStopping, let stopped, isQuiet else { return }
        self.stopped = nil
        stopped.succeed(())
    }

    func nextEvidenceID() -> String { EvidenceID.next(nowMicroseconds: clock.microseconds()) }

    /// True for this share of calls, in thousandths of a per cent.
    func samples(_ share: Int) -> Bool {
        share >= 100_000 || Int(truncatingIfNeeded: nextRandom() % 100_000) < share
    }

    /// For sampling and trace ids, not for secrets (xorshift).
    func nextRandom() -> UInt64 {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return random
    }
}

/// All lanes of a proxy. Filled once, before any of them runs; read-only afterwards, hence `@unchecked Sendable`.
final class LaneMesh: @unchecked Sendable {
    private(set) var lanes: [Lane] = []
    /// How often a key of any lane has become unverified. An exchange notes it before it asks the primary, so that its
    /// agreement says nothing of what made a key unverified later.
    let doubts = Atomic<UInt64>(0)

    func fill(_ lanes: [Lane]) { self.lanes = lanes }
}

/// Where the proxy gets the time of day from.
public struct ProxyClock: Sendable {
    /// Microseconds since 1970.
    public var microseconds: @Sendable () -> Int64

    public init(microseconds: @escaping @Sendable () -> Int64) { self.microseconds = microseconds }
}
