import Alerting
import Comparison
import Synchronization
import Testing
import Verdicts

@Suite("Who is told what, and how much")
struct RoutingTests {
    private static let channels = ["pager", "team", "log"].map { AlertChannel(name: $0, url: "http://127.0.0.1:1/") }

    @Test("the first route that fits wins; what none takes goes to the fallback", arguments: Engine.allCases)
    func routes(engine: Engine) async throws {
        let life = try await LifeFixture(engine, channels: Self.channels) { settings in
            settings.routes = [
                AlertRoute(severities: ["critical"], operations: ["payout"], channels: ["pager", "team"]),
                AlertRoute(stages: ["staff 90/10"], channels: ["team"]),
            ]
            settings.fallback = ["log"]
            settings.pace.groupWaitMs = 0
        }
        try await life.meet("e1", severity: .critical)
        #expect(try await life.told() == ["pager incident.opened payout:1", "team incident.opened payout:1"])
        try await life.meet("e2", operation: "preview", severity: .critical)
        try await life.meet("e3", operation: "transfer")
        #expect(try await life.told("log") == ["log incident.opened preview:1", "log incident.opened transfer:1"])
    }

    @Test(
        "stage and audience are those of the moment of writing, and stand in the notice; who was told hears the end",
        arguments: Engine.allCases)
    func standing(engine: Engine) async throws {
        let standing = Mutex(NoticeStanding(stage: "staff 90/10", audience: "staff", auditHead: "12:9f86d081"))
        let life = try await LifeFixture(engine, channels: Self.channels) { settings in
            settings.routes = [
                AlertRoute(audiences: ["staff"], channels: ["team"]), AlertRoute(stages: ["all"], channels: ["pager"]),
            ]
            settings.fallback = ["log"]
            settings.standing = { _ in standing.withLock { $0 } }
            settings.pace.resolveAfter = 1
        }
        try await life.meet("e1", severity: .critical)
        let body = try #require(try await life.alerting.book.notices().first?.body)
        #expect(body.contains(#""rollout":{"audience":"staff","auditHead":"12:9f86d081","stage":"staff 90/10"}"#))
        standing.withLock { $0 = NoticeStanding(stage: "all", audience: "everyone") }
        try await life.tick(clean: 0)
        try await life.tick(after: 300, clean: 1)
        #expect(
            try await life.told() == [
                "team incident.opened payout:1", "pager incident.resolved payout:2", "team incident.resolved payout:2",
            ])
    }

    @Test("what ended a stage is told of that stage, though the rollout has gone back since", arguments: Engine.allCases)
    func standingThen(engine: Engine) async throws {
        let end = Mutex<Int64>(0)
        let life = try await LifeFixture(engine, channels: Self.channels) { settings in
            settings.routes = [AlertRoute(audiences: ["staff"], channels: ["team"])]
            settings.fallback = ["log"]
            settings.standing = { at in
                let wasBefore = end.withLock { at < $0 }
                return NoticeStanding(stage: wasBefore ? "staff 50/50" : "shadow", audience: wasBefore ? "staff" : "developers")
            }
        }
        end.withLock { $0 = life.time.microseconds + 1 }
        try await life.meet("e1", severity: .critical)
        life.time.advance(seconds: 60)
        try await life.meet("e2", operation: "preview", severity: .critical)
        let event = RolloutIncident(
            kind: .rollback, plan: "p", summary: "p: rolled back from staff 50/50",
            standing: NoticeStanding(stage: "staff 50/50", audience: "staff"),
            at: life.time.microseconds)
        try await life.change { _ = try $0.tell(event, on: $1) }
        #expect(
            try await life.told() == [
                "team incident.opened payout:1", "log incident.opened preview:1", "team incident.opened p:1",
            ])
        let notices = try await life.alerting.book.notices()
        #expect(notices.first?.body.contains(#""stage":"staff 50/50""#) == true)
        #expect(notices.first?.body.contains(#""summary":"p: rolled back from staff 50/50""#) == true)
    }

    @Test("each channel hears of what is routed to it alone, in one notice for the group", arguments: Engine.allCases)
    func split(engine: Engine) async throws {
        let life = try await LifeFixture(engine, channels: Self.channels) { settings in
            settings.routes = [AlertRoute(severities: ["critical"], channels: ["pager"])]
            settings.fallback = ["log"]
        }
        try await life.meet("e1")
        try await life.meet("e2", path: "$.tax", severity: .critical)
        #expect(try await life.told() == ["pager incident.opened payout:1", "log incident.opened payout:1"])
    }

    @Test("a flood becomes a digest that names every incident; a rollback goes by", arguments: Engine.allCases)
    func flood(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { settings in
            settings.pace.noticesMax = 3
            settings.pace.noticesPerMs = 60_000
        }
        for number in 0..<60 { try await life.meet("e\(number)", operation: "kind-\(number)", severity: .critical) }
        try await life.tick(after: 58)
        #expect(try await life.told().count == 6)
        let event = RolloutIncident(
            kind: .kill, plan: "payouts", summary: "killed", operations: ["x"], at: life.time.microseconds)
        try await life.change { _ = try $0.tell(event, on: $1) }
        #expect(try await life.told().last == "ops incident.opened payouts:1")
        try await life.tick(after: 2)
        try await life.tick()
        let told = try await life.told()
        #expect(told.count == 9)
        let names = Set(told.flatMap { $0.split(separator: " ").dropFirst(2) })
        #expect(names == Set((0..<60).map { "kind-\($0):1" } + ["payouts:1"]))
        #expect(told.suffix(2).allSatisfy { $0.hasPrefix("ops incident.digest") })
    }

    @Test(
        "critical news has as many notices again as the rest; beyond them it waits for the digest too", arguments: Engine.allCases
    )
    func criticalBound(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { settings in
            settings.pace.noticesMax = 2
            settings.pace.groupWaitMs = 0
        }
        func told() async throws -> Int { try await life.told().count }
        for number in 0..<3 { try await life.meet("m\(number)", operation: "minor-\(number)", severity: .minor) }
        #expect(try await told() == 2)
        for number in 0..<2 { try await life.meet("c\(number)", operation: "critical-\(number)", severity: .critical) }
        #expect(try await life.told().suffix(2) == ["ops incident.opened critical-0:1", "ops incident.opened critical-1:1"])
        life.time.advance(seconds: 1)
        try await life.meet("c2", operation: "critical-2", severity: .critical)
        #expect(try await told() == 4)
        try await life.tick(after: 600)
        #expect(try await life.told().last == "ops incident.digest minor-2:1 critical-2:1")
    }

    @Test("the rollout's news is bounded too, as critical news is; a rollback is not", arguments: Engine.allCases)
    func newsBound(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.noticesMax = 2 }
        for number in 0..<9 {
            let event = RolloutIncident(
                kind: .warning, plan: "payouts", summary: "paused \(number)", at: life.time.microseconds)
            try await life.change { _ = try $0.tell(event, on: $1) }
        }
        #expect(try await life.told() == Array(repeating: "ops rollout.warning payouts:1", count: 4))
        let event = RolloutIncident(kind: .rollback, plan: "payouts", summary: "back", at: life.time.microseconds)
        try await life.change { _ = try $0.tell(event, on: $1) }
        #expect(try await life.told().last == "ops incident.opened payouts:1")
    }

    @Test(
        "heartbeats come once for each interval to who asks, whoever ticks; the next replaces one that waits",
        arguments: Engine.allCases)
    func heartbeats(engine: Engine) async throws {
        let channels = [
            AlertChannel(name: "switch", url: "http://127.0.0.1:1/", heartbeatSeconds: 60),
            AlertChannel(name: "ops", url: "http://127.0.0.1:1/"),
        ]
        let life = try await LifeFixture(engine, channels: channels)
        let other = life.another(LifeFixture.Counts("epoch-2"))
        try await life.tick()
        try await other.tick()
        let first = try await life.alerting.book.notices()
        #expect(first.map(\.kind) == ["heartbeat"] && first.map(\.channel) == ["switch"])
        #expect(first.first?.body.contains(#""heartbeat":{"intervalSeconds":60}"#) == true)
        try await life.tick(after: 60)
        try await other.tick()
        let second = try await life.alerting.book.notices()
        #expect(second.count == 1 && second.first?.webhookID != first.first?.webhookID)
    }
}
