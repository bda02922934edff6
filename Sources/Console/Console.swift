import Foundation
import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle

/// The admin port: health, readiness, metrics and verdicts, and the one order it takes (`POST /resync`, from this machine only).
public struct Console: Service {
    /// What the console asks of the running proxy.
    public struct Source: Sendable {
        public var read: @Sendable () async -> ConsoleReading
        /// Trusts a key again after its sides were made equal by hand; false when the key was trusted anyway.
        public var resync: @Sendable (_ key: String) async throws -> Bool
        /// What is wrong with the state shared with others, as a sentence; nil when nothing is. Asked for by whoever watches over the process:
        /// it must not wait for anything.
        public var sharedTrouble: @Sendable () -> String?

        public init(
            read: @escaping @Sendable () async -> ConsoleReading,
            resync: @escaping @Sendable (_ key: String) async throws -> Bool,
            sharedTrouble: @escaping @Sendable () -> String? = { nil }
        ) {
            self.read = read
            self.resync = resync
            self.sharedTrouble = sharedTrouble
        }
    }

    private let host: String
    private let port: Int
    private let source: Source
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - port: 0 picks a free one.
    ///   - onListening: gets the port in use.
    public init(
        host: String, port: Int, source: Source, logger: Logger, onListening: @escaping @Sendable (Int) async -> Void
    ) {
        self.host = host
        self.port = port
        self.source = source
        self.logger = logger
        self.onListening = onListening
    }

    public func run() async throws {
        // The server reports every connection that a stop cuts as an error; what is wrong with the port itself is thrown.
        var quiet = logger
        quiet.logLevel = .critical
        let application = Application(
            router: router(), configuration: ApplicationConfiguration(address: .hostname(host, port: port), reuseAddress: true),
            onServerRunning: { [onListening, port] channel in await onListening(channel.localAddress?.port ?? port) },
            logger: quiet)
        try await application.run()
    }

    func router() -> Router<ConsoleContext> {
        let source = source
        let router = Router(context: ConsoleContext.self)
        // Still well without the shared state: callers are answered, and what is to be told waits.
        router.get("/healthz") { _, _ in
            Self.answer(.ok, source.sharedTrouble().map { "ok\nshared state: \($0)\n" } ?? "ok\n")
        }
        router.get("/readyz") { _, _ in
            if let cause = await source.read().unreadyBecause { return Self.answer(.serviceUnavailable, cause + "\n") }
            return Self.answer(.ok, "ready\n")
        }
        router.get("/metrics") { _, _ in
            Self.answer(.ok, MetricsPage(await source.read()).text, type: MetricsPage.contentType)
        }
        router.get("/verdicts") { _, _ in try Self.json(VerdictsAnswer(await source.read())) }
        router.post("/resync") { request, context in try await Self.resync(request, context, source) }
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

    private static func json(_ value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
        return answer(.ok, text, type: "application/json")
    }

    private static func answer(
        _ status: HTTPResponse.Status, _ text: String, type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
