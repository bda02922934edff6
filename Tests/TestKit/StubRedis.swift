import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A server that reads Redis commands and answers them as a script says, rightly or not.
public final class StubRedis: Sendable {
    public enum Step: Sendable {
        case send(String)
        /// Byte by byte, with this many milliseconds in between.
        case dribble(String, milliseconds: Int64)
        case close
    }

    public typealias Script = @Sendable (_ words: [String]) -> [Step]

    private struct State {
        var script: Script
        var seen: [[String]] = []
        var connections = 0
    }

    private let state: NIOLockedValueBox<State>
    private let listener: any Channel
    public let port: Int

    public static func start(_ script: @escaping Script) async throws -> StubRedis {
        let state = NIOLockedValueBox(State(script: script))
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(state))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return StubRedis(state, listener)
    }

    private init(_ state: NIOLockedValueBox<State>, _ listener: any Channel) {
        self.state = state
        self.listener = listener
        port = listener.localAddress?.port ?? 0
    }

    /// Every command so far, on all connections.
    public var seen: [[String]] { state.withLockedValue { $0.seen } }
    public var connections: Int { state.withLockedValue { $0.connections } }
    public func follow(_ script: @escaping Script) { state.withLockedValue { $0.script = script } }
    public func address(_ parameters: String) -> String { "redis://127.0.0.1:\(port)?\(parameters)" }
    public func shutdown() async throws { try await listener.close().get() }

    private final class Connection: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let state: NIOLockedValueBox<State>
        private var received = ByteBuffer()

        init(_ state: NIOLockedValueBox<State>) { self.state = state }

        func channelActive(context: ChannelHandlerContext) { state.withLockedValue { $0.connections += 1 } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var part = unwrapInboundIn(data)
            received.writeBuffer(&part)
            while let words = command() {
                let script = state.withLockedValue { state in
                    state.seen.append(words)
                    return state.script
                }
                for step in script(words) { carryOut(step, context.channel) }
            }
        }

        private func carryOut(_ step: Step, _ channel: any Channel) {
            switch step {
            case .send(let text): channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
            case .close: channel.close(promise: nil)
            case .dribble(let text, let milliseconds):
                for (index, byte) in text.utf8.enumerated() {
                    channel.eventLoop.scheduleTask(in: .milliseconds(Int64(index) * milliseconds)) {
                        channel.writeAndFlush(ByteBuffer(bytes: [byte]), promise: nil)
                    }
                }
            }
        }

        /// The next whole command, if there is one.
        private func command() -> [String]? {
            var ahead = received
            guard let count = number("*", &ahead) else { return nil }
            var words: [String] = []
            for _ in 0..<count {
                guard let length = number("$", &ahead), let word = ahead.readString(length: length),
                    ahead.readString(length: 2) != nil
                else { return nil }
                words.append(word)
            }
            received = ahead
            return words
        }

        private func number(_ mark: Character, _ buffer: inout ByteBuffer) -> Int? {
            guard let end = buffer.readableBytesView.firstIndex(of: 0x0A),
                let line = buffer.readString(length: end - buffer.readerIndex + 1), line.first == mark
            else { return nil }
            return Int(line.dropFirst().dropLast(1).prefix { $0.isNumber })
        }
    }
}
