import DequeModule
import HTTPFraming
import NIOCore
import Verdicts

/// One caller's connection: reads requests, hands them on, writes the answers in the order of the requests.
///
/// Safe requests without a body may be under way together (pipelining, at most `outstandingMax`); any other waits until it is
/// alone, since the order of its effects matters. Reading stops while nothing more may be taken.
///
/// Owned by the lane's event loop; `Sendable` only because slots name it across lanes.
final class ClientConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    static let outstandingMax = 16

    let lane: Lane
    let channel: any Channel
    /// The caller's address as text, for `X-Forwarded-For`.
    private(set) var address: [UInt8] = []

    var context: ChannelHandlerContext?
    private var parser: RequestParser
    private var unread: ByteBuffer?
    /// A head whose body is being read.
    private var incoming: IncomingRequest?
    /// A head that has to wait until everything before it is answered.
    private var held: RequestHead?
    private var isReadingPaused = false
    /// Nothing more is read from this caller; what is under way is answered.
    private var isReadingOver = false
    private var isInputClosed = false
    /// As the channel last said it: asking it anew costs a lock's worth each time.
    private var isWritable = true
    var outbox = Outbox()
    private var isParsing = false
    /// The last answer is written and our direction closed. What the caller still sends is read and dropped for a moment: closing
    /// with bytes unread would reset the connection, and the answer could be lost with it.
    private var isLingering = false
    /// The last answer is being written.
    var isEnding = false

    /// Of the answers in the outbox: when each was asked for, and what the primary took for it.
    var unsent: [(askedAt: NIODeadline, primaryMicroseconds: Int)] = []
    var slots = Deque<ReplySlot>()
    var firstNumber: UInt64 = 0
    private var lastActive: UInt64 = 0
    private(set) var isClosed = false

    init(lane: Lane, channel: any Channel) {
        self.lane = lane
        self.channel = channel
        self.parser = RequestParser(headBytesMax: lane.plan.plan.limits.headBytesMax)
    }

    // MARK: The connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // Behind a TLS handshake it comes to a channel that is active already.
        if context.channel.isActive { channelActive(context: context) }
    }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        guard lane.hasRoomForCaller, !lane.isStopping else {
            if !lane.isStopping { lane.books.reached(.clientConnections) }
            isClosed = true
            context.close(promise: nil)
            return
        }
        lane.clients[ObjectIdentifier(self)] = self
        address = Array((channel.remoteAddress?.ipAddress ?? "unknown").utf8)
        lastActive = lane.wheel.now
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        lane.clients[ObjectIdentifier(self)] = nil
        unread = nil
        held = nil
        if let upload = incoming?.upload { upload.uploadBroken() }
        incoming = nil
        let open = slots
        slots.removeAll()
        // What was asked goes on to its verdict; only a stream has nobody to go to.
        for slot in open { slot.streamOwner?.abandonStream(from: lane) }
        lane.checkStopped()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            isReadingOver = true
            isInputClosed = true
            if let upload = incoming?.upload { upload.uploadBroken() }
            incoming = nil
            if isLingering { closeNow() } else { closeIfDone() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What was asked before a bare close is answered as after any other: `inputClosed` follows.
        if !TLSTrouble.isBareClose(error) { closeNow() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = channel.isWritable
        if isWritable { goOn() }
        context.fireChannelWritabilityChanged()
    }

    /// Once a second: a caller who says nothing, or does not take what it asked for, is let go.
    func closeIfIdle(ticks: UInt64, now: UInt64) {
        if isLingering, now &- lastActive >= UInt64(1_000 / lane.wheel.tickMs) { closeNow() }
        guard now &- lastActive >= ticks else { return }
        let isSlowBody = incoming.map { $0.upload == nil } ?? false
        if slots.isEmpty || isSlowBody || slots.first?.isStreaming == true || !isWritable { closeNow() }
    }

    func noteActivity() { lastActive = lane.wheel.now }

    /// True when the lane may end without taking anything from this caller: all that it is owed is with its socket.
    var isServed: Bool { isClosed || isLingering }

    /// At a stop: what is under way is answered, a request whose head has come is read to its end, nothing more is read.
    func closeWhenAnswered() {
        if let last = slots.indices.last { slots[last].closes = true }
        if incoming != nil, !slots.isEmpty {
            isReadingOverAfterThis = true
        } else if slots.isEmpty {
            // The rest of a body may be on its way that nobody wants.
            stopReading()
        } else {
            isReadingOver = true
        }
        closeIfDone()
    }

    func stopReading() {
        isReadingOver = true
        unread = nil
        held = nil
        incoming = nil
    }

    func closeNow() {
        guard !isClosed else { return }
        isClosed = true
        context?.close(promise: nil)
    }

    func linger() {
        guard !isClosed, let context else { return }
        isLingering = true
        noteActivity()
        if isInputClosed {
            closeNow()
        } else {
            context.close(mode: .output, promise: nil)
            pauseOrResumeReading()
        }
        lane.checkStopped()
    }

    /// Nothing more will be asked, and everything is answered: close when the last of it is written.
    func closeIfDone() {
        if isReadingOver, slots.isEmpty, incoming == nil, held == nil { closeAfterLastByte() }
    }

    // MARK: Reading

    private var mayParse: Bool {
        guard !isClosed, !isReadingOver else { return false }
        if let incoming { return !incoming.isHeldUp }
        if held != nil { return false }
        // One that changes something is alone.
        if slots.last?.isAlone == true { return false }
        return slots.count < Self.outstandingMax && isWritable
    }

    /// Reading pauses only when bytes have come that may not be taken yet: to look away from the socket during each request that
    /// is alone would cost two system calls a request.
    private func pauseOrResumeReading() {
        let isHeldUp = unread != nil && !mayParse && !isReadingOver
        guard isHeldUp != isReadingPaused else { return }
        isReadingPaused = isHeldUp
        // Fails only on a channel that is closed already.
        try? channel.syncOptions?.setOption(.autoRead, value: !isHeldUp)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        // What comes after the end is dropped, and keeps nobody's connection open.
        guard !isReadingOver else { return }
        noteActivity()
        if unread != nil {
            unread?.writeBuffer(&bytes)
        } else if !takeWhole(&bytes) {
            unread = bytes
        } else if bytes.readableBytes > 0, !isReadingOver {
            unread = bytes
        } else {
            return
        }
        parse()
        pauseOrResumeReading()
    }

    /// The ordinary request: it came in one piece, and nothing before it is under way.
    private func takeWhole(_ bytes: inout ByteBuffer) -> Bool {
        guard slots.isEmpty, incoming == nil, held == nil, !isParsing, mayParse else { return false }
        let bodyBytesMax = lane.plan.plan.limits.bodyBytesMax
        guard let whole = bytes.withUnsafeReadableBytes({ parser.nextWhole($0, bodyBytesMax: bodyBytesMax) }),
            !whole.head.expectsContinue, let headBytes = bytes.readSlice(length: whole.headLength)
        else { return false }
        let head = whole.head.moved(to: headBytes)
        let body = whole.bodyLength > 0 ? bytes.readSlice(length: whole.bodyLength) : nil
        let method = method(of: head)
        slots.append(
            ReplySlot(
                isHead: method == .head, minorVersion: head.minorVersion, closes: !head.keepAlive || lane.isStopping,
                isAlone: head.framing != .none || !method.isSafe, askedAt: .now()))
        isReadingOver = !head.keepAlive
        lane.dispatch(head, method, body: body, slot: ClientSlot(connection: self, number: firstNumber))
        return true
    }

    /// After an answer, or when the peer takes bytes again.
    func goOn() {
        if held != nil, slots.isEmpty, let head = held {
            held = nil
            begin(head)
        }
        parse()
        pauseOrResumeReading()
        closeIfDone()
    }

    private func parse() {
        guard !isParsing else { return }
        isParsing = true
        defer { isParsing = false }
        while mayParse {
            // A message without a body ends without further bytes.
            guard var bytes = unread ?? (incoming == nil ? nil : ByteBuffer()) else { return }
            unread = nil
            let step = parser.next(from: &bytes)
            unread = bytes.readableBytes > 0 ? bytes : nil
            switch step {
            case .needMore: return
            case .head(let head): take(head)
            case .body(let part): take(part)
            case .end: end()
            case .failure(let error): refuse(error)
            }
        }
    }

    private func take(_ head: RequestHead) {
        // With a body, or not safe: only when everything before it is answered.
        if !slots.isEmpty, isAlone(head) { held = head } else { begin(head) }
    }

    private func isAlone(_ head: RequestHead) -> Bool { head.framing != .none || !method(of: head).isSafe }

    private func method(of head: RequestHead) -> RequestMethod {
        head.bytes.withUnsafeReadableBytes { RequestMethod(UnsafeRawBufferPointer(rebasing: $0[head.method])) }
    }

    private func begin(_ head: RequestHead) {
        let method = method(of: head)
        if !head.keepAlive { isReadingOverAfterThis = true }
        let number = firstNumber + UInt64(slots.count)
        slots.append(
            ReplySlot(
                isHead: method == .head, minorVersion: head.minorVersion, closes: !head.keepAlive || lane.isStopping,
                isAlone: head.framing != .none || !method.isSafe))
        var request = IncomingRequest(head: head, method: method, number: number)
        if head.expectsContinue, head.framing != .none, unread == nil { sendContinue() }
        if case .length(let length) = head.framing, length > lane.plan.plan.limits.bodyBytesMax {
            request.upload = startUpload(head, method, number)
        }
        incoming = request
    }

    private func sendContinue() {
        outbox.bytes.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        flushSoon()
    }

    private func take(_ part: ByteBuffer) {
        guard incoming != nil else { return }
        if incoming?.upload != nil {
            incoming?.forward(part, isLast: false, over: self)
            return
        }
        var part = part
        if incoming?.body == nil { incoming?.body = part } else { incoming?.body?.writeBuffer(&part) }
        guard let request = incoming, let body = request.body,
            body.readableBytes > lane.plan.plan.limits.bodyBytesMax
        else { return }
        incoming?.upload = startUpload(request.head, request.method, request.number)
        incoming?.body = nil
        incoming?.forward(body, isLast: false, over: self)
    }

    private func end() {
        guard var request = incoming else { return }
        if request.upload != nil {
            request.forward(nil, isLast: true, over: self)
            incoming = nil
        } else {
            incoming = nil
            slots[slots.count - 1].askedAt = .now()
            lane.dispatch(
                request.head, request.method, body: request.body, slot: ClientSlot(connection: self, number: request.number))
        }
        if isReadingOverAfterThis {
            isReadingOver = true
            unread = nil
            closeIfDone()
        }
    }

    /// The request in hand is the last of this connection.
    private var isReadingOverAfterThis = false

    private func startUpload(_ head: RequestHead, _ method: RequestMethod, _ number: UInt64) -> Exchange {
        lane.dispatchUpload(head, method, slot: ClientSlot(connection: self, number: number))
    }

    /// The pieces that the primary has not taken yet went below the bound, or it wants no more.
    func uploadMoved(by bytes: Int, taken: Bool) {
        guard incoming?.upload != nil else { return }
        incoming?.unacknowledged -= bytes
        noteActivity()
        if !taken { incoming?.isUnwanted = true }
        goOn()
    }

    /// Bytes that are no request: said once, after the answers before it, and the connection ends.
    private func refuse(_ error: FramingError) {
        isReadingOver = true
        unread = nil
        if error.code == .headTooLarge { lane.books.reached(.headBytes) }
        if let upload = incoming?.upload {
            // Its answer is the primary's, or a 502; nothing can follow it.
            upload.uploadBroken()
            incoming = nil
            if let last = slots.indices.last { slots[last].closes = true }
            return
        }
        var out = lane.allocator.buffer(capacity: 256)
        ProblemAnswer.write(
            status: error.status, code: "BAD_REQUEST", detail: error.sentence, close: true, into: &out)
        if incoming != nil {
            // Its slot is there already.
            incoming = nil
        } else {
            slots.append(ReplySlot(isHead: false, minorVersion: 1, closes: true, isAlone: true))
        }
        if let last = slots.indices.last {
            slots[last].closes = true
            slots[last].content = .message(out)
        }
        writeReady()
    }
}
