import NIOCore
import NIOPosix

/// A side that takes connections, says what it is told to at most, and never reads a byte from them, so that whoever writes to it
/// stalls.
final class DeafSide: Sendable {
    let port: Int
    private let listener: any Channel

    static func start(saying words: [UInt8] = []) async throws -> DeafSide {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.backlog, value: 64)
            .childChannelOption(ChannelOptions.autoRead, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Greeting(words)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return DeafSide(listener)
    }

    private init(_ listener: any Channel) {
        self.listener = listener
        port = listener.localAddress?.port ?? 0
    }

    func stop() async throws { try await listener.close().get() }
}

private final class Greeting: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let words: [UInt8]

    init(_ words: [UInt8]) { self.words = words }

    func channelActive(context: ChannelHandlerContext) {
        if !words.isEmpty { context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: words)), promise: nil) }
    }
}
