import Alerting
import Comparison
import Foundation
import Synchronization
import Testing
import Verdicts

/// Incidents kept by a keeper, with a clock and counts that are the test's.
struct LifeFixture {
    /// What a proxy has counted.
    final class Counts: Sendable {
        private let state: Mutex<VerifierReading>
        init(_ source: String) { state = Mutex(VerifierReading(source: source, operations: [])) }

        var reading: VerifierReading { state.withLock { $0 } }

        func doubt(_ keys: Int) { state.withLock { $0.keysUnverified = keys } }

        func set(_ clean: Int, of operation: String = "payout", lost: Int = 0, diverged: Int = 0) {
            state.withLock { reading in
                reading.operations.removeAll { $0.operation == operation }
                reading.operations.append(
                    OperationCounts(
                        operation: operation, received: clean,
                        verdicts: [.match: clean / 2, .tolerated: clean - clean / 2]))
                reading.evidenceLost = lost
                reading.keysDiverged = diverged
            }
        }
    }

    let alerting: AlertingFixture
    let time = TestTime()
    let counts: Counts
    let keeper: IncidentKeeper

    static let channels = [AlertChannel(name: "ops", url: "http://127.0.0.1:1/")]

    init(
        _ engine: Engine, channels: [AlertChannel] = LifeFixture.channels, source: String = "epoch-1",
        change: (inout AlertSettings) -> Void = { _ in }
    ) async throws {
        alerting = try await AlertingFixture(engine, channels: channels, time: time, change: change)
        let counts = Counts(source)
        self.counts = counts
        let time = time
        keeper = IncidentKeeper(
            store: alerting.store, desk: alerting.desk, reading: { counts.reading }, nowMicroseconds: { time.microseconds })
    }

    /// Another proxy over the same store.
    func another(_ counts: Counts) -> IncidentKeeper {
        let time = time
        return IncidentKeeper(
            store: alerting.store, desk: alerting.desk, reading: { counts.reading }, nowMicroseconds: { time.microseconds })
    }

    func meet(_ id: String, operation: String = "payout", path: String = "$.net", severity: Severity = .major) async throws {
        try await alerting.observe([
            AlertingFixture.evidence(id, operation: operation, path: path, severity: severity, at: time.microseconds)
        ])
    }

    /// Lets time pass, then has the keeper look.
    func tick(after seconds: Int64 = 1, clean: Int? = nil) async throws {
        time.advance(seconds: seconds)
        if let clean { counts.set(clean) }
        try await keeper.tick()
    }

    /// Notices so far, oldest first, in few words: `ops incident.opened payout:1`, each incident with its number.
    func told(_ channel: String? = nil) async throws -> [String] {
        try await alerting.book.notices().reversed().filter { channel == nil || $0.channel == channel }.map { notice in
            let json = try JSONSerialization.jsonObject(with: Data(notice.body.utf8)) as? [String: Any]
            let data = json?["data"] as? [String: Any]
            let items = (data?["incidents"] as? [[String: Any]] ?? []).map { item in
                "\(item["operation"] ?? "?"):\(item["sequence"] ?? "?")"
            }
            return ([notice.channel, notice.kind] + items).joined(separator: " ")
        }
    }

    func states() async throws -> [String] {
        try await alerting.book.incidents().map(\.life.state.rawValue).sorted()
    }

    func change(_ work: @escaping @Sendable (IncidentDesk, any SQLConnection) throws -> Void) async throws {
        let desk = alerting.desk
        try await alerting.store.write { try work(desk, $0) }
    }
}
