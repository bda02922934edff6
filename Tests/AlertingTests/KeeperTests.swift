import Comparison
import Synchronization
import Testing
import Verdicts

@testable import Alerting

@Suite("The keeper of incidents")
struct KeeperTests {
    /// A store that fails as long as it is told to.
    final class Failing: SQLStore {
        struct Failure: Error, CustomStringConvertible { let description: String }

        private let store: any SQLStore
        private let reason = Mutex<String?>(nil)

        init(_ store: any SQLStore) { self.store = store }

        func fail(_ reason: String?) { self.reason.withLock { $0 = reason } }

        private func pass() throws { if let reason = reason.withLock({ $0 }) { throw Failure(description: reason) } }

        func read<Value: Sendable>(_ work: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
            try pass()
            return try await store.read(work)
        }

        func write<Value: Sendable>(_ work: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
            try pass()
            return try await store.write(work)
        }
    }

    @Test("looks that fail are logged once for each reason, and so is the first that does not")
    func trouble() async throws {
        let fixture = try await AlertingFixture(.sqlite, channels: [])
        let store = Failing(fixture.store)
        let lines = Mutex<[String]>([])
        let keeper = IncidentKeeper(
            store: store, desk: fixture.desk, reading: { nil }, log: { line in lines.withLock { $0.append(line) } })
        for reason in [nil, "the disk is full", "the disk is full", "away", nil, nil] {
            store.fail(reason)
            await keeper.look()
        }
        let before = "incidents are not kept, and what is due is not told: "
        #expect(lines.withLock { $0 } == [before + "the disk is full", before + "away", "incidents are kept again"])
    }

    @Test(
        "dead letters and the rollout's news go after 90 days, what was delivered after 30; what waits stays",
        arguments: Engine.allCases)
    func byAge(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        for state in ["delivered", "dead", "waiting"] {
            let event = RolloutIncident(kind: .promotion, plan: "payouts", summary: state, at: life.time.microseconds)
            try await life.change { desk, connection in
                _ = try desk.tell(event, on: connection)
                try connection.execute("UPDATE notice SET state = ? WHERE id = (SELECT max(id) FROM notice)", [.text(state)])
            }
        }
        let event = RolloutIncident(kind: .rollback, plan: "payouts", summary: "back", at: life.time.microseconds)
        let now = life.time.microseconds
        try await life.change { desk, connection in
            _ = try desk.tell(event, on: connection)
            try desk.resolveRollout(plan: "payouts", .rollback, reason: "on", at: now, on: connection)
            try connection.execute("DELETE FROM notice WHERE kind NOT LIKE 'rollout%'", [])
        }
        func left() async throws -> [Int] {
            [try await life.alerting.book.notices().count, try await life.alerting.book.incidents().count]
        }
        let day: Int64 = 86_400
        try await life.tick(after: 30 * day)
        #expect(try await left() == [3, 4])
        try await life.tick(after: 600)
        #expect(try await left() == [2, 4])
        try await life.tick(after: 60 * day - 600)
        #expect(try await left() == [2, 4])
        try await life.tick(after: 600)
        #expect(try await left() == [1, 1])
        #expect(try await life.alerting.book.notices().map(\.state) == [.waiting])
        #expect(try await life.alerting.book.incidents().map(\.kind) == ["rollback"])
    }

    @Test("of more than the bound the latest are kept, and what waits", arguments: Engine.allCases)
    func byNumber(engine: Engine) async throws {
        let life = try await LifeFixture(engine)
        for number in 0..<6 {
            let event = RolloutIncident(kind: .warning, plan: "payouts", summary: "\(number)", at: life.time.microseconds)
            try await life.change { _ = try $0.tell(event, on: $1) }
            life.time.advance(seconds: 1)
        }
        let now = life.time.microseconds
        try await life.change { _, connection in
            try connection.execute("UPDATE notice SET state = 'dead' WHERE id > (SELECT min(id) FROM notice)", [])
            try OldRows.delete(now: now, rowsMax: 6, connection)
        }
        #expect(try await life.alerting.book.notices().count == 6)
        #expect(try await life.alerting.book.incidents().count == 6)
        try await life.change { _, connection in try OldRows.delete(now: now, rowsMax: 2, connection) }
        #expect(try await life.alerting.book.notices().map(\.state) == [.dead, .dead, .waiting])
        #expect(try await life.alerting.book.incidents().map(\.cause) == ["5", "4"])
    }
}
