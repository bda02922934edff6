import HTTPTypes
import Hummingbird
import HummingbirdCore
import InterestContract
public import Logging
import NIOCore
public import ServiceLifecycle

/// A tax worker with `GET /metrics` and `GET /healthz` (503 while the books can't be reached).
public struct TaxWorkerPage: Service {
    private let worker: any Service
    private let page: MetricsPage
    private let address: BindAddress
    private let logger: Logger
    private let onReady: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - port: 0 takes any free port.
    ///   - onReady: called once with the port, when connections are accepted.
    public init(
        _ worker: TaxWorker, host: String, port: Int, logger: Logger, onReady: @escaping @Sendable (Int) async -> Void
    ) {
        self.init(worker, MetricsPage(books: worker.books, cache: nil), .hostname(host, port: port), logger, onReady)
    }

    #if Kafka
        /// Like ``init(_:host:port:logger:onReady:)``, for a worker that reads a topic: with the topic's lag.
        public init(
            _ worker: KafkaTaxWorker, host: String, port: Int, logger: Logger,
            onReady: @escaping @Sendable (Int) async -> Void
        ) {
            self.init(
                worker, MetricsPage(books: worker.books, cache: nil, carrier: worker), .hostname(host, port: port), logger,
                onReady)
        }
    #endif

    private init(
        _ worker: any Service, _ page: MetricsPage, _ address: BindAddress, _ logger: Logger,
        _ onReady: @escaping @Sendable (Int) async -> Void
    ) {
        self.worker = worker
        self.page = page
        self.address = address
        self.logger = logger
        self.onReady = onReady
    }

    /// Works and serves until cancelled or gracefully shut down.
    public func run() async throws {
        let page = page
        let onReady = onReady
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            let call = InboundCall(method: request.method.rawValue, target: request.uri.string)
            let reply = await TaxWorkerPage.answer(call, page)
            var headers = HTTPFields()
            headers[.contentType] = reply.contentType
            return Response(
                status: .init(code: reply.status), headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
        }
        var application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(address: address, serverName: "tax-worker"),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) },
            logger: logger)
        application.addServices(worker)
        try await application.run()
    }

    static func answer(_ call: InboundCall, _ page: MetricsPage) async -> Reply {
        if let metrics = await page.answer(call) { return metrics }
        guard call.method == "GET", call.segments == ["healthz"] else {
            return Reply(Problem(.notFound, "a tax worker serves /metrics and /healthz"))
        }
        // A question that costs nothing, and needs the books.
        do { try await page.books.look { _ = try $0.rows("SELECT 1") } } catch {
            return Reply(Problem(.serviceUnavailable, "the books can't be reached just now"))
        }
        return Reply(status: 200, contentType: Reply.jsonType, body: Array(#"{"status":"ok"}"#.utf8))
    }
}
