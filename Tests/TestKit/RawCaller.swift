import HTTPFraming
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
public import NIOSSL
import NIOTLS

/// An answer as the caller got it.
public struct CallerAnswer: Sendable {
    public let status: Int
    public let statusLine: String
    public let headers: [[String]]
    public let body: [UInt8]

    public func header(_ name: String) -> String? { headers.first { $0[0].lowercased() == name.lowercased() }?[1] }
    public var bodyText: String { String(decoding: body, as: UTF8.self) }
}

/// How a caller speaks TLS.
public struct CallerTLS: Sendable {
    public let context: NIOSSLContext
    /// The name asked for and verified; nil verifies the address.
    public let serverName: String?

    public init(_ context: NIOSSLContext, serverName: String? = nil) {
        self.context = context
        self.serverName = serverName
    }
}

/// A raw TCP (or TLS) client: sends the bytes given, reads answers by HTTP framing or bytes until the close. Every wait is bounded.
public final class RawCaller: Sendable {
    private let channel: any Channel
    private let mailbox: NIOLoopBound<Mailbox>

    /// - Parameter tls: nil speaks plainly. The handshake goes on by itself, what is sent waits for it.
    public static func connect(
        port: Int, host: String = "127.0.0.1", tls: CallerTLS? = nil
    ) async throws -> RawCaller {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try await loop.flatSubmit {
            let mailbox = Mailbox(eventLoop: loop)
            let bound = NIOLoopBound(mailbox, eventLoop: loop)
            return ClientBootstrap(group: loop)
                .channelOption(ChannelOptions.socketOption(.tcp_nodelay), value: 1)
                .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let tls {
                            try pipeline.addHandler(NIOSSLClientHandler(context: tls.context, serverHostname: tls.serverName))
                        }
                        try pipeline.addHandler(bound.value)
                    }
                }
                .connect(host: host, port: port)
                .map { RawCaller(channel: $0, mailbox: bound) }
        }.get()
    }

    private init(channel: any Channel, mailbox: NIOLoopBound<Mailbox>) {
        self.channel = channel
        self.mailbox = mailbox
    }

    public func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    public func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }

    /// The next answer, whole. `toHead` says that it answers a HEAD request.
    public func answer(toHead: Bool = false, within seconds: Int = 20) async throws -> CallerAnswer {
        let mailbox = mailbox
        return try await channel.eventLoop.flatSubmit { mailbox.value.answer(toHead: toHead, within: seconds) }.get()
    }

    /// Sends one request and reads its answer.
    public func call(_ method: String, _ target: String, headers: [(String, String)] = [], body: String? = nil) async throws
        -> CallerAnswer
    {
        try await send(RawCaller.request(method, target, headers: headers, body: body))
        return try await answer(toHead: method == "HEAD")
    }

    public static func request(_ method: String, _ target: String, headers: [(String, String)] = [], body: String? = nil)
        -> [UInt8]
    {
        var text = "\(method) \(target) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.0.lowercased() == "host" }) { text += "Host: localhost\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n\r\n" + body } else { text += "\r\n" }
        return Array(text.utf8)
    }

    /// Everything that comes until the peer closes.
    public func untilClose(within seconds: Int = 20) async throws -> [UInt8] {
        let mailbox = mailbox
        return try await channel.eventLoop.flatSubmit { mailbox.value.untilClose(within: seconds) }.get()
    }

    /// The next `count` bytes, as they came.
    public func bytes(_ count: Int, within seconds: Int = 20) async throws -> [UInt8] {
        let mailbox = mailbox
        return try await channel.eventLoop.flatSubmit { mailbox.value.bytes(count, within: seconds) }.get()
    }

    /// Sends no more (FIN), and goes on reading.
    public func finishSending() async throws { try await channel.close(mode: .output).get() }

    /// Over TLS: the same without TLS's own word before.
    public func finishSendingBarely() async throws {
        let channel = channel
        try await channel.eventLoop.submit { BareClose.close(channel, mode: .output) }.get()
    }

    /// Over TLS: waits for the end of the handshake.
    public func secured() async throws {
        let mailbox = mailbox
        let loop = channel.eventLoop
        try await eventually("the handshake is through") { try await loop.submit { mailbox.value.isSecured }.get() }
    }

    /// Over TLS: whether the peer ended the connection with TLS's own word for it.
    public func endedOrderly() async throws -> Bool {
        let mailbox = mailbox
        return try await channel.eventLoop.submit { mailbox.value.isCutShort == false }.get()
    }

    /// Over TLS: the serial number of the certificate that the peer showed.
    public func peerSerialNumber() async throws -> [UInt8]? {
        let channel = channel
        return try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self).peerCertificate?.serialNumber
        }.get()
    }

    /// Stops taking what comes, so that the peer's sending stalls; `resume` goes on.
    public func pauseReading() async throws { try await channel.setOption(ChannelOptions.autoRead, value: false).get() }
    public func resumeReading() async throws { try await channel.setOption(ChannelOptions.autoRead, value: true).get() }

    public func close() async throws { try? await channel.close().get() }
}

