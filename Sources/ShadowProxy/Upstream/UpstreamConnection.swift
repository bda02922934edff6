import HTTPFraming
import NIOCore
import Verdicts

/// One connection to a side: one call at a time, kept alive between calls.
///
/// Owned by the lane's event loop; `Sendable` only to be found again in its pipeline there.
final class UpstreamConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let pool: SidePool
    private let lane: Lane
    private let channel: any Channel
    let generation: Int
    /// The wheel's tick at which it became idle.
    var idleSince: UInt64 = 0
    var isConnected = false

    /// Its place among the pool's busy connections; -1 when it has no call.
    var busyPlace = -1

    private var context: ChannelHandlerContext?
    private var call: Call?
    private var outbox = Outbox()
    private var parser: ResponseParser
    private var unread: ByteBuffer?
    private var head: ResponseHead?
    private var body: ByteBuffer?
    /// What of `body` counts against the lane's bound on answers of shadows.
    private(set) var bytesHeld = 0
    private var isStreaming = false
    private var anyByteCame = false
    private var callsServed = 0
    private var isRequestWhole = true
    private var isAnswerWhole = false
    private var isPaused = false
    private var isClosed = false
    /// The peer has closed; what it had sent may still wait in `unread` for a caller who reads slowly.
    private var hasInputEnded = false
    /// The connection ended otherwise than by the peer's orderly close: what came may not be all.
    private var isCutShort = false

    init(pool: SidePool, channel: any Channel, generation: Int) {
        self.pool = pool
        self.lane = pool.lane
        self.channel = channel
        self.generation = generation
        self.parser = ResponseParser(headBytesMax: lane.plan.plan.limits.headBytesMax)
    }

    var isUsable: Bool { isConnected && !isClosed && context != nil }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    // MARK: Sending

    func send(_ call: Call) {
        guard let context, !isClosed else {
            call.failed(.reset, onReusedConnection: true)
            return
        }
        self.call = call
        pool.noteBusy(self)
        parser.expect(head: call.isHead)
        head = nil
        body = nil
        isStreaming = false
        anyByteCame = false
        isAnswerWhole = false
        isRequestWhole = !call.streamsRequest
        call.request.write(to: &outbox, mirrored: call.isMirrored, context: context)
        if outbox.becomesDirty() { lane.flushes.add(self) }
    }

    /// At the end of the lane's turn.
    func flushNow(at now: NIODeadline) {
        outbox.isDirty = false
        guard let context, !isClosed else { return }
        call?.flushed(at: now)
        outbox.hand(to: context)
        context.flush()
    }

    func send(piece: ByteBuffer, isLast: Bool, done: (@Sendable (Bool) -> Void)?) {
        guard let context, !isClosed else {
            done?(false)
            return
        }
        if isLast { isRequestWhole = true }
        outbox.hand(to: context)
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
        forgetCall()
        close()
    }

    private func forgetCall() {
        guard call != nil else { return }
        call = nil
        lane.shadowAnswerBytes -= bytesHeld
        bytesHeld = 0
        pool.noteIdle(self)
    }

    /// The proxy ends: so does the call.
    func cutOff() {
        guard let call else { return }
        forgetCall()
        close()
        call.failed(.cut)
    }

    func pauseReading() {
        guard !isPaused else { return }
        isPaused = true
        setReading(false)
    }

    private func setReading(_ reads: Bool) {
        // Fails only on a channel that is closed already.
        try? channel.syncOptions?.setOption(.autoRead, value: reads)
    }

    func resumeReading() {
        guard isPaused else { return }
        isPaused = false
        parse()
        guard !isPaused else { return }
        if hasInputEnded { endOfInput() } else { setReading(true) }
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
        if unread == nil, !isPaused, takeWhole(&bytes) { return }
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

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isCutShort = true
        if let call, callsServed == 0, !anyByteCame, let trouble = TLSTrouble(alert: error) {
            forgetCall()
            close()
            call.failed(.tls(trouble))
        } else {
            close()
        }
    }

    private func endOfInput() {
        guard call != nil, !isAnswerWhole else { return }
        switch parser.connectionClosed() {
        // Without a length, only an orderly close says that the body is whole.
        case .end where !isCutShort: whole()
        default:
            guard let call else { return }
            forgetCall()
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
                forgetCall()
                close()
                call.failed(.malformed)
            }
        }
    }

    /// The ordinary answer came in one piece: it is copied into the lane's memory, so that what the channel read into is free for its
    /// next read.
    private func takeWhole(_ bytes: inout ByteBuffer) -> Bool {
        guard head == nil, let call else { return false }
        let max = min(SideAnswer.packedMax, lane.plan.plan.limits.bodyBytesMax)
        guard let whole = bytes.withUnsafeReadableBytes({ parser.nextWhole($0, bytesMax: max) }) else { return false }
        var store = lane.spareBuffers.take(lane.allocator)
        let length = whole.headLength + whole.bodyLength
        bytes.withUnsafeReadableBytes { all in
            _ = store.writeBytes(UnsafeRawBufferPointer(rebasing: all[0..<length]))
        }
        guard let headBytes = store.readSlice(length: whole.headLength) else { return false }
        end(call, keepsAlive: whole.head.keepAlive && bytes.readableBytes == length)
        call.answered(
            SideAnswer(
                head: whole.head.moved(to: headBytes), body: store, latencyMicroseconds: call.latencyMicroseconds))
        return true
    }

    private func take(_ piece: ByteBuffer, for call: Call) {
        if isStreaming {
            call.streamed(piece)
            return
        }
        var piece = piece
        let length = piece.readableBytes
        if body == nil { body = piece } else { body?.writeBuffer(&piece) }
        if call.mayRest {
            bytesHeld += length
            lane.shadowAnswerBytes += length
        }
        let limits = lane.plan.plan.limits
        let isBeyond = bytesHeld > SidePool.heldThroughRest && lane.shadowAnswerBytes > limits.shadowAnswerBytesMax
        guard let held = body, held.readableBytes > limits.bodyBytesMax || isBeyond, let head else { return }
        guard call.streamsLargeAnswers else {
            forgetCall()
            close()
            if isBeyond {
                // All of them together are too large: of this one nobody can say what it would have come to.
                lane.books.reached(.shadowBacklogBytes)
                pool.noteShadowFailure(of: call)
                call.failed(.cut)
            } else {
                call.failed(.tooLarge)
            }
            return
        }
        isStreaming = true
        body = nil
        call.streams(SideAnswer(head: head, body: held, latencyMicroseconds: call.latencyMicroseconds))
    }

    private func whole() {
        guard let call, let head else { return }
        var answer = SideAnswer(head: head, body: body ?? ByteBuffer(), latencyMicroseconds: call.latencyMicroseconds)
        self.head = nil
        body = nil
        // What the channel read into is free for its next read.
        if !isStreaming { answer.pack(lane) }
        let wasStreaming = isStreaming
        // Bytes beyond the answer belong to nobody.
        end(call, keepsAlive: answer.head.keepAlive && unread == nil)
        if wasStreaming { call.streamEnded() } else { call.answered(answer) }
    }

    /// The answer is whole: the connection is free again, or closes.
    private func end(_ call: Call, keepsAlive: Bool) {
        isAnswerWhole = true
        forgetCall()
        callsServed += 1
        // Where it answered before it had the whole request, the rest has no place to go.
        if keepsAlive, isRequestWhole, !isClosed { pool.free(self) } else { close() }
    }

    private func close() {
        guard !isClosed else { return }
        isClosed = true
        context?.close(promise: nil)
    }
}
