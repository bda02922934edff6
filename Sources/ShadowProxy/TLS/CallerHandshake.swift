import NIOCore
import NIOSSL
import NIOTLS
import Verdicts

/// A caller's TLS handshake: stands behind the TLS handler until it is through, then makes room for the `ClientConnection`, which
/// never hears of TLS.
///
/// Until then the connection counts against the bound of connections, has `handshakeTimeoutMs`, and ends with a stop. One that
/// comes to nothing is counted, whoever is to blame; a probe that connects and says nothing is one too.
///
/// Owned by the lane's event loop; `Sendable` only because the timer's closure names it.
final class CallerHandshake: ChannelInboundHandler, RemovableChannelHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    private unowned let lane: Lane
    private let timeoutMs: Int
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var isOver = false

    /// Adds the handlers of a caller's new connection.
    static func begin(on channel: any Channel, of lane: Lane, _ security: ListenerSecurity) throws {
        try channel.pipeline.syncOperations.addHandlers(
            NIOSSLServerHandler(context: security.context), CallerHandshake(lane, timeoutMs: security.handshakeTimeoutMs))
    }

    private init(_ lane: Lane, timeoutMs: Int) {
        self.lane = lane
        self.timeoutMs = timeoutMs
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// The TLS handler says this before the handshake.
    func channelActive(context: ChannelHandlerContext) {
        guard lane.hasRoomForCaller, !lane.isStopping else {
            if !lane.isStopping { lane.books.reached(.clientConnections) }
            isOver = true
            context.close(promise: nil)
            return
        }
        lane.handshakes[ObjectIdentifier(self)] = self
        timer = context.eventLoop.scheduleTask(in: .milliseconds(Int64(timeoutMs))) { [self] in
            failed()
            self.context?.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted = event as? TLSUserEvent, !isOver else { return }
        leave()
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(
                ClientConnection(lane: lane, channel: context.channel), position: .after(self))
            pipeline.removeHandler(context: context, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    /// The TLS handler closes the connection itself.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { failed() }
    func channelInactive(context: ChannelHandlerContext) { failed() }

    /// At a stop: nothing was asked yet, so nothing is owed.
    func cancel() {
        leave()
        context?.close(promise: nil)
    }

    private func failed() {
        guard !isOver else { return }
        leave()
        lane.books.reached(.tlsHandshakes)
    }

    private func leave() {
        isOver = true
        timer?.cancel()
        timer = nil
        lane.handshakes[ObjectIdentifier(self)] = nil
    }
}
