import NIOCore
import NIOPosix

/// How a pool gets a connection to its side. Whoever wants a lane without sockets gives its pools another one.
///
/// - Parameters:
///   - plan: the side as it is declared now.
///   - address: the side's, where its host is given as an address; nil has the host's name looked up.
///   - prepare: adds the handlers. To be done, and to have succeeded, before the channel reads anything.
/// - Returns: the channel, connected; completes on `loop`.
typealias Dialler =
    @Sendable (
        _ loop: any EventLoop, _ plan: SidePlan, _ address: SocketAddress?,
        _ prepare: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<any Channel>

/// A TCP connection.
let dialBySocket: Dialler = { loop, plan, address, prepare in
    let bootstrap = ClientBootstrap(group: loop)
        .connectTimeout(.milliseconds(Int64(plan.connectTimeoutMs)))
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelOption(.maxMessagesPerRead, value: 4)
        .channelInitializer(prepare)
    return if let address {
        bootstrap.connect(to: address)
    } else {
        bootstrap.connect(host: plan.endpoint.host, port: plan.endpoint.port)
    }
}
