import Alerting
import Comparison
import Testing
import Verdicts

@Suite("The life of incidents")
struct LifeTests {
    @Test("critical is told at once; what is not waits for its group, and goes with it", arguments: Engine.allCases)
    func firstNotice(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        try await life.meet("e1", operation: "transfer", severity: .critical)
        #expect(try await life.told() == ["ops incident.opened transfer:1"])
        try await life.meet("e2")
        try await life.tick(after: 20)
        try await life.meet("e3", path: "$.tax")
        try await life.tick(after: 9)
        #expect(try await life.told().count == 1)
        try await life.tick(after: 1)
        #expect(try await life.told().last == "ops incident.opened payout:1 payout:1")
        try await life.tick()
        #expect(try await life.told().count == 2)
    }

    @Test("a critical one takes along what waits in its group", arguments: Engine.allCases)
    func criticalTakesAlong(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        try await life.meet("e1")
        try await life.meet("e2", path: "$.tax", severity: .critical)
        #expect(try await life.told() == ["ops incident.opened payout:1 payout:1"])
    }

    @Test("what is new in a group waits for the interval since its last notice; critical does not", arguments: Engine.allCases)
    func groupInterval(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        try await life.meet("e1", severity: .critical)
        try await life.tick(after: 60)
        try await life.meet("e2", path: "$.tax")
        try await life.tick(after: 239)
        #expect(try await life.told().count == 1)
        try await life.tick()
        #expect(try await life.told().count == 2)
        try await life.meet("e3", path: "$.other", severity: .critical)
        #expect(try await life.told().count == 3)
    }

    @Test("repeats are no news; ten times as many are, and so is a graver one", arguments: Engine.allCases)
    func updates(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        try await life.meet("e0", severity: .minor)
        try await life.tick(after: 30)
        for number in 1..<9 { try await life.meet("e\(number)", severity: .minor) }
        try await life.tick(after: 300)
        #expect(try await life.told() == ["ops incident.opened payout:1"])
        try await life.meet("e9", severity: .minor)
        try await life.tick()
        #expect(try await life.told().last == "ops incident.updated payout:2")
        try await life.meet("f1", severity: .major)
        try await life.tick(after: 299)
        #expect(try await life.told().count == 2)
        try await life.tick()
        #expect(try await life.told().last == "ops incident.updated payout:3")
        try await life.meet("f2", severity: .critical)
        #expect(try await life.told().last == "ops incident.updated payout:4")
    }

    @Test("what stays open is told again after four hours, not before", arguments: Engine.allCases)
    func repeats(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        try await life.meet("e1", severity: .critical)
        try await life.tick(after: 14_399)
        #expect(try await life.told().count == 1)
        try await life.tick()
        #expect(try await life.told() == ["ops incident.opened payout:1", "ops incident.updated payout:2"])
        try await life.tick(after: 14_399)
        #expect(try await life.told().count == 2)
    }

