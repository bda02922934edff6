import NIOCore

/// What became of a connection and of its request; told on the event loop.
protocol CallerConnectionOwner: AnyObject {
    func opened(_ connection: CallerConnection)
    func answered(_ connection: CallerConnection, _ request: PendingRequest, status: Int)
    /// The connection is gone, and with it the request that it had, if any.
    func closed(_ connection: CallerConnection, _ request: PendingRequest?, _ cause: FailureKind)
}

/// A request that has been sent and not yet answered.
struct PendingRequest {
    /// From 0, in the order in which they are due.
    let number: Int
    /// Its latency is counted from here: the instant when it was due, in a closed loop when it was sent.
    let from: NIODeadline
    let sent: NIODeadline
}

/// One keep-alive connection of a caller: one request at a time.
final class CallerConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Strong: the owner forgets the connection when it is closed.
    private let owner: any CallerConnectionOwner
    private var context: ChannelHandlerContext?
    private var framing = MessageFraming<AnswerLine>()
    private var outgoing = ByteBuffer()
    private var fault: FailureKind?
    private(set) var pending: PendingRequest?

    init(owner: any CallerConnectionOwner) { self.owner = owner }

    var isOpen: Bool { context != nil && fault == nil }

    func send(_ request: PendingRequest, composedBy composer: RequestComposer) {
        guard let context else { return }
        pending = request
        composer.compose(request.number, into: &outgoing)
        context.writeAndFlush(wrapOutboundOut(outgoing), promise: nil)
    }

    /// Closes at once; the owner is told of it when it is done.
    func close(because cause: FailureKind) {
        guard let context, fault == nil else { return }
        fault = cause
        context.close(promise: nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        owner.opened(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard fault == nil else { return }
        framing.append(unwrapInboundIn(data))
        do {
            while let message = try framing.next() {
                if message.line.isInterim { continue }
                guard let request = pending else { return close(because: .badAnswer) }
                pending = nil
                if message.closes { close(because: .closed) }
                owner.answered(self, request, status: message.line.status)
            }
        } catch {
            close(because: .badAnswer)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(because: .of(error))
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        let request = pending
        pending = nil
        owner.closed(self, request, fault ?? .closed)
    }
}
