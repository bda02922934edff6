import InterestContract
import LegacyCore
import Logging
import Outbound
import PayoutService
import TestKit

/// Both services in this process, on free ports.
struct RunningPair: Sendable {
    let legacy: String
    let payout: String
    let client: OutboundClient

    struct Options {
        var products: ProductCatalogue = standardProducts
        var accounts: [FixtureAccount]
        /// Databases in this folder; in memory when nil.
        var folder: TemporaryDirectory?
        var embeddedTaxWorker = true
        var faults: [String] = []
    }

    static let standardProducts: ProductCatalogue = {
        do { return try ProductCatalogue(yaml: ProjectFile.text("fixtures/products.yaml")) } catch {
            preconditionFailure("fixtures/products.yaml: \(error)")
        }
    }()

    static func quietLogger() -> Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }

    /// Starts both, runs the body, stops both.
    static func run<Value: Sendable>(
        _ options: Options, _ body: @escaping @Sendable (RunningPair) async throws -> Value
    ) async throws -> Value {
        var legacyConfiguration = LegacyCoreConfiguration(
            store: options.folder.map { .sqlite(path: $0.file("legacy.db")) } ?? .memory, products: options.products,
            accounts: options.accounts)
        legacyConfiguration.allowFixtures = true
        var payoutConfiguration = PayoutServiceConfiguration(
            store: options.folder.map { .sqlite(path: $0.file("payout.db")) } ?? .memory, products: options.products,
            accounts: options.accounts)
        payoutConfiguration.allowFixtures = true
        payoutConfiguration.faults = options.faults
        payoutConfiguration.embeddedTaxWorker = options.embeddedTaxWorker
        let legacy = try await LegacyCore(legacyConfiguration, logger: quietLogger())
        let payout = try await PayoutService(payoutConfiguration, logger: quietLogger())
        let (ports, told) = AsyncStream.makeStream(of: (isLegacy: Bool, port: Int).self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            // A service that ends before it is ready must not leave the test waiting.
            group.addTask {
                defer { told.finish() }
                try await legacy.run { told.yield((true, $0)) }
            }
            group.addTask {
                defer { told.finish() }
                try await payout.run { told.yield((false, $0)) }
            }
            var legacyPort: Int?
            var payoutPort: Int?
            for await ready in ports {
                if ready.isLegacy { legacyPort = ready.port } else { payoutPort = ready.port }
                if legacyPort != nil, payoutPort != nil { break }
            }
            let client = OutboundClient(connectionsMax: 8, connectionsPerHostMax: 4)
            defer { client.close() }
            let pair = RunningPair(
                legacy: "http://127.0.0.1:\(legacyPort ?? 0)", payout: "http://127.0.0.1:\(payoutPort ?? 0)", client: client)
            let result: Result<Value, any Error>
            do { result = .success(try await body(pair)) } catch { result = .failure(error) }
            group.cancelAll()
            while let ended = await group.nextResult() {
                if case .failure(let error) = ended, !(error is CancellationError) { throw error }
            }
            return try result.get()
        }
    }

    func call(_ side: String, _ call: WireCall) async throws -> OutboundAnswer {
        try await client.send(
            OutboundRequest(
                method: call.method, url: side + call.path, headers: call.headers, body: Array(call.body.utf8), timeoutMs: 60_000)
        )
    }

    /// The answer of both to the same call.
    func both(_ call: WireCall) async throws -> (legacy: OutboundAnswer, payout: OutboundAnswer) {
        async let legacy = self.call(self.legacy, call)
        async let payout = self.call(self.payout, call)
        return try await (legacy, payout)
    }
}

/// A call as a test writes it.
struct WireCall: Sendable, CustomStringConvertible {
    var method = "POST"
    var path: String
    var at: String?
    var key: String?
    var mode: String?
    var body = ""

    var headers: [(String, String)] {
        var headers = [("Accept", "application/json")]
        if let at { headers.append(("X-Request-Time", at)) }
        if let key { headers.append(("Idempotency-Key", key)) }
        if let mode { headers.append(("X-Shadow-Mode", mode)) }
        if method == "POST" { headers.append(("Content-Type", "application/json")) }
        return headers
    }

    var description: String {
        "\(method) \(path)" + (at.map { " at \($0)" } ?? "") + (key.map { " key \($0)" } ?? "")
            + (mode.map { " mode \($0)" } ?? "")
            + (body.isEmpty ? "" : " " + body.prefix(600))
    }
}