/// Keeps what came, and the one who waits for it. On its event loop only.
private final class Mailbox: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private enum Wanted {
        case answer(EventLoopPromise<CallerAnswer>)
        case close(EventLoopPromise<[UInt8]>)
        case bytes(Int, EventLoopPromise<[UInt8]>)
    }

    private let eventLoop: any EventLoop
    private var received = ByteBuffer()
    private var isClosed = false
    private(set) var isCutShort = false
    private(set) var isSecured = false
    private var parser = ResponseParser(headBytesMax: 1 << 20)
    private var head: ResponseHead?
    private var body: [UInt8] = []
    private var wanted: Wanted?

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        received.writeBuffer(&part)
        look()
    }

    func channelInactive(context: ChannelHandlerContext) { ended() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error as? NIOSSLError == .uncleanShutdown { isCutShort = true }
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { ended() }
        if case .handshakeCompleted = event as? TLSUserEvent { isSecured = true }
    }

    private func ended() {
        isClosed = true
        look()
    }

    func answer(toHead: Bool, within seconds: Int) -> EventLoopFuture<CallerAnswer> {
        let promise = eventLoop.makePromise(of: CallerAnswer.self)
        parser.expect(head: toHead)
        head = nil
        body = []
        wanted = .answer(promise)
        bound(promise, seconds, "an answer")
        look()
        return promise.futureResult
    }

    func untilClose(within seconds: Int) -> EventLoopFuture<[UInt8]> {
        let promise = eventLoop.makePromise(of: [UInt8].self)
        wanted = .close(promise)
        bound(promise, seconds, "the close")
        look()
        return promise.futureResult
    }

    func bytes(_ count: Int, within seconds: Int) -> EventLoopFuture<[UInt8]> {
        let promise = eventLoop.makePromise(of: [UInt8].self)
        wanted = .bytes(count, promise)
        bound(promise, seconds, "\(count) bytes")
        look()
        return promise.futureResult
    }

    private func bound<Value>(_ promise: EventLoopPromise<Value>, _ seconds: Int, _ what: String) {
        let timer = eventLoop.scheduleTask(in: .seconds(Int64(seconds))) {
            promise.fail(TestTimeout("no sign of \(what) within \(seconds) s"))
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
    }

    private func look() {
        switch wanted {
        case nil: return
        case .close(let promise):
            guard isClosed else { return }
            wanted = nil
            promise.succeed(received.readBytes(length: received.readableBytes) ?? [])
        case .bytes(let count, let promise):
            guard let bytes = received.readBytes(length: count) else {
                if isClosed {
                    wanted = nil
                    promise.fail(TestTimeout("the peer closed after \(received.readableBytes) of \(count) bytes"))
                }
                return
            }
            wanted = nil
            promise.succeed(bytes)
        case .answer(let promise): lookForAnswer(promise)
        }
    }

    private func lookForAnswer(_ promise: EventLoopPromise<CallerAnswer>) {
        while true {
            var step = parser.next(from: &received)
            if case .needMore = step {
                guard isClosed else { return }
                step = parser.connectionClosed()
                if case .needMore = step { step = .failure(FramingError(.truncated)) }
            }
            switch step {
            case .needMore: return
            case .head(let head): self.head = head
            case .body(let part): body.append(contentsOf: part.readableBytesView)
            case .end:
                wanted = nil
                guard let head else { return promise.fail(TestTimeout("an end without a head")) }
                let line = head.text(0..<head.statusAndReason.upperBound)
                return promise.succeed(CallerAnswer(status: head.status, statusLine: line, headers: head.texts, body: body))
            case .failure(let error):
                wanted = nil
                return promise.fail(error)
            }
        }
    }
}
