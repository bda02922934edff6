import Foundation
import GRDB
import InterestContract
import Logging
import Outbound
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
    }

    struct Answer: Sendable {
        var status: Int
        var contentType: String?
        var body: [UInt8]

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
        guard let now = WireInstant(options.now) else { throw Failure(text: "no instant: \(options.now)") }
        let seconds = CalendarPolicy.unixSeconds(now)
        var books = try SQLiteBooks.open(options.store, foreignKeys: options.omitting.isEmpty)
        books.omitting = options.omitting
        let service = try PayoutService(
            configuration, books: books, clock: WallClock { Int64(seconds) * 1_000 },
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
        return Answer(status: answer.status, contentType: answer.header("Content-Type"), body: answer.body)
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
        try await service.books.database.read { try BooksAudit.complaints($0) }
    }

    func expectCleanBooks(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let complaints = try await complaints()
        #expect(complaints == [], sourceLocation: sourceLocation)
    }

    /// Books all tax events that are due.
    @discardableResult func bookTaxes() async throws -> TaxEventProcessor.Progress {
        try await TaxEventProcessor(
            outbox: SQLiteEventOutbox(database: service.books.database), ledger: SQLiteTaxLedger(books: service.books), now: { 1 }
        ).drain()
    }

    /// Waits for a tax worker on these books until no event is pending.
    static func waitForTaxes(in database: any DatabaseWriter) async throws {
        let pending = ValueObservation.tracking {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM tax_outbox WHERE state = 'PENDING'") ?? 0
        }
        for try await count in pending.values(in: database) where count == 0 { return }
    }
}

struct Failure: Error { var text: String }
