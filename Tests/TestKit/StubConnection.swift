import HTTPFraming
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL

/// One connection of a stub side: reads requests one after another and carries out the script's steps in order.
final class StubConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let state: NIOLockedValueBox<StubSide.State>
    private var parser = RequestParser()
    private var received = ByteBuffer()
    private var head: RequestHead?
    private var body: [UInt8] = []
    private var number = 0
    private var waiting: [(index: Int, step: StubStep)] = []
    private var isBusy = false
    private var endless: (index: Int, bytes: [UInt8])?

    init(state: NIOLockedValueBox<StubSide.State>) { self.state = state }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        number = state.withLockedValue { state in
            defer { state.connections += 1 }
            state.open[ObjectIdentifier(channel)] = channel
            return state.connections
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let id = ObjectIdentifier(context.channel)
        state.withLockedValue { _ = $0.open.removeValue(forKey: id) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed, !isBusy { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        received.writeBuffer(&part)
        while true {
            switch parser.next(from: &received) {
            case .needMore: return
            case .head(let head):
                self.head = head
                body = []
                if head.expectsContinue { write(context, Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), index: nil) }
            case .body(let bytes): body.append(contentsOf: bytes.readableBytesView)
            case .end: whole(context)
            case .failure:
                write(
                    context, Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8), index: nil)
                context.close(promise: nil)
                return
            }
        }
    }

    private func whole(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let number = number
        let body = body
        let (script, request) = state.withLockedValue { state in
            let request = SeenRequest(
                index: state.seen.count, connection: number, method: head.text(head.method), target: head.text(head.target),
                headers: head.texts, headBytes: Array(head.bytes.readableBytesView), body: body)
            state.seen.append(request)
            return (state.script, request)
        }
        waiting.append(contentsOf: script(request).map { (request.index, $0) })
        carryOn(context)
    }

    private func carryOn(_ context: ChannelHandlerContext) {
        while !isBusy, !waiting.isEmpty {
            let (index, step) = waiting.removeFirst()
            switch step {
            case .send(let bytes): write(context, bytes, index: index)
            case .close:
                // After what was sent before it: closing at once would drop what the socket has not taken.
                let channel = context.channel
                context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
            case .bareClose:
                let channel = context.channel
                let written = context.writeAndFlush(wrapOutboundOut(ByteBuffer()))
                written.whenComplete { _ in BareClose.close(channel, mode: .all) }
            case .reset: StubConnection.reset(context.channel)
            case .silence: isBusy = true
            case .await(let latch):
                isBusy = true
                let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
                let eventLoop = context.eventLoop
                latch.whenOpen {
                    eventLoop.execute {
                        let (connection, context) = loopBound.value
                        connection.isBusy = false
                        connection.carryOn(context)
                    }
                }
            case .endless(let bytes):
                isBusy = true
                endless = (index, bytes)
                pump(context)
            }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { pump(context) }

    private func pump(_ context: ChannelHandlerContext) {
        guard let endless else { return }
        while context.channel.isWritable, context.channel.isActive { write(context, endless.bytes, index: nil) }
    }

    private func write(_ context: ChannelHandlerContext, _ bytes: [UInt8], index: Int?) {
        if let index { state.withLockedValue { $0.sent[index, default: []].append(contentsOf: bytes) } }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    static func reset(_ channel: any Channel) {
        guard let socket = channel as? any SocketOptionProvider else { return channel.close(promise: nil) }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
    }
}

/// Closing a TLS connection's socket past TLS.
enum BareClose {
    static func close(_ channel: any Channel, mode: CloseMode) {
        let pipeline = channel.pipeline.syncOperations
        let tls =
            (try? pipeline.context(handlerType: NIOSSLServerHandler.self))
            ?? (try? pipeline.context(handlerType: NIOSSLClientHandler.self))
        tls?.close(mode: mode, promise: nil)
    }
}
