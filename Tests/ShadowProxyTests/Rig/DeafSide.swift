import NIOCore
import NIOPosix

/// A side that takes connections and never reads a byte from them, so that whoever writes to it stalls.
final class DeafSide: Sendable {
    let port: Int
    private let listener: any Channel

    static func start() async throws -> DeafSide {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.backlog, value: 64)
            .childChannelOption(ChannelOptions.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0).get()
        return DeafSide(listener)
    }

    private init(_ listener: any Channel) {
        self.listener = listener
        port = listener.localAddress?.port ?? 0
    }

    func stop() async throws { try await listener.close().get() }
}
