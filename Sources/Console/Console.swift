import Foundation
import Hummingbird
import HummingbirdTLS
public import Logging
import NIOCore
public import RolloutControl
public import ServiceLifecycle

/// The admin port: health, readiness, metrics and verdicts, the rollout and its orders, and `POST /resync`, from this machine only.
public struct Console: Service {
    /// What the console asks of the running proxy.
    public struct Source: Sendable {
        public var read: @Sendable () async -> ConsoleReading
        /// Trusts a key again after its sides were made equal by hand; false when the key was trusted anyway.
        public var resync: @Sendable (_ key: String) async throws -> Bool
        /// What is wrong with the state shared with others, as a sentence; nil when nothing is. Asked for by whoever watches over the process:
        /// it must not wait for anything.
        public var sharedTrouble: @Sendable () -> String?
        /// Nil where no plan is carried out.
        public var rollout: RolloutController?

        public init(
            read: @escaping @Sendable () async -> ConsoleReading,
            resync: @escaping @Sendable (_ key: String) async throws -> Bool,
            sharedTrouble: @escaping @Sendable () -> String? = { nil }, rollout: RolloutController? = nil
        ) {
            self.read = read
            self.resync = resync
            self.sharedTrouble = sharedTrouble
            self.rollout = rollout
        }
    }

    private let host: String
    private let port: Int
    private let source: Source
    private let access: AdminAccess
    private let tls: ConsoleTLS?
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - port: 0 picks a free one.
    ///   - access: With tokens, everything but health and readiness asks for one.
    ///   - tls: Nil for plain HTTP.
    ///   - onListening: gets the port in use.
    public init(
        host: String, port: Int, source: Source, access: AdminAccess = AdminAccess(), tls: ConsoleTLS? = nil, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void
    ) {
        self.host = host
        self.port = port
        self.source = source
        self.access = access
        self.tls = tls
        self.logger = logger
        self.onListening = onListening
    }

    public func run() async throws {
        // The server reports every connection that a stop cuts as an error; what is wrong with the port itself is thrown.
        var quiet = logger
        quiet.logLevel = .critical
        let application = Application(
            router: router(), server: try tls.map { try .tls(.http1(), tlsConfiguration: $0.configuration()) } ?? .http1(),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), reuseAddress: true),
            onServerRunning: { [onListening, port] channel in await onListening(channel.localAddress?.port ?? port) },
            logger: quiet)
        try await application.run()
    }

    func router() -> Router<ConsoleContext> {
        let source = source
        let desk = AccessDesk(access: access)
        let router = Router(context: ConsoleContext.self)
        router.add(middleware: ProblemPages())
        // Still well without the shared state: callers are answered, and what is to be told waits.
        router.get("/healthz") { _, _ in
            Self.answer(.ok, source.sharedTrouble().map { "ok\nshared state: \($0)\n" } ?? "ok\n")
        }
        router.get("/readyz") { _, _ in
            if let cause = await source.read().unreadyBecause { return Self.answer(.serviceUnavailable, cause + "\n") }
            return Self.answer(.ok, "ready\n")
        }
        router.get("/metrics") { request, _ in
            try desk.admit(request)
            return Self.answer(.ok, MetricsPage(await source.read()).text, type: MetricsPage.contentType)
        }
        router.get("/verdicts") { request, _ in
            try desk.admit(request)
            return try Self.json(VerdictsAnswer(await source.read()))
        }
        router.post("/resync") { request, context in
            if desk.asksForTokens { try desk.admit(request, anyOf: [.operator]) }
            return try await Self.resync(request, context, source)
        }
        RolloutPages(rollout: source.rollout, desk: desk).add(to: router)
        return router
    }

    private struct ResyncOrder: Decodable {
        var key: String
    }

    private struct ResyncAnswer: Encodable {
        var key: String
        var wasMistrusted: Bool
    }

    private static func resync(_ request: Request, _ context: ConsoleContext, _ source: Source) async throws -> Response {
        guard context.isFromThisMachine else {
            return answer(.forbidden, "resync is taken from this machine only: run countersign resync beside the proxy\n")
        }
        // A web page in the operator's browser can't send this type without asking first.
        guard request.headers[.contentType]?.hasPrefix("application/json") == true else {
            return answer(.unsupportedMediaType, "send application/json: {\"key\": \"…\"}\n")
        }
        let body = try await request.body.collect(upTo: 65_536)
        guard let order = try? JSONDecoder().decode(ResyncOrder.self, from: Data(body.readableBytesView)) else {
            return answer(.badRequest, "the body must be {\"key\": \"…\"}\n")
        }
        let was = try await source.resync(order.key)
        return try json(ResyncAnswer(key: order.key, wasMistrusted: was))
    }

    static func json(_ value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
        return answer(.ok, text, type: "application/json")
    }

    static func answer(
        _ status: HTTPResponse.Status, _ text: String, type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
