import Alerting
import Comparison
import GRDB
import Testing
import Verdicts

@Suite("Incidents from evidence")
struct IncidentDeskTests {
    let channels = [AlertChannel(name: "a", url: "http://127.0.0.1:1/"), AlertChannel(name: "b", url: "http://127.0.0.1:1/")]

    @Test("the first sight writes one notice for each channel; repeats are folded into the count")
    func firstSightOnce() async throws {
        let fixture = try AlertingFixture(channels: channels)
        try fixture.observe([AlertingFixture.evidence("e1"), AlertingFixture.evidence("e2", primary: "5", shadow: "7")])
        try fixture.observe([AlertingFixture.evidence("e3", at: 1_770_000_009_000_000)])
        let incidents = try await fixture.book.incidents()
        #expect(incidents.count == 1)
        #expect(incidents.first?.count == 3)
        #expect(incidents.first?.sampleEvidence == "e1")
        #expect(incidents.first?.lastSeen == 1_770_000_009_000_000)
        #expect(try await fixture.book.notices().map(\.channel).sorted() == ["a", "b"])
    }

    @Test("another path, operation or verdict is another incident")
    func groups() async throws {
        let fixture = try AlertingFixture(channels: channels)
        try fixture.observe([
            AlertingFixture.evidence("e1"), AlertingFixture.evidence("e2", path: "$.incomeTax"),
            AlertingFixture.evidence("e3", operation: "preview"), AlertingFixture.evidence("e4", verdict: .shadowError),
            AlertingFixture.evidence("e5", verdict: .shadowTimeout), AlertingFixture.evidence("e6", verdict: .shadowTimeout),
        ])
        #expect(try await fixture.book.incidents().count == 5)
        #expect(try await fixture.book.statistics().waiting == 10)
    }

    @Test("a mismatch that follows from another is counted with it, and raises nothing of its own")
    func cascade() async throws {
        let fixture = try AlertingFixture(channels: channels)
        try fixture.observe([AlertingFixture.evidence("e1")])
        try fixture.observe([AlertingFixture.evidence("e2", path: "$.balanceAfter", cascadeOf: "e1")])
        let incidents = try await fixture.book.incidents()
        #expect(incidents.count == 1)
        #expect(incidents.first?.count == 1)
        #expect(incidents.first?.cascades == 1)
        // Its root is unknown here (another run's): it speaks for itself.
        try fixture.observe([AlertingFixture.evidence("e3", path: "$.balanceAfter", cascadeOf: "gone")])
        #expect(try await fixture.book.incidents().count == 2)
    }

    @Test("roots are forgotten after a week, not before")
    func rootsForgotten() async throws {
        let fixture = try AlertingFixture(channels: [])
        let start: Int64 = 1_770_000_000_000_000
        let week: Int64 = 7 * 86_400_000_000
        let root = EvidenceID.next(nowMicroseconds: start)
        try fixture.observe([AlertingFixture.evidence(root, at: start)])
        func roots() async throws -> Int? {
            try await fixture.database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM incident_root") }
        }
        try fixture.observe([AlertingFixture.evidence("f1", verdict: .shadowError, at: start + week)])
        #expect(try await roots() == 1)
        try fixture.observe([AlertingFixture.evidence("f2", verdict: .shadowError, at: start + week + 1_001_000)])
        #expect(try await roots() == 0)
    }

    @Test("noise is counted and raises nothing, until a real mismatch of its kind comes")
    func noise() async throws {
        let fixture = try AlertingFixture(channels: channels)
        var noisy = AlertingFixture.evidence("e1", persistence: .noise)
        noisy.verdict = .notComparable
        try fixture.observe([noisy])
        #expect(try await fixture.book.notices().isEmpty)
        #expect(try await fixture.book.incidents().first?.isRaised == false)
        try fixture.observe([AlertingFixture.evidence("e2")])
        let incident = try await fixture.book.incidents().first
        #expect(incident?.isRaised == true)
        #expect(incident?.noise == 1)
        #expect(incident?.count == 1)
        #expect(incident?.sampleEvidence == "e2")
        #expect(try await fixture.book.notices().count == 2)
    }

    @Test("verdicts that prove nothing against the candidate open nothing")
    func silentVerdicts() async throws {
        let fixture = try AlertingFixture(channels: channels)
        for verdict in [
            Verdict.match, .tolerated, .primaryError, .shed, .oversize, .notComparable, .never, .unsampled, .interrupted,
        ] {
            try fixture.observe([AlertingFixture.evidence("e-\(verdict.name)", verdict: verdict)])
        }
        #expect(try await fixture.book.incidents().isEmpty)
    }

    @Test("when the transaction fails, neither incident nor notice stays")
    func atomic() async throws {
        struct Broken: Error {}
        let fixture = try AlertingFixture(channels: channels)
        #expect(throws: Broken.self) {
            try fixture.database.write { db in
                try fixture.desk.observe([AlertingFixture.evidence("e1")], in: db)
                throw Broken()
            }
        }
        #expect(try await fixture.book.incidents().isEmpty)
        #expect(try await fixture.book.notices().isEmpty)
    }
}
