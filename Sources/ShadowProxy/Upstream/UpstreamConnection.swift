import HTTPFraming
import NIOCore

/// One connection to a side: one call at a time, kept alive between calls.
///
/// Owned by the lane's event loop; `Sendable` only to be found again in its pipeline there.
final class UpstreamConnection: ChannelDuplexHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private unowned let pool: SidePool
    private let channel: any Channel
    let generation: Int
    /// The wheel's tick at which it became idle.
    var idleSince: UInt64 = 0
    var isConnected = false

    private var context: ChannelHandlerContext?
    private var call: Call? {
        didSet {
            if oldValue == nil, call != nil { pool.noteBusy(self) } else if oldValue != nil, call == nil { pool.noteIdle(self) }
        }
    }
    private var parser: ResponseParser
    private var unread: ByteBuffer?
    private var head: ResponseHead?
    private var body: ByteBuffer?
    private var isStreaming = false
    private var anyByteCame = false
    private var callsServed = 0
    private var isRequestWhole = true
    private var isAnswerWhole = false
    private var isPaused = false
    private var wantsRead = false
    private var isClosed = false
    /// The peer has closed; what it had sent may still wait in `unread` for a caller who reads slowly.
    private var hasInputEnded = false
    private var keepsAlive = true

    init(pool: SidePool, channel: any Channel, generation: Int) {
        self.pool = pool
        self.channel = channel
        self.generation = generation
        self.parser = ResponseParser(headBytesMax: pool.lane.plan.plan.limits.headBytesMax)
    }

    var isUsable: Bool { isConnected && !isClosed && channel.isActive && context != nil }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    // MARK: Sending

    func send(_ call: Call) {
        guard let context, !isClosed else {
            call.failed(.reset, onReusedConnection: true)
            return
        }
        self.call = call
        parser.expect(head: call.isHead)
        head = nil
        body = nil
        isStreaming = false
        anyByteCame = false
        isAnswerWhole = false
        isRequestWhole = !call.streamsRequest
        context.write(wrapOutboundOut(call.head), promise: nil)
        if let body = call.body { context.write(wrapOutboundOut(body), promise: nil) }
        context.flush()
    }

    func send(piece: ByteBuffer, isLast: Bool, done: (@Sendable (Bool) -> Void)?) {
        guard let context, !isClosed else {
            done?(false)
            return
        }
        if isLast { isRequestWhole = true }
        guard let done else {
            context.writeAndFlush(wrapOutboundOut(piece), promise: nil)
            return
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { result in
            if case .success = result { done(true) } else { done(false) }
        }
        context.writeAndFlush(wrapOutboundOut(piece), promise: promise)
    }

    /// Nobody wants what may still come: close.
    func abandon() {
        call = nil
        close()
    }

    /// The proxy ends: so does the call.
    func cutOff() {
        guard let call else { return }
        self.call = nil
        close()
        call.failed(.cut)
    }

    func pauseReading() { isPaused = true }

    func resumeReading() {
        isPaused = false
        parse()
        if hasInputEnded {
            if !isPaused { endOfInput() }
        } else if wantsRead, !isPaused {
            wantsRead = false
            context?.read()
        }
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard call != nil else {
            // An answer that nobody asked for: the connection cannot be trusted any more.
            close()
            return
        }
        anyByteCame = true
        if unread != nil {
            unread?.writeBuffer(&bytes)
        } else {
            unread = bytes
        }
        if !isPaused { parse() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        hasInputEnded = true
        // With a paused call the tail may be here already: it is read on when the caller takes more. How much that can be is
        // bounded by what the socket held when the peer closed.
        if !isPaused { endOfInput() }
        if call == nil {
            unread = nil
            body = nil
        }
        pool.closed(self)
        context.fireChannelInactive()
    }

    /// Reads are asked for by the channel after each read; while a stream is held up they wait.
    func read(context: ChannelHandlerContext) {
        if isPaused { wantsRead = true } else { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close() }

    private func endOfInput() {
        guard call != nil, !isAnswerWhole else { return }
        switch parser.connectionClosed() {
        case .end: whole()
        default:
            guard let call else { return }
            self.call = nil
            call.failed(.reset, onReusedConnection: callsServed > 0, anyByteCame: anyByteCame)
        }
    }

    private func parse() {
        // The end of a message is said without further bytes.
        while let call, !isAnswerWhole, !isPaused, var bytes = unread ?? (head == nil ? nil : ByteBuffer()) {
            unread = nil
            let event = parser.next(from: &bytes)
            if bytes.readableBytes > 0 { unread = bytes }
            switch event {
            case .needMore: return
            case .head(let head): self.head = head
            case .body(let piece):
                take(piece, for: call)
            case .end:
                whole()
            case .failure:
                self.call = nil
                close()
                call.failed(.malformed)
            }
        }
    }

    private func take(_ piece: ByteBuffer, for call: Call) {
        if isStreaming {
            call.streamed(piece)
            return
        }
        var piece = piece
        if body == nil { body = piece } else { body?.writeBuffer(&piece) }
        guard let held = body, held.readableBytes > pool.lane.plan.plan.limits.bodyBytesMax, let head else { return }
        guard call.streamsLargeAnswers else {
            self.call = nil
            close()
            call.failed(.tooLarge)
            return
        }
        isStreaming = true
        body = nil
        call.streams(SideAnswer(head: head, body: held, latencyMicroseconds: call.latencyMicroseconds))
    }

    private func whole() {
        guard let call, let head else { return }
        isAnswerWhole = true
        keepsAlive = head.keepAlive && !isClosed
        let answer = SideAnswer(head: head, body: body ?? ByteBuffer(), latencyMicroseconds: call.latencyMicroseconds)
        self.head = nil
        body = nil
        let wasStreaming = isStreaming
        // Bytes beyond the answer belong to nobody.
        if unread != nil { keepsAlive = false }
        if !isRequestWhole {
            // It answered before it had the whole request: the rest has no place to go.
            keepsAlive = false
        }
        self.call = nil
        callsServed += 1
        if keepsAlive { pool.free(self) } else { close() }
        if wasStreaming { call.streamEnded() } else { call.answered(answer) }
    }

    private func close() {
        guard !isClosed else { return }
        isClosed = true
        context?.close(promise: nil)
    }
}
