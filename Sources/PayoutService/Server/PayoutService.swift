import HTTPTypes
import Hummingbird
import HummingbirdCore
import InterestContract
public import Logging
import NIOCore
public import ServiceLifecycle

#if Kafka
    import KafkaClient
#endif

/// The interest payout service: the contract's calls over HTTP, on books of its own.
///
/// A payment commits 50 statements and one tax event; the ``TaxWorker`` books the taxes later. Previews come from a cache
/// that every change of an account empties.
public struct PayoutService: Service {
    let configuration: PayoutServiceConfiguration
    let books: any BookStore
    let calls: InterestCalls
    let wakes: TaxWorkerWakes
    let redis: RedisUse
    let logger: Logger

    /// Opens the books and loads the products and accounts if they are empty.
    ///
    /// - Throws: ``FaultRefusal`` for a fault that can't be had, `Problem` for a fixture that breaks the rules, or the database's error;
    ///   for PostgreSQL that is also a schema of another version.
    public init(_ configuration: PayoutServiceConfiguration, logger: Logger) async throws {
        let books = try await configuration.store.open()
        try await self.init(configuration, books: books, clock: .system, logger: logger)
    }

    init(_ configuration: PayoutServiceConfiguration, books: any BookStore, clock: WallClock, logger: Logger) async throws {
        self.configuration = configuration
        self.books = books
        self.logger = logger
        if let address = configuration.taxEvents, let refusal = TaxTopic.refusal(ofAddress: address) {
            throw TaxTopic.Refusal(description: refusal)
        }
        let policies = try Faults.apply(configuration.faults, above: configuration.faultsAbove)
        let redis = try RedisUse(configuration, books: books, logger: logger)
        self.redis = redis
        let wakes = TaxWorkerWakes()
        self.wakes = wakes
        calls = InterestCalls(
            policies: policies,
            books: PayoutService.crashing(try await policies.delivery.compose(books), configuration.crash),
            cache: policies.cache.compose(redis.cache ?? PayoutService.ownCache(configuration, books)),
            clock: clock, references: ReferenceSource(unixSeconds: clock.unixSeconds),
            allowsFixtures: configuration.allowFixtures, publish: { wakes.wake() }, accountLock: redis.lock)
        if try await books.seed(products: configuration.products, accounts: configuration.accounts) {
            logger.info("the store was empty: fixtures loaded", metadata: ["accounts": "\(configuration.accounts.count)"])
        } else {
            logger.info("the store has data: kept, and no fixtures loaded")
        }
        if !configuration.faults.isEmpty {
            logger.warning(
                "started with deliberate faults", metadata: ["faults": "\(configuration.faults.joined(separator: ", "))"])
        }
    }

    private static func crashing(_ books: any Books, _ plan: CrashPlan?) -> any Books {
        plan.map { CrashingBooks(books: books, plan: $0) } ?? books
    }

    private static func ownCache(_ configuration: PayoutServiceConfiguration, _ books: any BookStore) -> any PreviewCache {
        guard configuration.store.hasOtherWriters else { return MemoryPreviewCache(capacity: configuration.cachedPreviews) }
        let tokens = TokenLookup(books: books)
        return CheckedPreviewCache(capacity: configuration.cachedPreviews) { try await tokens.token($0) }
    }

    /// Serves until cancelled or gracefully shut down.
    public func run() async throws { try await run(onReady: { _ in }) }

    /// - Parameter onReady: called once with the port, when connections are accepted.
    public func run(onReady: @escaping @Sendable (Int) async -> Void) async throws {
        let calls = calls
        let pages = BooksPages(books: books)
        let carrier = try taxCarrier()
        let metrics = MetricsPage(books: books, cache: calls.cache, carrier: carrier as? any MetricSource)
        let logger = logger
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            await PayoutService.respond(to: request, calls: calls, pages: pages, metrics: metrics, logger: logger)
        }
        var application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "payout", backlog: 1_024),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) },
            logger: logger)
        if let carrier { application.addServices(carrier) }
        try await application.run()
        // Everything is committed by now; what can't be closed is closed by the end of the process.
        do { try books.close() } catch {
            logger.warning("the database could not be closed", metadata: ["error": "\(error)"])
        }
    }

    /// Who takes tax events from the outbox: a worker that books them, a relay to the topic, or nobody here.
    private func taxCarrier() throws -> (any Service)? {
        #if Kafka
            if let address = configuration.taxEvents {
                return KafkaTaxRelay(
                    books: books, outbox: books.outbox, producer: try TaxTopicProducer(try KafkaSettings(address)),
                    logger: logger, wakes: wakes, crash: configuration.crash)
            }
        #endif
        guard configuration.embeddedTaxWorker else { return nil }
        return TaxWorker(books: books, logger: logger, wakes: wakes, crash: configuration.crash)
    }

    private static func respond(
        to request: Request, calls: InterestCalls, pages: BooksPages, metrics: MetricsPage, logger: Logger
    ) async -> Response {
        var call = InboundCall(method: request.method.rawValue, target: request.uri.string)
        for field in request.headers {
            switch field.name.canonicalName {
            case "idempotency-key": call.idempotencyKey = joined(call.idempotencyKey, field.value)
            case "x-request-time": call.requestTime = joined(call.requestTime, field.value)
            case "x-shadow-mode": call.shadowMode = joined(call.shadowMode, field.value)
            default: break
            }
        }
        let reply: Reply
        do {
            if call.method != "GET" {
                call.body = Array(buffer: try await request.body.collect(upTo: calls.bodyLimit(of: call)))
            }
            if let page = try await pages.answer(call) {
                reply = page
            } else if let page = await metrics.answer(call) {
                reply = page
            } else {
                reply = try await calls.answer(call)
            }
        } catch let problem as Problem {
            reply = Reply(problem)
        } catch let failure as BooksFailure {
            reply = Reply(failure.problem)
        } catch is NIOTooManyBytesError {
            reply = Reply(Problem(.malformedRequest, "the body is larger than \(calls.bodyLimit(of: call)) bytes"))
        } catch is CancellationError {
            reply = Reply(Problem(.internalError, "the service is stopping; nothing was done"))
        } catch {
            logger.error("a call failed", metadata: ["target": "\(call.target)", "error": "\(error)"])
            reply = Reply(Problem(.internalError, "the service failed; nothing was done"))
        }
        var headers = HTTPFields()
        headers[.contentType] = reply.contentType
        if let seconds = reply.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
        return Response(
            status: .init(code: reply.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
    }

    /// A header that stands twice has no single value; joined, it is refused by form.
    private static func joined(_ first: String?, _ second: String) -> String { first.map { $0 + ", " + second } ?? second }
}
