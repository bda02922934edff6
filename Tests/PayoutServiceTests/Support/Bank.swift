import Foundation
import InterestContract
import Logging
import Outbound
import TestKit
import Testing

@testable import PayoutService

/// A running service on a free port, and calls to it over real HTTP.
struct Bank: Sendable {
    /// Noon of a Korean day unless a test says otherwise.
    static let noon = "2026-03-02T12:00:00+09:00"

    let service: PayoutService
    let port: Int

    struct Options: Sendable {
        var store: PayoutServiceConfiguration.Store = .memory
        var faults: [String] = []
        var allowFixtures = false
        var worker = false
        var now = "2026-03-02T12:00:00+09:00"
        var omitting: Set<String> = []
        /// Off, a test may leave out statements that others refer to.
        var foreignKeys = true
        /// Off, no balance row is locked: to see what the lock is for.
        var locksBalances = true
        var configure: @Sendable (inout PayoutServiceConfiguration) -> Void = { _ in }
    }

    struct Answer: Sendable {
        var status: Int
        var contentType: String?
        var body: [UInt8]
        var retryAfter: String?

        var json: WireJSON? { try? WireJSON(body) }
        var code: String? { json?["code"]?.string }
        var gross: Int64? { self["grossInterest"] }
        var net: Int64? { self["netInterest"] }
        var text: String { String(decoding: body, as: UTF8.self) }
        subscript(_ name: String) -> Int64? { json?[name]?.integer }
    }

    /// Starts a service, hands it to the body, and stops it.
    static func open(
        _ accounts: [FixtureAccount], products: ProductCatalogue = Fixture.products, _ options: Options = Options(),
        _ body: @Sendable (Bank) async throws -> Void
    ) async throws {
        var configuration = PayoutServiceConfiguration(store: options.store, products: products, accounts: accounts)
        configuration.faults = options.faults
        configuration.allowFixtures = options.allowFixtures
        configuration.embeddedTaxWorker = options.worker
        options.configure(&configuration)
        guard let now = WireInstant(options.now) else { throw Failure(text: "no instant: \(options.now)") }
        let seconds = CalendarPolicy.unixSeconds(now)
        let service = try await PayoutService(
            configuration, books: try await books(options), clock: WallClock { Int64(seconds) * 1_000 },
            logger: Bank.silent)
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let running = Task { try await service.run(onReady: { found.yield($0) }) }
        guard let port = await ports.first(where: { _ in true }) else { throw Failure(text: "the service did not start") }
        do { try await body(Bank(service: service, port: port)) } catch {
            running.cancel()
            _ = await running.result
            throw error
        }
        running.cancel()
        _ = await running.result
    }

    private static func books(_ options: Options) async throws -> any BookStore {
        var books: any BookStore
        switch options.store {
        case .memory: books = try SQLiteBooks.open(path: nil, foreignKeys: options.foreignKeys)
        case .sqlite(let path): books = try SQLiteBooks.open(path: path, foreignKeys: options.foreignKeys)
        #if PostgreSQL
            case .postgres(let settings):
                var opened = try await PostgresBooks.open(settings)
                opened.locksBalances = options.locksBalances
                books = opened
        #endif
        }
        books.omitting = options.omitting
        return books
    }

    /// The previews in the service's memory, whoever checks them.
    var previews: MemoryPreviewCache? {
        service.calls.cache as? MemoryPreviewCache ?? (service.calls.cache as? CheckedPreviewCache)?.previews
    }

    func get(_ path: String, at instant: String = Bank.noon, headers: [(String, String)] = []) async throws -> Answer {
        try await send(OutboundRequest(method: "GET", url: url(path), headers: [("X-Request-Time", instant)] + headers))
    }

    /// With a fresh idempotency key unless one is given; an empty one sends none.
    func post(
        _ path: String, _ body: String, key: String = UUID().uuidString, at instant: String = Bank.noon, mode: String? = nil
    ) async throws -> Answer {
        var headers = [("X-Request-Time", instant), ("Content-Type", "application/json")]
        if !key.isEmpty { headers.append(("Idempotency-Key", key)) }
        if let mode { headers.append(("X-Shadow-Mode", mode)) }
        return try await send(OutboundRequest(method: "POST", url: url(path), headers: headers, body: Array(body.utf8)))
    }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    func send(_ request: OutboundRequest) async throws -> Answer {
        let answer = try await Bank.client.send(request)
        return Answer(
            status: answer.status, contentType: answer.header("Content-Type"), body: answer.body,
            retryAfter: answer.header("Retry-After"))
    }

    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let client = OutboundClient()

    // MARK: The usual calls

    func preview(_ id: String = Fixture.id, at instant: String = Bank.noon) async throws -> Answer {
        try await get("/v1/accounts/\(id)/interest", at: instant)
    }

    func pay(
        _ id: String = Fixture.id, key: String = UUID().uuidString, at instant: String = Bank.noon, mode: String? = nil
    ) async throws -> Answer {
        try await post("/v1/accounts/\(id)/interest-payouts", #"{"channel":"MOBILE"}"#, key: key, at: instant, mode: mode)
    }

    func transact(
        _ type: TransactionType, _ amount: Int64, _ id: String = Fixture.id, valueDate: String? = nil,
        key: String = UUID().uuidString,
        at instant: String = Bank.noon, mode: String? = nil
    ) async throws -> Answer {
        let date = valueDate.map { #","valueDate":"\#($0)""# } ?? ""
        return try await post(
            "/v1/accounts/\(id)/transactions", #"{"type":"\#(type.rawValue)","amount":\#(amount),"channel":"ATM"\#(date)}"#,
            key: key,
            at: instant, mode: mode)
    }

    func close(_ id: String = Fixture.id, at instant: String = Bank.noon, mode: String? = nil) async throws -> Answer {
        try await post("/v1/accounts/\(id)/closure", #"{"channel":"TELLER"}"#, at: instant, mode: mode)
    }

    func transfer(_ from: String, _ to: String, _ amount: Int64, at instant: String = Bank.noon) async throws -> Answer {
        try await post("/v1/transfers", #"{"from":"\#(from)","to":"\#(to)","amount":\#(amount),"channel":"MOBILE"}"#, at: instant)
    }

    func status(_ body: String, _ id: String = Fixture.id) async throws -> Answer {
        try await post("/v1/accounts/\(id)/status", body)
    }

    func account(_ id: String = Fixture.id) async throws -> Answer { try await get("/v1/accounts/\(id)") }

    /// What the audit finds wrong; nothing, by the rules.
    func complaints() async throws -> [String] {
        try await service.books.look { try BooksAudit.complaints($0) }
    }

    func expectCleanBooks(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let complaints = try await complaints()
        #expect(complaints == [], sourceLocation: sourceLocation)
    }

    /// Books all tax events that are due.
    @discardableResult func bookTaxes() async throws -> TaxEventProcessor.Progress {
        try await TaxEventProcessor(outbox: service.books.outbox, ledger: service.books.ledger, now: { 1 }).drain()
    }

    /// Waits for a tax worker on these books until no event is pending.
    func waitForTaxes() async throws {
        try await eventually("no tax event pending", within: 30) {
            try await integer("SELECT count(*) FROM tax_outbox WHERE state = 'PENDING'") == 0
        }
    }

    // MARK: The books themselves

    func text(_ query: String) async throws -> String? {
        try await service.books.look { try $0.rows(query).first?.textIfAny(0) }
    }

    func integer(_ query: String) async throws -> Int64? {
        try await service.books.look { try $0.rows(query).first?.integerIfAny(0) }
    }
}

struct Failure: Error { var text: String }
