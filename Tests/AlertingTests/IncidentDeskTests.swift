import Alerting
import Comparison
import Foundation
import Testing
import Verdicts

@Suite("Incidents from evidence")
struct IncidentDeskTests {
    let channels = [AlertChannel(name: "a", url: "http://127.0.0.1:1/"), AlertChannel(name: "b", url: "http://127.0.0.1:1/")]

    @Test("the first sight writes one notice for each channel; repeats are folded into the count", arguments: Engine.allCases)
    func firstSightOnce(engine: Engine) async throws {
        let fixture = try await AlertingFixture(engine, channels: channels)
        try await fixture.observe([AlertingFixture.evidence("e1"), AlertingFixture.evidence("e2", primary: "5", shadow: "7")])
        try await fixture.observe([AlertingFixture.evidence("e3", at: 1_770_000_009_000_000)])
        let incidents = try await fixture.book.incidents()
        #expect(incidents.count == 1)
        #expect(incidents.first?.count == 3)
        #expect(incidents.first?.sampleEvidence == "e1")
        #expect(incidents.first?.lastSeen == 1_770_000_009_000_000)
        #expect(try await fixture.book.notices().map(\.channel).sorted() == ["a", "b"])
    }

    @Test("another path, operation or verdict is another incident", arguments: Engine.allCases)
    func groups(engine: Engine) async throws {
        let fixture = try await AlertingFixture(engine, channels: channels)
        try await fixture.observe([
            AlertingFixture.evidence("e1"), AlertingFixture.evidence("e2", path: "$.incomeTax"),
            AlertingFixture.evidence("e3", operation: "preview"), AlertingFixture.evidence("e4", verdict: .shadowError),
            AlertingFixture.evidence("e5", verdict: .shadowTimeout), AlertingFixture.evidence("e6", verdict: .shadowTimeout),
        ])
        #expect(try await fixture.book.incidents().count == 5)
        // One notice for each operation and channel, all of the operation's incidents in it.
        #expect(try await fixture.book.statistics().waiting == 4)
        let bodies = try await fixture.book.notices().filter { $0.channel == "a" }.map(\.body)
        #expect(bodies.map { $0.components(separatedBy: #""step":"opened""#).count - 1 }.sorted() == [1, 4])
    }

    @Test("a mismatch that follows from another is counted with it, and raises nothing of its own", arguments: Engine.allCases)
    func cascade(engine: Engine) async throws {
        let fixture = try await AlertingFixture(engine, channels: channels)
        try await fixture.observe([AlertingFixture.evidence("e1")])
        try await fixture.observe([AlertingFixture.evidence("e2", path: "$.balanceAfter", cascadeOf: "e1")])
        let incidents = try await fixture.book.incidents()
        #expect(incidents.count == 1)
        #expect(incidents.first?.count == 1)
        #expect(incidents.first?.cascades == 1)
        // Its root is unknown here (another run's): it speaks for itself.
        try await fixture.observe([AlertingFixture.evidence("e3", path: "$.balanceAfter", cascadeOf: "gone")])
        #expect(try await fixture.book.incidents().count == 2)
        #expect(try await fixture.book.notices().count == 4)
    }

