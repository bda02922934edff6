import DequeModule
import NIOCore
import Synchronization
import Verdicts

/// A lane's connections to one side: idle ones are taken last in, first out; beyond the bound calls wait in order.
///
/// Owned by the lane's event loop; `Sendable` only so that NIO's callbacks, which run on that loop, may name it.
final class SidePool: @unchecked Sendable {
    /// A circle, which `Lane.dismantle` opens: a weak or unowned reference costs two atomic operations at each use.
    let lane: Lane
    let side: Side
    private(set) var plan: SidePlan
    var dial = dialBySocket
    private var address: SocketAddress?
    private var idle: [UpstreamConnection] = []
    private var busy: [UpstreamConnection] = []
    private var waiting = Deque<Call>()
    /// Waited when a rest began; told so a few at a time, for the lane has other things to do.
    private var leaving = Deque<Call>()
    private var rest: ShadowRest
    private var open = 0
    private var connecting = 0
    /// Connections of an older endpoint are not used again.
    private(set) var generation = 0
    /// Answers that show the side to be up (anything but 502, 503, 504). Written by this lane, read by lane 0's catch-up too.
    let goodAnswers = Atomic<UInt64>(0)

    var connections: Int { open }
    var waitingCalls: Int { waiting.count }

    init(lane: Lane, side: Side, plan: SidePlan) {
        self.lane = lane
        self.side = side
        self.plan = plan
        self.rest = ShadowRest(tickMs: lane.wheel.tickMs)
        self.address = try? SocketAddress(ipAddress: plan.endpoint.host, port: plan.endpoint.port)
    }

    func reload(_ plan: SidePlan) {
        // A renewed certificate or other authorities are for new connections; those made before are not used again.
        let moved = plan.endpoint != self.plan.endpoint || plan.tls != self.plan.tls
        self.plan = plan
        guard moved else { return }
        generation += 1
        address = try? SocketAddress(ipAddress: plan.endpoint.host, port: plan.endpoint.port)
        closeIdle { _ in true }
    }

    func noteAnswer(status: Int) {
        if (502...504).contains(status) { return }
        // One writer: no need to lock the line.
        goodAnswers.store(goodAnswers.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    }

    func submit(_ call: Call, fresh: Bool = false) {
        if !fresh {
            while let connection = idle.popLast() {
                guard connection.isUsable else { continue }
                call.given(connection)
                return
            }
        }
        waiting.append(call)
        if open < plan.connectionsMax {
            connect()
        } else {
            lane.books.reached(.sideConnections)
        }
    }

    func withdraw(_ call: Call) {
        if let place = waiting.firstIndex(where: { $0 === call }) { waiting.remove(at: place) }
    }

    /// The connection is free for the next call.
    func free(_ connection: UpstreamConnection) {
        guard connection.generation == generation else {
            connection.abandon()
            return
        }
        if let next = waiting.popFirst() {
            next.given(connection)
        } else {
            connection.idleSince = lane.wheel.now
            idle.append(connection)
        }
    }

    func closed(_ connection: UpstreamConnection) {
        open -= 1
        if let place = idle.firstIndex(where: { $0 === connection }) { idle.remove(at: place) }
        connectForWaiting()
    }

    // MARK: As a shadow

    func mayAskShadow() -> Bool { rest.mayAsk(at: lane.wheel.now) }

    func noteShadowAnswer() { rest.answered() }

    /// A failure of the side's own. If it answered others meanwhile, the side is up, and one of its operations is not.
    func noteShadowFailure(of call: Call) {
        guard goodAnswers.load(ordering: .relaxed) == call.goodAnswersBefore else { return }
        if rest.failed(at: lane.wheel.now) { beginRest() }
    }

    /// The backlog is full: if it waits for this side, and not for a single key, the side is let rest.
    func noteShadowBacklogFull(_ backlog: Int) {
        guard waiting.count >= max(Self.waitingToRest, backlog / 2) else { return }
        if rest.overrun(at: lane.wheel.now) { beginRest() }
    }

    private func beginRest() {
        lane.books.reached(.shadowRests)
        leaving.append(contentsOf: waiting.lazy.filter(\.mayRest))
        waiting.removeAll(where: \.mayRest)
        // Later, for whoever told of the failure is in the middle of something.
        lane.loop.execute { [self] in
            // What has been sending without end would be read on to the bound.
            for connection in busy where connection.bytesHeld > Self.heldThroughRest { connection.cutOff() }
            sendSomeAway()
        }
    }

    private func sendSomeAway() {
        for _ in 0..<Self.sentAwayAtOnce { leaving.popFirst()?.failed(.rested) }
        if !leaving.isEmpty { lane.loop.execute { [self] in sendSomeAway() } }
    }

    private static let sentAwayAtOnce = 32
    private static let waitingToRest = 8
    /// Of an answer's bytes.
    static let heldThroughRest = 65_536

    /// Once a second.
    func sweep() {
        let ticks = UInt64(max(1, plan.idleTimeoutMs / lane.wheel.tickMs))
        let now = lane.wheel.now
        closeIdle { now &- $0.idleSince >= ticks }
    }

    func shutDown() {
        generation += 1
        closeIdle { _ in true }
        cutOff()
    }

    /// Ends every call, waiting or under way.
    func cutOff() {
        let calls = waiting + leaving
        waiting.removeAll()
        leaving.removeAll()
        for call in calls { call.failed(.cut) }
        for connection in busy { connection.cutOff() }
    }

    func noteBusy(_ connection: UpstreamConnection) {
        connection.busyPlace = busy.count
        busy.append(connection)
    }

    func noteIdle(_ connection: UpstreamConnection) {
        let place = connection.busyPlace
        guard busy.indices.contains(place), busy[place] === connection else { return }
        connection.busyPlace = -1
        let last = busy.removeLast()
        guard last !== connection else { return }
        busy[place] = last
        last.busyPlace = place
    }

    private func closeIdle(_ condition: (UpstreamConnection) -> Bool) {
        guard idle.contains(where: condition) else { return }
        let leaving = idle.filter(condition)
        idle.removeAll(where: condition)
        for connection in leaving { connection.abandon() }
    }

    private func connectForWaiting() {
        while connecting < waiting.count, open < plan.connectionsMax { connect() }
    }

    private func connect() {
        open += 1
        connecting += 1
        let generation = self.generation
        let security = lane.plan.security(side)
        let deadline = NIODeadline.now() + .milliseconds(Int64(plan.connectTimeoutMs))
        let connected = dial(lane.loop, plan, address) { [self] channel in
            channel.eventLoop.makeCompletedFuture {
                let connection = UpstreamConnection(pool: self, channel: channel, generation: generation)
                if let security {
                    try SideHandshake.begin(on: channel, for: connection, security, deadline: deadline)
                } else {
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
        }
        let ready = security == nil ? connected : connected.flatMap(SideHandshake.end)
        ready.whenComplete { [self] result in
            connecting -= 1
            switch result {
            case .success(let channel):
                if let connection = try? channel.pipeline.syncOperations.handler(type: UpstreamConnection.self) {
                    connection.isConnected = true
                    if connection.isUsable { free(connection) }
                } else {
                    // Closed between connecting and now: `closed` has been told.
                    connectForWaiting()
                }
            case .failure(let error):
                open -= 1
                // Each waiting call made one try to connect; the oldest has waited longest.
                waiting.popFirst()?.failed((error as? TLSFailure).map { .tls($0.trouble) } ?? .refused)
                connectForWaiting()
            }
        }
    }
}
