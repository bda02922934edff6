import HTTPFraming
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
public import NIOSSL

/// A request as a stub side saw it.
public struct SeenRequest: Sendable {
    /// 0-based, over all connections of this stub.
    public let index: Int
    /// 0-based number of the connection it came on.
    public let connection: Int
    public let method: String
    public let target: String
    /// Names and values in order, as they came.
    public let headers: [[String]]
    public let headBytes: [UInt8]
    public let body: [UInt8]

    /// The value of the only header of that name (any case), or nil.
    public func header(_ name: String) -> String? { headers.first { $0[0].lowercased() == name.lowercased() }?[1] }
    public var bodyText: String { String(decoding: body, as: UTF8.self) }
}

/// What a stub side does about one request, step by step.
public enum StubStep: Sendable {
    case send([UInt8])
    /// Goes on when the latch opens.
    case await(Latch)
    /// Closes in order (FIN; over TLS with its own word before).
    case close
    /// Over TLS: closes the socket without TLS's word for it, as one who cuts the line would.
    case bareClose
    /// Closes with RST, so that what was sent may be lost and the peer sees a reset.
    case reset
    /// Never ends: these bytes again and again, as fast as the peer takes them.
    case endless([UInt8])
    /// Says nothing more, and keeps the connection open.
    case silence
}

/// One of the two sides, scripted: a raw HTTP/1.1 server on a free port of the loopback address, which records every request
/// and the bytes it answered with.
public final class StubSide: Sendable {
    public typealias Script = @Sendable (SeenRequest) -> [StubStep]

    struct State {
        var script: Script
        var seen: [SeenRequest] = []
        var sent: [Int: [UInt8]] = [:]
        var connections = 0
        var open: [ObjectIdentifier: any Channel] = [:]
        var listener: (any Channel)?
    }

    let state: NIOLockedValueBox<State>
    private let tls: NIOSSLContext?
    public let port: Int

    /// Starts listening; `port` 0 picks a free one. With `tls` it speaks TLS.
    public static func start(
        port: Int = 0, tls: NIOSSLContext? = nil, script: @escaping Script
    ) async throws -> StubSide {
        let state = NIOLockedValueBox(State(script: script))
        let listener = try await bind(port: port, tls: tls, state: state)
        return StubSide(port: listener.localAddress?.port ?? 0, tls: tls, state: state)
    }

    private init(port: Int, tls: NIOSSLContext?, state: NIOLockedValueBox<State>) {
        self.port = port
        self.tls = tls
        self.state = state
    }

    private static func bind(
        port: Int, tls: NIOSSLContext?, state: NIOLockedValueBox<State>
    ) async throws -> any Channel {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.backlog, value: 1024)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(StubConnection(state: state))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        state.withLockedValue { $0.listener = listener }
        return listener
    }

    /// Every request so far, in the order in which they were whole.
    public var seen: [SeenRequest] { state.withLockedValue { $0.seen } }
    /// What was sent in answer to the request of that index so far.
    public func sent(_ index: Int) -> [UInt8] { state.withLockedValue { $0.sent[index] ?? [] } }
    public var connectionsAccepted: Int { state.withLockedValue { $0.connections } }
    public var connectionsOpen: Int { state.withLockedValue { $0.open.count } }

    /// From now on, for requests that are not yet whole.
    public func follow(_ script: @escaping Script) { state.withLockedValue { $0.script = script } }

    /// Stops listening and resets what is open: connecting is refused until `comeBack`.
    public func goAway() async throws {
        let (listener, open) = state.withLockedValue { state in
            defer { state.listener = nil }
            return (state.listener, Array(state.open.values))
        }
        try await listener?.close().get()
        for channel in open { StubConnection.reset(channel) }
        for channel in open { try? await channel.closeFuture.get() }
    }

    /// Listens on the same port again.
    public func comeBack() async throws { _ = try await StubSide.bind(port: port, tls: tls, state: state) }

    public func shutdown() async throws { try await goAway() }
}

/// Answers as bytes, ready for `StubStep.send`.
public enum StubAnswer {
    public static func json(_ status: Int = 200, _ body: String, headers: [(String, String)] = []) -> [UInt8] {
        bytes(status, body: Array(body.utf8), headers: [("Content-Type", "application/json")] + headers)
    }

    public static func problem(_ status: Int, code: String) -> [UInt8] {
        bytes(
            status, body: Array(#"{"type":"about:blank","status":\#(status),"code":"\#(code)"}"#.utf8),
            headers: [("Content-Type", "application/problem+json")])
    }

    public static func bytes(_ status: Int, body: [UInt8], headers: [(String, String)] = []) -> [UInt8] {
        var head = "HTTP/1.1 \(status) Stub\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }

    public static func chunked(_ status: Int = 200, _ parts: [String], headers: [(String, String)] = []) -> [UInt8] {
        var text = "HTTP/1.1 \(status) Stub\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        text += "Transfer-Encoding: chunked\r\n\r\n"
        for part in parts { text += String(part.utf8.count, radix: 16) + "\r\n" + part + "\r\n" }
        return Array((text + "0\r\n\r\n").utf8)
    }
}