    @Test("resolved by so many clean comparisons since the last disagreement, never by time", arguments: Engine.allCases)
    func resolved(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.resolveAfter = 100 }
        try await life.meet("e1", severity: .critical)
        // The first reading is only a beginning: what was clean before the disagreement proves nothing.
        try await life.tick(clean: 5_000)
        try await life.tick(clean: 5_099)
        #expect(try await life.states() == ["open"])
        // A week of silence is no evidence.
        try await life.tick(after: 604_800, clean: 5_099)
        #expect(try await life.states() == ["open"])
        try await life.tick(clean: 5_100)
        #expect(try await life.states() == ["resolved"])
        // The repeat of a moment ago puts its end off.
        #expect(try await life.told().last == "ops incident.updated payout:2")
        try await life.tick(after: 300)
        #expect(try await life.told().last == "ops incident.resolved payout:3")
        try await life.tick(after: 86_400, clean: 9_000)
        #expect(try await life.told().count == 3)
    }

    @Test("a disagreement begins the count anew, and what was read before it does not count", arguments: Engine.allCases)
    func countedAnew(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.resolveAfter = 100 }
        try await life.meet("e1", severity: .critical)
        try await life.tick(clean: 0)
        try await life.tick(clean: 99)
        life.time.advance(seconds: 1)
        try await life.meet("e2", severity: .critical)
        // Ninety of these may have come before e2: the reading before it was taken earlier.
        try await life.tick(clean: 199)
        #expect(try await life.states() == ["open"])
        try await life.tick(clean: 298)
        #expect(try await life.states() == ["open"])
        try await life.tick(clean: 299)
        #expect(try await life.states() == ["resolved"])
    }

    @Test("a restarted proxy whose counts begin at 0 resolves nothing by it", arguments: Engine.allCases)
    func restarted(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.resolveAfter = 100 }
        try await life.meet("e1", severity: .critical)
        try await life.tick(clean: 1_000)
        try await life.tick(clean: 1_060)
        try await life.tick(clean: 0)
        try await life.tick(clean: 39)
        #expect(try await life.states() == ["open"])
        let other = LifeFixture.Counts("epoch-2")
        other.set(100_000)
        try await life.another(other).tick()
        #expect(try await life.states() == ["open"])
        try await life.tick(clean: 40)
        #expect(try await life.states() == ["resolved"])
    }

    @Test("other operations' comparisons prove nothing, nor does a time in which evidence was lost", arguments: Engine.allCases)
    func otherEvidence(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.resolveAfter = 100 }
        try await life.meet("e1", severity: .critical)
        try await life.tick(clean: 0)
        life.counts.set(10_000, of: "preview")
        try await life.tick(clean: 60)
        life.counts.set(160, lost: 1)
        try await life.tick()
        #expect(try await life.states() == ["open"])
        life.counts.set(259, lost: 1)
        try await life.tick()
        #expect(try await life.states() == ["open"])
        life.counts.set(260, lost: 1)
        try await life.tick()
        #expect(try await life.states() == ["resolved"])
    }

    @Test("a diverged key's incident stays while any key is diverged", arguments: Engine.allCases)
    func diverged(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.resolveAfter = 10 }
        var evidence = AlertingFixture.evidence("e1", verdict: .notComparable, at: life.time.microseconds)
        evidence.caughtUp = true
        try await life.alerting.observe([evidence])
        #expect(try await life.alerting.book.incidents().map(\.kind) == ["diverged"])
        for clean in [0, 1_000] {
            life.counts.set(clean, diverged: 1)
            try await life.tick()
        }
        #expect(try await life.states() == ["open"])
        life.counts.set(1_010, diverged: 0)
        try await life.tick()
        #expect(try await life.states() == ["resolved"])
    }

    @Test("a proxy that was replaced with a diverged key is forgotten after a day, not before", arguments: Engine.allCases)
    func divergedAndGone(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.resolveAfter = 10 }
        var evidence = AlertingFixture.evidence("e1", verdict: .notComparable, at: life.time.microseconds)
        evidence.caughtUp = true
        try await life.alerting.observe([evidence])
        let gone = LifeFixture.Counts("epoch-0")
        gone.set(0, diverged: 1)
        try await life.another(gone).tick()
        try await life.tick(after: 86_399, clean: 0)
        try await life.tick(clean: 1_000)
        #expect(try await life.states() == ["open"])
        try await life.tick(clean: 1_010)
        #expect(try await life.states() == ["resolved"])
        let sources = try await life.alerting.store.read { connection in
            try ["verifier", "clean_source"].map { table in
                try connection.rows("SELECT source FROM \(table)").map { try $0.text(0) }
            }
        }
        #expect(sources == [["epoch-1"], ["epoch-1"]])
    }

    @Test("seen again, it opens anew with the next number; what is older than its end does not", arguments: Engine.allCases)
    func reopened(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.resolveAfter = 1 }
        let first = life.time.microseconds
        try await life.meet("e1", severity: .critical)
        try await life.tick(clean: 0)
        try await life.tick(clean: 1)
        try await life.tick(after: 300)
        #expect(try await life.told().last == "ops incident.resolved payout:2")
        try await life.alerting.observe([AlertingFixture.evidence("old", path: "$.net", at: first - 1)])
        #expect(try await life.states() == ["resolved"])
        try await life.meet("e2", severity: .critical)
        #expect(try await life.states() == ["open"])
        #expect(try await life.told().last == "ops incident.opened payout:3")
        #expect(Set(try await life.alerting.book.notices().map(\.webhookID)).count == 3)
    }

    @Test("four keepers over one store tell each step once", arguments: Engine.allCases)
    func keepersAtOnce(engine: Engine) async throws {
        let life = try await LifeFixture(engine) { $0.pace.resolveAfter = 100 }
        let all = (1...4).map { LifeFixture.Counts("epoch-\($0)") }
        let keepers = all.map { life.another($0) }
        func everyone() async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for keeper in keepers { group.addTask { try await keeper.tick() } }
                try await group.waitForAll()
            }
        }
        try await life.meet("e1")
        for counts in all { counts.set(0) }
        life.time.advance(seconds: 30)
        try await everyone()
        #expect(try await life.told() == ["ops incident.opened payout:1"])
        for counts in all { counts.set(25) }
        life.time.advance(seconds: 300)
        try await everyone()
        #expect(try await life.told() == ["ops incident.opened payout:1", "ops incident.resolved payout:2"])
    }
}
