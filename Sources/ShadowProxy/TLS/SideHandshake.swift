import NIOCore
import NIOSSL
import NIOTLS

/// The TLS handshake with a side: stands behind the TLS handler until it is through, then makes room for the
/// `UpstreamConnection`. Nothing is sent before, so that a call whose handshake fails is known not to have reached the side.
///
/// Owned by the lane's event loop; `Sendable` only because the timer's closure names it.
final class SideHandshake: ChannelInboundHandler, RemovableChannelHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    private let connection: UpstreamConnection
    private let security: SideSecurity
    private let deadline: NIODeadline
    private let outcome: EventLoopPromise<any Channel>
    private var timer: Scheduled<Void>?
    private var isOver = false

    /// The handlers of a new connection.
    ///
    /// - Parameter deadline: when connecting and the handshake together must be through.
    static func begin(
        on channel: any Channel, for connection: UpstreamConnection, _ security: SideSecurity, deadline: NIODeadline
    ) throws {
        try channel.pipeline.syncOperations.addHandlers(
            try security.handler(), SideHandshake(connection, security, channel.eventLoop, deadline))
    }

    /// The channel when the handshake is through.
    ///
    /// - Parameter channel: one that has just been connected.
    static func end(on channel: any Channel) -> EventLoopFuture<any Channel> {
        guard let handshake = try? channel.pipeline.syncOperations.handler(type: SideHandshake.self) else {
            return channel.eventLoop.makeFailedFuture(TLSFailure(trouble: .brokenOff))
        }
        return handshake.outcome.futureResult
    }

    private init(_ connection: UpstreamConnection, _ security: SideSecurity, _ loop: any EventLoop, _ deadline: NIODeadline) {
        self.connection = connection
        self.security = security
        self.deadline = deadline
        outcome = loop.makePromise()
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(deadline: deadline) { [self] in
            failed(.late)
            channel.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted = event as? TLSUserEvent, !isOver else { return }
        guard security.isNamed(in: shownCertificate(context)) else {
            failed(.wrongName)
            context.close(promise: nil)
            return
        }
        isOver = true
        timer?.cancel()
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(connection, position: .after(self))
            pipeline.removeHandler(context: context, promise: nil)
            outcome.succeed(context.channel)
        } catch {
            outcome.fail(error)
            context.close(promise: nil)
        }
    }

    /// The TLS handler closes the connection itself.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failed(
            TLSTrouble(
                handshake: error, certificate: shownCertificate(context), now: SystemTime.microseconds() / 1_000_000))
    }

    func channelInactive(context: ChannelHandlerContext) { failed(.brokenOff) }

    /// A connection that was never made.
    func handlerRemoved(context: ChannelHandlerContext) { failed(.brokenOff) }

    private func shownCertificate(_ context: ChannelHandlerContext) -> NIOSSLCertificate? {
        try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self).peerCertificate
    }

    private func failed(_ trouble: TLSTrouble) {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        outcome.fail(TLSFailure(trouble: trouble))
    }
}
