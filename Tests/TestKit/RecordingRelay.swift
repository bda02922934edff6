import HTTPFraming
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Stands between a caller and a server, passes bytes both ways untouched, and keeps every answer by its request's `traceparent`:
/// the server's own log of what it sent.
public final class RecordingRelay: Sendable {
    /// An answer as the server sent it, hop-by-hop and framing headers left out.
    public struct Recorded: Sendable, Hashable {
        public let status: Int
        public let headers: [[String]]
        public let body: [UInt8]

        public init(status: Int, headers: [[String]], body: [UInt8]) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    struct State {
        var answers: [String: [Recorded]] = [:]
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    let state = NIOLockedValueBox(State())
    public let port: Int

    public static func start(to target: Int) async throws -> RecordingRelay {
        let relayed = NIOLockedValueBox<RecordingRelay?>(nil)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.backlog, value: 1024)
            .childChannelOption(ChannelOptions.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(ChannelOptions.autoRead, value: false)
            .childChannelInitializer { inbound in
                guard let relay = relayed.withLockedValue({ $0 }) else { return inbound.close() }
                return relay.join(inbound, target)
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let relay = RecordingRelay(port: listener.localAddress?.port ?? 0)
        relayed.withLockedValue { $0 = relay }
        return relay
    }

    private init(port: Int) { self.port = port }

    /// What was sent in answer to the requests of that `traceparent`, in order.
    public func answers(to trace: String) -> [Recorded] { state.withLockedValue { $0.answers[trace] ?? [] } }

    /// Resets every connection that is open now, in the middle of whatever it carries.
    public func resetAll() {
        for channel in state.withLockedValue({ Array($0.channels.values) }) { StubConnection.reset(channel) }
    }

    public static func endToEnd(_ headers: [[String]]) -> [[String]] {
        headers.filter { !["connection", "keep-alive", "content-length", "transfer-encoding"].contains($0[0].lowercased()) }
    }

    private func join(_ inbound: any Channel, _ target: Int) -> EventLoopFuture<Void> {
        let log = AnswerLog(relay: self)
        let bound = NIOLoopBound(log, eventLoop: inbound.eventLoop)
        return ClientBootstrap(group: inbound.eventLoop)
            .channelOption(ChannelOptions.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { outbound in
                outbound.eventLoop.makeCompletedFuture {
                    try outbound.pipeline.syncOperations.addHandler(RelayEnd(peer: inbound, note: bound.value.answered))
                }
            }
            .connect(host: "127.0.0.1", port: target)
            .flatMap { [state] outbound in
                state.withLockedValue {
                    $0.channels[ObjectIdentifier(inbound)] = inbound
                    $0.channels[ObjectIdentifier(outbound)] = outbound
                }
                for channel in [inbound, outbound] {
                    channel.closeFuture.whenComplete { _ in
                        state.withLockedValue { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
                    }
                }
                return inbound.eventLoop.makeCompletedFuture {
                    try inbound.pipeline.syncOperations.addHandler(RelayEnd(peer: outbound, note: bound.value.asked))
                }.flatMap { inbound.setOption(ChannelOptions.autoRead, value: true) }
            }
            .flatMapError { error in inbound.close().flatMapThrowing { throw error } }
    }

    /// Pairs the requests and answers of one connection.
    private final class AnswerLog {
        private let relay: RecordingRelay
        private var requests = RequestParser()
        private var responses = ResponseParser(headBytesMax: 1 << 20)
        private var asking = ByteBuffer()
        private var answering = ByteBuffer()
        private var waiting: [(trace: String, isHead: Bool)] = []
        private var isExpecting = false
        private var head: ResponseHead?
        private var body: [UInt8] = []

        init(relay: RecordingRelay) { self.relay = relay }

        func asked(_ bytes: ByteBuffer) {
            asking.writeImmutableBuffer(bytes)
            while true {
                switch requests.next(from: &asking) {
                case .head(let head):
                    let trace = head.texts.first { $0[0].lowercased() == "traceparent" }?[1] ?? ""
                    waiting.append((trace, head.text(head.method) == "HEAD"))
                case .body, .end: continue
                case .needMore, .failure: return
                }
            }
        }

        func answered(_ bytes: ByteBuffer) {
            answering.writeImmutableBuffer(bytes)
            while let first = waiting.first {
                if !isExpecting {
                    responses.expect(head: first.isHead)
                    isExpecting = true
                }
                switch responses.next(from: &answering) {
                case .head(let head):
                    self.head = head
                    body = []
                case .body(let part): body.append(contentsOf: part.readableBytesView)
                case .end:
                    isExpecting = false
                    waiting.removeFirst()
                    guard let head else { return }
                    let answer = Recorded(status: head.status, headers: RecordingRelay.endToEnd(head.texts), body: body)
                    relay.state.withLockedValue { $0.answers[first.trace, default: []].append(answer) }
                case .needMore, .failure: return
                }
            }
        }
    }
}

/// One end of a relay: what comes in is noted and written to the other end; the end of one is the end of the other.
private final class RelayEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: any Channel
    private let note: (ByteBuffer) -> Void

    init(peer: any Channel, note: @escaping (ByteBuffer) -> Void) {
        self.peer = peer
        self.note = note
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        note(bytes)
        peer.writeAndFlush(bytes, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { peer.close(promise: nil) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
