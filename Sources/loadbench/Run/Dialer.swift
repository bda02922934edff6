import NIOCore
import NIOPosix

/// Opens connections to one endpoint, a bounded number of them at once so that no listener's queue overflows.
///
/// Owned by the event loop; `Sendable` only so that NIO's callbacks, which run on that loop, may name it.
final class Dialer: @unchecked Sendable {
    private static let underWayMax = 64

    private let loop: any EventLoop
    private let endpoint: Endpoint
    private unowned let owner: any CallerConnectionOwner & Sendable
    private var wanted = 0
    private var underWay = 0
    private var opened = 0
    private var stopped = false
    /// Told once, when nothing could be opened at all or a connect fails before `failuresMatterFor` connections stood.
    private let refused: (any Error) -> Void
    private let failuresMatterFor: Int

    init(
        loop: any EventLoop, endpoint: Endpoint, owner: any CallerConnectionOwner & Sendable, connections: Int,
        refused: @escaping (any Error) -> Void
    ) {
        self.loop = loop
        self.endpoint = endpoint
        self.owner = owner
        self.refused = refused
        failuresMatterFor = connections
    }

    /// Opens so many more.
    func open(_ count: Int) {
        wanted += count
        while wanted > 0, underWay < Self.underWayMax, !stopped { dial() }
    }

    func stop() { stopped = true }

    private func dial() {
        wanted -= 1
        underWay += 1
        let owner = owner
        ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(CallerConnection(owner: owner))
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
            .whenComplete { result in self.ended(result.map { _ in () }) }
    }

    private func ended(_ result: Result<Void, any Error>) {
        underWay -= 1
        switch result {
        case .success:
            opened += 1
            open(0)
        case .failure(let error):
            guard opened >= failuresMatterFor else {
                guard !stopped else { return }
                stopped = true
                return refused(error)
            }
            // A run goes on: whoever listens may come back, and what is due meanwhile waits.
            loop.scheduleTask(in: .milliseconds(100)) { self.open(1) }
        }
    }
}
