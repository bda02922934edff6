import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One listening socket per lane on the same port, so that the kernel deals connections out to them; or one for all, handed on by whoever
/// started us, which goes on listening while we are not there.
struct Listeners {
    let mesh: LaneMesh

    /// - Parameter handedOn: a listening socket's descriptor. It stays the caller's; each lane takes a copy.
    func open(handedOn descriptor: CInt, for endpoint: Endpoint) async throws -> Endpoint {
        var isListening: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0, isListening == 1 else {
            throw ListenError(
                endpoint: endpoint,
                sentence: "The descriptor \(descriptor) that was handed on is no listening socket; under systemd it is 3.")
        }
        // Before anybody who waits in it is taken.
        let found = Self.port(of: descriptor)
        guard endpoint.port == 0 || endpoint.port == found else {
            throw ListenError(
                endpoint: endpoint,
                sentence: "The socket that was handed on listens on port \(found), and the configuration says \(endpoint.port).")
        }
        for lane in mesh.lanes {
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
            guard copy >= 0 else {
                throw ListenError(endpoint: endpoint, sentence: "No descriptor is free for a listening socket.")
            }
            let channel: any Channel
            do {
                channel = try await bootstrap(lane).withBoundSocket(copy).get()
            } catch {
                close(copy)
                throw ListenError(endpoint: endpoint, cause: error)
            }
            try await lane.loop.submit { lane.listener = channel }.get()
        }
        return Endpoint(host: endpoint.host, port: found)
    }

    private static func port(of descriptor: CInt) -> Int {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) == 0 }
        }
        // Both families keep the port in the same place.
        return isKnown ? withUnsafeBytes(of: &address) { Int($0[2]) << 8 | Int($0[3]) } : 0
    }

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
            return try await bootstrap(lane)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.socketOption(NIOBSDSocket.Option(rawValue: SO_REUSEPORT)), value: 1)
                .serverChannelOption(.backlog, value: 1_024)
                .bind(host: endpoint.host, port: endpoint.port).get()
        } catch {
            throw ListenError(endpoint: endpoint, cause: error)
        }
    }

    private func bootstrap(_ lane: Lane) -> ServerBootstrap {
        ServerBootstrap(group: lane.loop, childGroup: lane.loop)
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
    }
}

/// The proxy could not listen.
public struct ListenError: Error, Sendable, CustomStringConvertible {
    public let endpoint: Endpoint
    public let description: String

    init(endpoint: Endpoint, sentence: String) {
        self.endpoint = endpoint
        description = sentence
    }

    init(endpoint: Endpoint, cause: any Error) {
        self.endpoint = endpoint
        description =
            "Cannot listen on \(endpoint.host):\(endpoint.port) (\(cause)); is another process using it? Choose another port, or 0 for any."
    }
}
