import NIOCore

/// Connections with bytes to send, flushed together when the lane has taken all that its sockets had for it.
///
/// Sending at once would wake the peer for each message, let it run dry and wake it again: on loopback that is a third of a
/// request's cost. A lane with one event at hand flushes right after it, so nothing waits for company.
///
/// Owned by the lane's event loop; `Sendable` only to be named by its own task there.
final class FlushQueue: @unchecked Sendable {
    private let loop: any EventLoop
    private var clients: [ClientConnection] = []
    private var sides: [UpstreamConnection] = []
    /// The two arrays of the run before, for their memory.
    private var clientsUnderWay: [ClientConnection] = []
    private var sidesUnderWay: [UpstreamConnection] = []
    private var isPlanned = false
    /// Made once, so that planning a flush allocates nothing.
    private var task: @Sendable () -> Void = {}

    init(loop: any EventLoop) {
        self.loop = loop
        task = { [unowned self] in run() }
    }

    func add(_ client: ClientConnection) {
        clients.append(client)
        plan()
    }

    func add(_ side: UpstreamConnection) {
        sides.append(side)
        plan()
    }

    private func plan() {
        guard !isPlanned else { return }
        isPlanned = true
        loop.execute(task)
    }

    private func run() {
        isPlanned = false
        let now = NIODeadline.now()
        // A flush may fail and thereby add to the queue: what is added now has its turn in the next run.
        swap(&sides, &sidesUnderWay)
        swap(&clients, &clientsUnderWay)
        for side in sidesUnderWay { side.flushNow(at: now) }
        for client in clientsUnderWay { client.flushNow(at: now) }
        sidesUnderWay.removeAll(keepingCapacity: true)
        clientsUnderWay.removeAll(keepingCapacity: true)
    }
}
