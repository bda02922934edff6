import Alerting
import Comparison
import Foundation
import Testing
import Verdicts

@Suite("Silences and what a rollback mutes")
struct MutingTests {
    @Test("a silence keeps quiet until it ends, counts as ever, and tells then what is still open", arguments: Engine.allCases)
    func silence(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        let book = life.alerting.book
        let silence = try #require(
            try await book.silence(
                operation: "payout", fingerprint: nil, author: "kim", reason: "known", seconds: 60,
                nowMicroseconds: life.time.microseconds))
        #expect(silence.author == "kim" && silence.reason == "known")
        try await life.meet("e1", severity: .critical)
        try await life.meet("e2", operation: "preview", severity: .critical)
        #expect(try await life.told() == ["ops incident.opened preview:1"])
        #expect(try await book.incidents().count == 2)
        try await life.tick(after: 59)
        #expect(try await life.told().count == 1)
        try await life.tick()
        #expect(try await life.told().last == "ops incident.opened payout:1")
    }

    @Test("of one incident alone, and ended early by somebody", arguments: Engine.allCases)
    func endedEarly(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        let book = life.alerting.book
        try await life.meet("e1")
        let incident = try #require(try await book.incident("inc_" + (try await book.incidents().first?.fingerprint ?? "")))
        #expect(try await book.incident(String(incident.fingerprint.prefix(4)))?.id == incident.id)
        #expect(try await book.incident(String(incident.fingerprint.prefix(3))) == nil)
        let silence = try #require(
            try await book.silence(
                operation: nil, fingerprint: incident.fingerprint, author: "kim", reason: "known", seconds: 3_600,
                nowMicroseconds: life.time.microseconds))
        try await life.meet("e2", path: "$.tax")
        try await life.tick(after: 30)
        #expect(try await life.told() == ["ops incident.opened payout:1"])
        #expect(try await book.endSilence(silence.id, by: "lee", nowMicroseconds: life.time.microseconds))
        #expect(try await !book.endSilence(silence.id, by: "lee", nowMicroseconds: life.time.microseconds))
        #expect(try await book.silences().first?.endedBy == "lee")
        try await life.tick(after: 300)
        #expect(try await life.told().count == 2)
    }

    private static func event(
        _ kind: RolloutIncident.Kind, _ time: TestTime, operations: [String] = ["payout"]
    ) -> RolloutIncident {
        RolloutIncident(
            kind: kind, plan: "payouts", summary: "back to legacy: 3 mismatches", operations: operations, affectedKeys: 7,
            at: time.microseconds)
    }

    @Test(
        "a rollback is told at once, whatever is silenced, and mutes its own mismatches until it is resolved",
        arguments: [
            RolloutIncident.Kind.rollback, .kill,
        ], Engine.allCases)
    func rollback(kind: RolloutIncident.Kind, engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.noticesMax = 1 }
        for operation in ["payouts", "rollout payouts"] {
            _ = try await life.alerting.book.silence(
                operation: operation, fingerprint: nil, author: "kim", reason: "all", seconds: 36_000,
                nowMicroseconds: life.time.microseconds)
        }
        let event = Self.event(kind, life.time)
        try await life.change { desk, connection in
            let id = try desk.tell(event, on: connection)
            #expect(id.hasPrefix("inc_"))
        }
        #expect(try await life.told() == ["ops incident.opened payouts:1"])
        let body = try #require(try await life.alerting.book.notices().first?.body)
        #expect(body.contains(#""kind":"\#(kind.rawValue)""#) && body.contains(#""affectedKeys":7"#))
        #expect(body.contains(#""severity":"critical""#))
        try await life.meet("e1", severity: .critical)
        try await life.meet("e2", operation: "preview", severity: .critical)
        try await life.tick(after: 60)
        #expect(try await life.told() == ["ops incident.opened payouts:1", "ops incident.opened preview:1"])
        let now = life.time.microseconds
        try await life.change { desk, connection in
            try desk.resolveRollout(plan: "other", kind, reason: "resumed by kim", at: now, on: connection)
        }
        #expect(try await life.told().count == 2)
        try await life.change { desk, connection in
            try desk.resolveRollout(plan: "payouts", kind, reason: "resumed by kim", at: now, on: connection)
        }
        #expect(try await life.told().last == "ops incident.resolved payouts:2")
        try await life.tick(after: 600)
        #expect(try await life.told().last == "ops incident.opened payout:1")
    }

    /// What the last notice shows of evidence: `e2 $.net 99 100 countersign replay e2`.
    private static func shown(_ life: LifeFixture) async throws -> String {
        let body = try #require(try await life.alerting.book.notices().first?.body)
        let json = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        let items = (json?["data"] as? [String: Any])?["incidents"] as? [[String: Any]]
        let item = try #require(items?.first)
        let evidence = item["evidence"] as? [String: Any]
        let path = (evidence?["differences"] as? [[String: Any]])?.first?["path"]
        let replay = (item["reproduce"] as? [String: Any])?["replay"]
        let shown = [evidence?["id"], path, item["legacy"], item["candidate"], replay]
        return shown.map { $0 as? String ?? "-" }.joined(separator: " ")
    }

    @Test(
        "it shows the mismatch that led to it: at once, or as soon as its evidence is kept",
        arguments: Engine.allCases)
    func exhibit(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        func rollBack() async throws {
            var event = Self.event(.rollback, life.time)
            event.place = "$.net"
            try await life.change { [event] in _ = try $0.tell(event, on: $1) }
        }
        try await life.meet("e0", path: "$.net")
        life.time.advance(seconds: 61)
        try await rollBack()
        #expect(try await life.told() == ["ops incident.opened payouts:1"])
        #expect(try await Self.shown(life) == "- - - - -", "what is older is of something else")
        try await life.meet("e1", path: "$.gross", severity: .critical)
        try await life.meet("e2", operation: "preview", path: "$.net")
        try await life.tick()
        #expect(try await life.told().count == 1)
        try await life.alerting.observe([
            AlertingFixture.evidence("e2b", path: "$.net", at: life.time.microseconds - 62_000_000)
        ])
        #expect(try await life.told().count == 1, "late and old")
        // Of an incident that has long been open, or that follows from one: it is shown for itself.
        try await life.alerting.observe([
            AlertingFixture.evidence("e3", path: "$.net", primary: "7", shadow: "8", cascadeOf: "e1", at: life.time.microseconds)
        ])
        #expect(try await life.told() == ["ops incident.opened payouts:1", "ops incident.updated payouts:2"])
        #expect(try await Self.shown(life) == "e3 $.net 7 8 countersign replay e3")
        try await life.meet("e4", path: "$.net", severity: .critical)
        #expect(try await life.told().count == 2, "once")

        let event = Self.event(.rollback, life.time)
        try await life.change { _ = try $0.tell(event, on: $1) }
        #expect(try await Self.shown(life) == "- - - - -", "that one was another's")
        let now = life.time.microseconds
        try await life.change { try $0.resolveRollout(plan: "payouts", .rollback, reason: "mended", at: now, on: $1) }
        try await life.alerting.observe([
            AlertingFixture.evidence("e5", path: "$.net", severity: .minor, at: life.time.microseconds + 1)
        ])
        #expect(try await life.told().count { $0.contains(" payouts:") } == 4, "what is over shows nothing more")
    }

    @Test("its evidence may have come a moment before", arguments: [(60, true), (61, false)], Engine.allCases)
    func exhibitBefore(_ age: (seconds: Int64, isShown: Bool), engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        try await life.meet("e1", path: "$.lines[3].net")
        life.time.advance(seconds: age.seconds)
        var event = Self.event(.rollback, life.time)
        event.place = "$.lines[].net"
        try await life.change { [event] in _ = try $0.tell(event, on: $1) }
        #expect(try await Self.shown(life) == (age.isShown ? "e1 $.lines[3].net 99 100 countersign replay e1" : "- - - - -"))
    }

    @Test("one that concerns all operations mutes all mismatches, and no failure", arguments: Engine.allCases)
    func allOperations(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        let event = Self.event(.rollback, life.time, operations: [])
        try await life.change { _ = try $0.tell(event, on: $1) }
        try await life.meet("e1", operation: "preview", severity: .critical)
        try await life.alerting.observe([
            AlertingFixture.evidence("e2", verdict: .shadowTimeout, at: life.time.microseconds)
        ])
        try await life.tick(after: 30)
        #expect(try await life.told() == ["ops incident.opened payouts:1", "ops incident.opened payout:1"])
    }

    @Test(
        "promotions and the like are told once and stay open for nobody",
        arguments: [
            RolloutIncident.Kind.promotion, .approval, .warning, .retired,
        ], Engine.allCases)
    func toldOnce(kind: RolloutIncident.Kind, engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        let event = Self.event(kind, life.time)
        try await life.change { _ = try $0.tell(event, on: $1) }
        try await life.meet("e1", severity: .critical)
        try await life.tick(after: 86_400)
        let told = try await life.told()
        #expect(told.prefix(2) == ["ops rollout.\(kind.rawValue) payouts:1", "ops incident.opened payout:1"])
        #expect(!told.dropFirst(2).contains { $0.contains("payouts") })
        #expect(try await life.states() == ["open", "resolved"])
    }

    @Test("of another operation it mutes both, after its end the new one alone", arguments: Engine.allCases)
    func bothTimes(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        func rollBack(_ operations: [String]) async throws {
            let event = Self.event(.rollback, life.time, operations: operations)
            try await life.change { _ = try $0.tell(event, on: $1) }
        }
        func muted(_ operation: String) async throws -> Bool {
            life.time.advance(seconds: 1)
            let before = try await life.told().count
            try await life.meet("\(operation)-\(life.time.microseconds)", operation: operation, severity: .critical)
            return try await life.told().count == before
        }
        try await rollBack(["payout"])
        try await rollBack(["preview"])
        #expect(try await muted("payout"))
        #expect(try await muted("preview"))
        #expect(try await !muted("closure"))
        let now = life.time.microseconds
        try await life.change { try $0.resolveRollout(plan: "payouts", .rollback, reason: "on", at: now, on: $1) }
        try await rollBack(["preview"])
        #expect(try await !muted("payout"))
        try await rollBack([])
        #expect(try await muted("transfer"))
    }

    @Test("what ended elsewhere ends here with the next look, of its kind alone", arguments: Engine.allCases)
    func endedElsewhere(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        for kind in [RolloutIncident.Kind.rollback, .kill] {
            let event = Self.event(kind, life.time)
            try await life.change { _ = try $0.tell(event, on: $1) }
        }
        let time = life.time
        let keeper = IncidentKeeper(
            store: life.alerting.store, desk: life.alerting.desk, reading: { nil }, isOver: { $0 == .kill },
            nowMicroseconds: { time.microseconds })
        try await keeper.tick()
        try await keeper.tick()
        let incidents = try await life.alerting.book.incidents()
        #expect(incidents.filter { $0.life.state == .resolved }.map(\.kind) == ["kill"])
        #expect(try await life.told().last == "ops incident.resolved payouts:2")
        #expect(try await life.told().count == 3)
    }

    @Test("a rollback that comes again while it is open is told again", arguments: Engine.allCases)
    func again(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        for _ in 0..<2 {
            let event = Self.event(.rollback, life.time)
            try await life.change { _ = try $0.tell(event, on: $1) }
            life.time.advance(seconds: 5)
        }
        #expect(try await life.told() == ["ops incident.opened payouts:1", "ops incident.updated payouts:2"])
        #expect(try await life.alerting.book.incidents().count == 1)
    }
}
