import NIOCore
import NIOPosix

/// A stub side that listens.
enum SideServer {
    /// Takes connections on that address, all on one event loop; the channel's local address has the port.
    static func listen(on endpoint: Endpoint, plan: SidePlan, loop: any EventLoop) -> EventLoopFuture<any Channel> {
        ServerBootstrap(group: loop, childGroup: loop)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(SideConnection(plan: plan))
                }
            }
            .bind(host: endpoint.host, port: endpoint.port)
    }
}