    @Test(
        "what follows from a resolved root speaks for itself, unless it is older than that one's disagreement",
        arguments: Engine.allCases)
    func cascadeOfResolved(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.resolveAfter = 1 }
        let began = life.time.microseconds
        try await life.meet("e1", severity: .critical)
        try await life.tick(clean: 0)
        try await life.tick(clean: 1)
        #expect(try await life.states() == ["resolved"])
        try await life.alerting.observe([
            AlertingFixture.evidence("e2", path: "$.balanceAfter", cascadeOf: "e1", at: began - 1)
        ])
        #expect(try await life.states() == ["resolved"])
        #expect(try await life.alerting.book.incidents().first?.cascades == 1)
        try await life.alerting.observe([
            AlertingFixture.evidence("e3", path: "$.balanceAfter", cascadeOf: "e1", at: life.time.microseconds)
        ])
        #expect(try await life.states() == ["open", "resolved"])
        #expect(try await life.told().last?.hasPrefix("ops incident.opened payout:1") == true)
    }

    @Test(
        "what comes after an outage is under the silences of now, and leaves the bounds where they are",
        arguments: Engine.allCases)
    func lateEvidence(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.noticesMax = 1 }
        let hourAgo = life.time.microseconds - 3_600_000_000
        _ = try await life.alerting.book.silence(
            operation: "payout", fingerprint: nil, author: "kim", reason: "known", seconds: 60,
            nowMicroseconds: life.time.microseconds)
        try await life.alerting.observe([AlertingFixture.evidence("e1", at: hourAgo)])
        #expect(try await life.told() == [])
        try await life.alerting.observe([AlertingFixture.evidence("e2", operation: "preview", at: hourAgo)])
        let notice = try #require(try await life.alerting.book.notices().first)
        #expect(notice.createdAt == life.time.microseconds)
        // A window that began an hour ago would be over.
        for operation in ["closure", "transfer"] {
            try await life.alerting.observe([AlertingFixture.evidence(operation, operation: operation, at: hourAgo)])
        }
        try await life.tick()
        #expect(try await life.told() == ["ops incident.opened preview:1", "ops incident.opened closure:1"])
    }

    @Test("roots are forgotten after a week, not before", arguments: Engine.allCases)
    func rootsForgotten(engine: Engine) async throws {
        let fixture = try await AlertingFixture(engine, channels: [])
        let start: Int64 = 1_770_000_000_000_000
        let week: Int64 = 7 * 86_400_000_000
        let root = EvidenceID.next(nowMicroseconds: start)
        try await fixture.observe([AlertingFixture.evidence(root, at: start)])
        func roots() async throws -> Int? {
            try await fixture.store.read {
                try $0.rows("SELECT count(*) FROM incident_root").first.map { Int(try $0.integer(0)) }
            }
        }
        try await fixture.observe([AlertingFixture.evidence("f1", verdict: .shadowError, at: start + week)])
        #expect(try await roots() == 1)
        try await fixture.observe([AlertingFixture.evidence("f2", verdict: .shadowError, at: start + week + 1_001_000)])
        #expect(try await roots() == 0)
    }

    @Test("noise is counted and raises nothing, until a real mismatch of its kind comes", arguments: Engine.allCases)
    func noise(engine: Engine) async throws {
        let fixture = try await AlertingFixture(engine, channels: channels)
        var noisy = AlertingFixture.evidence("e1", persistence: .noise)
        noisy.verdict = .notComparable
        try await fixture.observe([noisy])
        #expect(try await fixture.book.notices().isEmpty)
        #expect(try await fixture.book.incidents().first?.isRaised == false)
        try await fixture.observe([AlertingFixture.evidence("e2")])
        let incident = try await fixture.book.incidents().first
        #expect(incident?.isRaised == true)
        #expect(incident?.noise == 1)
        #expect(incident?.count == 1)
        #expect(incident?.sampleEvidence == "e2")
        #expect(try await fixture.book.notices().count == 2)
    }

    @Test("verdicts that prove nothing against the candidate open nothing", arguments: Engine.allCases)
    func silentVerdicts(engine: Engine) async throws {
        let fixture = try await AlertingFixture(engine, channels: channels)
        for verdict in [
            Verdict.match, .tolerated, .primaryError, .shed, .oversize, .notComparable, .never, .unsampled, .interrupted,
        ] {
            try await fixture.observe([AlertingFixture.evidence("e-\(verdict.name)", verdict: verdict)])
        }
        #expect(try await fixture.book.incidents().isEmpty)
    }

    @Test("when the transaction fails, neither incident nor notice stays", arguments: Engine.allCases)
    func atomic(engine: Engine) async throws {
        struct Broken: Error {}
        let fixture = try await AlertingFixture(engine, channels: channels)
        let desk = fixture.desk
        await #expect(throws: Broken.self) {
            try await fixture.store.write { connection in
                try desk.observe([AlertingFixture.evidence("e1")], on: connection)
                throw Broken()
            }
        }
        #expect(try await fixture.book.incidents().isEmpty)
        #expect(try await fixture.book.notices().isEmpty)
    }

    @Test(
        "what was alerted elsewhere opens its incident in silence; the next of another kind does not", arguments: Engine.allCases)
    func alertedElsewhere(engine: Engine) async throws {
        let fixture = try await AlertingFixture(engine, channels: channels)
        try await fixture.observe([AlertingFixture.evidence("e1"), AlertingFixture.evidence("e2")], alerted: ["e1"])
        #expect(try await fixture.book.incidents().first?.isRaised == true)
        #expect(try await fixture.book.incidents().first?.count == 2)
        #expect(try await fixture.book.notices().isEmpty)
        try await fixture.observe([AlertingFixture.evidence("e3", operation: "preview")], alerted: ["e1"])
        #expect(try await fixture.book.notices().count == 2)
    }

    @Test("a warning is told once, whatever its count, and has no evidence to show", arguments: Engine.allCases)
    func warnings(engine: Engine) async throws {
        let fixture = try await AlertingFixture(engine, channels: channels)
        let warning = IncidentWarning(kind: "key-at-two-proxies", operation: "ordered operations", cause: "balance by key")
        let desk = fixture.desk
        for count in [1, 4] {
            try await fixture.store.write {
                try desk.warn(warning, occurrences: count, at: 1_770_000_000_000_000 + Int64(count), on: $0)
            }
        }
        let incident = try #require(try await fixture.book.incidents().first)
        #expect(incident.kind == "key-at-two-proxies" && incident.count == 5 && incident.severity == .minor)
        #expect(try await fixture.book.notices().isEmpty)
        let keeper = IncidentKeeper(
            store: fixture.store, desk: desk, reading: { nil }, nowMicroseconds: { 1_770_000_030_000_001 })
        try await keeper.tick()
        try await keeper.tick()
        let notices = try await fixture.book.notices()
        #expect(notices.count == 2)
        let body = try #require(notices.first?.body)
        #expect(body.contains("ordered operations: balance by key") && !body.contains("countersign replay"))
    }

    @Test("of many that see the same at once, one opens the incident", arguments: Engine.allCases)
    func atOnce(engine: Engine) async throws {
        let fixture = try await AlertingFixture(engine, channels: channels)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<24 {
                group.addTask { try await fixture.observe([AlertingFixture.evidence("e\(number)")]) }
            }
            try await group.waitForAll()
        }
        #expect(try await fixture.book.incidents().map(\.count) == [24])
        #expect(try await fixture.book.notices().count == 2)
    }
}
