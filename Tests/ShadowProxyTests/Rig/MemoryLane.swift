import NIOCore
import NIOEmbedded
import NIOPosix
import Verdicts

@testable import ShadowProxy

/// One lane without sockets: the caller and both sides are channels in memory, and nothing moves but by the calls below.
///
/// The benchmarks link this file in. Everything happens on the thread that made it; time stands still for the lane's deadlines.
final class MemoryLane {
    let legacy: MemorySide
    let candidate: MemorySide
    private let loop = EmbeddedEventLoop()
    private let lane: Lane
    private let caller: EmbeddedChannel

    init(operations: [OperationPlan], legacy legacyAnswer: String, candidate candidateAnswer: String) throws {
        legacy = MemorySide(answer: legacyAnswer)
        candidate = MemorySide(answer: candidateAnswer)
        // Nobody listens or connects there.
        let endpoint = Endpoint(host: "127.0.0.1", port: 1)
        let plan = ProxyPlan(
            listen: endpoint, legacy: SidePlan(endpoint: endpoint), candidate: SidePlan(endpoint: endpoint),
            operations: operations)
        let counts = try CountLedger(path: nil, lanes: 1)
        let mesh = LaneMesh()
        lane = Lane(
            index: 0, loop: loop, mesh: mesh, plan: try CompiledPlan(plan, counts: counts),
            books: LaneBooks(lane: 0, counts: counts, journal: try WriteJournal(path: nil, lanes: 1)), evidence: NoEvidence(),
            catchUp: NoCatchUp(), threads: NIOThreadPool(numberOfThreads: 1), clock: .system)
        mesh.fill([lane])
        lane.drain = CatchUpDrain(lane: lane)
        lane.pool(.legacy).dial = legacy.dial
        lane.pool(.candidate).dial = candidate.dial
        caller = EmbeddedChannel(loop: loop)
        try caller.pipeline.syncOperations.addHandler(ClientConnection(lane: lane, channel: caller))
        caller.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 2), promise: nil)
        loop.run()
    }

    deinit {
        lane.shutDown()
        loop.run()
        lane.dismantle()
    }

    /// Sends the bytes, lets both sides answer until nothing moves any more, and returns what the caller got.
    func send(_ request: ByteBuffer) throws -> ByteBuffer {
        try caller.writeInbound(request)
        loop.run()
        while try legacy.answerAll() || candidate.answerAll() { loop.run() }
        guard var answer = try caller.readOutbound(as: ByteBuffer.self) else { return ByteBuffer() }
        while var more = try caller.readOutbound(as: ByteBuffer.self) { answer.writeBuffer(&more) }
        return answer
    }

    var snapshot: ProxySnapshot { lane.snapshot() }
}

/// A side that gives one answer to whatever it is asked.
///
/// Owned by the thread of its lane; `Sendable` only because a dialler is.
final class MemorySide: @unchecked Sendable {
    /// The request of each call so far, if they are kept.
    private(set) var requests: [String] = []
    var keepsRequests = false
    private var channels: [EmbeddedChannel] = []
    private let answer: ByteBuffer

    init(answer: String) { self.answer = ByteBuffer(string: answer) }

    /// Connects at once.
    var dial: Dialler {
        { [self] loop, _, _, prepare in
            guard let loop = loop as? EmbeddedEventLoop else { return loop.makeFailedFuture(ChannelError.operationUnsupported) }
            let channel = EmbeddedChannel(loop: loop)
            channels.append(channel)
            return prepare(channel).flatMapThrowing {
                channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
                return channel
            }
        }
    }

    /// Answers every request that has come. True when there was one.
    fileprivate func answerAll() throws -> Bool {
        var answered = false
        for channel in channels {
            guard let request = try channel.readOutbound(as: ByteBuffer.self) else { continue }
            if keepsRequests { requests.append(String(buffer: request)) }
            answered = true
            try channel.writeInbound(answer)
        }
        return answered
    }
}

private struct NoEvidence: EvidenceSink {
    func offer(bytes: Int, _ make: @escaping @Sendable () -> Evidence) -> Bool { false }
}

/// Keeps nothing: what the shadow misses is lost.
private struct NoCatchUp: CatchUpStore {
    private struct Refused: Error {}

    func append(
        bytes: Int, _ make: @escaping @Sendable () -> MissedWrite,
        completion: @escaping @Sendable (Result<Int64, any Error>) -> Void
    ) {
        completion(.failure(Refused()))
    }
    func next(key: String, side: Side, completion: @escaping @Sendable (Result<MissedWrite?, any Error>) -> Void) {
        completion(.success(nil))
    }
    func recordAttempt(id: Int64, cause: String) {}
    func remove(id: Int64, completion: @escaping @Sendable (Result<Void, any Error>) -> Void) { completion(.success(())) }
    func setStanding(_ standing: KeyStanding, key: String, cause: String, side: Side) {}
    func load(completion: @escaping @Sendable (Result<CatchUpState, any Error>) -> Void) {
        completion(.success(CatchUpState(standings: [:])))
    }
}
