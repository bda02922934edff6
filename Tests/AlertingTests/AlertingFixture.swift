import Alerting
import Comparison
import Foundation
import GRDB
import Outbound
import TestKit
import Verdicts

#if PostgreSQL
    import PostgreSQLClient
    import SharedState
#endif

/// The stores that keep incidents and notices: the same rules hold on each.
enum Engine: String, Sendable, CaseIterable {
    case sqlite
    #if PostgreSQL
        case postgres
    #endif

    /// Where a store is to be opened more than once.
    func place(in folder: TemporaryDirectory) async throws -> String {
        switch self {
        case .sqlite: folder.file("state.sqlite")
        #if PostgreSQL
            case .postgres: try await PostgresServer.shared().address()
        #endif
        }
    }

    /// - Parameter place: nil takes one that nobody else has.
    func store(at place: String?) async throws -> any SQLStore {
        switch self {
        case .sqlite: return try sqlite(at: place)
        #if PostgreSQL
            case .postgres:
                let free = try await PostgresServer.shared().address()
                let address = place ?? free
                _ = try await SharedStateDatabase.migrate(address: address)
                return try SharedStateDatabase(address: address).store
        #endif
        }
    }
}

extension Engine {
    private func sqlite(at place: String?) throws -> SQLiteStore {
        let queue = try place.map { try DatabaseQueue(path: $0) } ?? DatabaseQueue()
        if try queue.read({ try !$0.tableExists("notice") }) {
            try queue.write { db in for step in AlertSchema.schema.steps { try step(db) } }
        }
        return SQLiteStore(queue)
    }
}

/// A desk and a book over a store of their own, and evidence to show them.
struct AlertingFixture {
    let store: any SQLStore
    let settings: AlertSettings
    let desk: IncidentDesk
    var book: AlertBook { AlertBook(store: store) }

    static let loopback = [AddressNetwork("127.0.0.0/8")].compactMap { $0 }

    init(
        _ engine: Engine, channels: [AlertChannel], at place: String? = nil, time: TestTime = TestTime(),
        change: (inout AlertSettings) -> Void = { _ in }
    ) async throws {
        store = try await engine.store(at: place)
        var settings = AlertSettings(
            channels: channels, legacyURL: "http://127.0.0.1:7100", candidateURL: "http://127.0.0.1:7200")
        change(&settings)
        self.settings = settings
        desk = IncidentDesk(settings: settings, wakeCourier: {}, nowMicroseconds: { time.microseconds })
    }

    func observe(_ batch: [Evidence], alerted: Set<String> = []) async throws {
        let desk = desk
        try await store.write { try desk.observe(batch, on: $0, alerted: alerted) }
    }

    static func evidence(
        _ id: String, operation: String = "payout", verdict: Verdict = .mismatch, path: String = "$.netInterest",
        primary: String? = "99",
        shadow: String? = "100", cascadeOf: String? = nil, persistence: Persistence = .persistent, severity: Severity = .critical,
        headers: [[String]] = [["Idempotency-Key", "k-1"], ["Authorization", "Bearer secret-token"]],
        body: String = #"{"channel":"MOBILE"}"#,
        at: Int64 = 1_770_000_000_000_000
    ) -> Evidence {
        Evidence(
            id: id, recordedAtMicroseconds: at, operation: operation, keys: ["1000-0000-0001"], verdict: verdict,
            persistence: persistence,
            cascadeOf: cascadeOf,
            request: RecordedRequest(
                method: "POST", target: "/v1/accounts/1000-0000-0001/interest-payouts", headers: headers, body: Array(body.utf8),
                instant: "2026-03-02T00:00:00Z"),
            primary: RecordedAnswer(side: .legacy, status: 201, headers: [], body: [], latencyMicroseconds: 100),
            shadow: verdict == .mismatch
                ? RecordedAnswer(side: .candidate, status: 201, headers: [], body: [], latencyMicroseconds: 100) : nil,
            differences: verdict == .mismatch
                ? [Difference(path: path, genericPath: path, kind: .value, primary: primary, shadow: shadow, severity: severity)]
                : [])
    }
}
