import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One listening socket per lane on the same port, so that the kernel deals connections out to them.
struct Listeners {
    let mesh: LaneMesh

    func open(_ endpoint: Endpoint) async throws -> Endpoint {
        guard let first = mesh.lanes.first else { return endpoint }
        if endpoint.port != 0 { try await probe(endpoint, first) }
        var port = endpoint.port
        for lane in mesh.lanes {
            let channel = try await bind(Endpoint(host: endpoint.host, port: port), lane)
            if port == 0 { port = channel.localAddress?.port ?? 0 }
            try await lane.loop.submit { lane.listener = channel }.get()
        }
        return Endpoint(host: endpoint.host, port: port)
    }

    /// SO_REUSEPORT lets a second process listen on our port without a word; so bind once without it, which fails if anyone does.
    private func probe(_ endpoint: Endpoint, _ lane: Lane) async throws {
        do {
            let channel = try await ServerBootstrap(group: lane.loop)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: endpoint.host, port: endpoint.port).get()
            try await channel.close().get()
        } catch {
            throw ListenError(endpoint: endpoint, cause: error)
        }
    }

    private func bind(_ endpoint: Endpoint, _ lane: Lane) async throws -> any Channel {
        do {
            return try await ServerBootstrap(group: lane.loop, childGroup: lane.loop)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.socketOption(NIOBSDSocket.Option(rawValue: SO_REUSEPORT)), value: 1)
                .serverChannelOption(.backlog, value: 1_024)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelOption(.maxMessagesPerRead, value: 4)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let security = lane.plan.listenerSecurity {
                            try CallerHandshake.begin(on: channel, of: lane, security)
                        } else {
                            try channel.pipeline.syncOperations.addHandler(ClientConnection(lane: lane, channel: channel))
                        }
                    }
                }
                .bind(host: endpoint.host, port: endpoint.port).get()
        } catch {
            throw ListenError(endpoint: endpoint, cause: error)
        }
    }
}

/// The proxy could not listen.
public struct ListenError: Error, Sendable, CustomStringConvertible {
    public let endpoint: Endpoint
    public let description: String

    init(endpoint: Endpoint, cause: any Error) {
        self.endpoint = endpoint
        description =
            "Cannot listen on \(endpoint.host):\(endpoint.port) (\(cause)); is another process using it? Choose another port, or 0 for any."
    }
}
