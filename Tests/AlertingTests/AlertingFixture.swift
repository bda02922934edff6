import Alerting
import Comparison
import GRDB
import Verdicts

/// A desk and a book over a database of their own, and evidence to show them.
struct AlertingFixture {
    let database: DatabaseQueue
    let settings: AlertSettings
    let desk: IncidentDesk
    var book: AlertBook { AlertBook(database: database) }

    init(channels: [AlertChannel], path: String? = nil) throws {
        database = try path.map { try DatabaseQueue(path: $0) } ?? DatabaseQueue()
        if try database.read({ try !$0.tableExists("notice") }) {
            try database.write { db in for step in AlertSchema.schema.steps { try step(db) } }
        }
        settings = AlertSettings(channels: channels, legacyURL: "http://127.0.0.1:7100", candidateURL: "http://127.0.0.1:7200")
        desk = IncidentDesk(settings: settings, wakeCourier: {})
    }

    func observe(_ batch: [Evidence]) throws { try database.write { try desk.observe(batch, in: $0) } }

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
