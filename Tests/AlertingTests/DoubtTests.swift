import Comparison
import Testing
import Verdicts

@testable import Alerting

@Suite("Keys that stay unverified")
struct DoubtTests {
    private static let second: Int64 = 1_000_000

    @Test("a minute of it is told, once; less is not; the end is told of what was")
    func patience() {
        var watch = DoubtWatch()
        // An earlier run may have left an incident open.
        #expect(watch.look(0, at: 0) == .over)
        watch.noted(.over)
        #expect(watch.look(0, at: 1) == nil)
        #expect(watch.look(3, at: 10 * Self.second) == nil)
        #expect(watch.look(2, at: 69 * Self.second) == nil)
        #expect(watch.look(nil, at: 69 * Self.second) == nil)
        #expect(watch.look(2, at: 70 * Self.second) == .lasting(2))
        // Not stored yet: again.
        #expect(watch.look(2, at: 71 * Self.second) == .lasting(2))
        watch.noted(.lasting(2))
        #expect(watch.look(2, at: 200 * Self.second) == nil)
        #expect(watch.look(0, at: 201 * Self.second) == .over)
        watch.noted(.over)
        #expect(watch.look(0, at: 202 * Self.second) == nil)
        #expect(watch.look(1, at: 203 * Self.second) == nil)
    }

    @Test("it is an incident, and ends when every key is verified again", arguments: Engine.allCases)
    func incident(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        life.counts.doubt(2)
        try await life.tick()
        try await life.tick(after: 59)
        #expect(try await life.told() == [])
        try await life.tick(after: 1)
        try await life.tick(after: 31)
        #expect(try await life.told() == ["ops incident.opened unverified keys:1"])
        let body = try await life.alerting.book.notices().first?.body
        #expect(body?.contains("of 2 keys nobody knows") == true && body?.contains(#""severity":"major""#) == true)
        life.counts.doubt(0)
        try await life.tick()
        try await life.tick(after: 300)
        #expect(try await life.told().last == "ops incident.resolved unverified keys:2")
    }
}
