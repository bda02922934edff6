import Alerting
import Comparison
import Foundation
import Logging
import Migration
import RolloutControl
import RolloutTestKit
import Synchronization
import TestKit
import Testing
import Verdicts

@testable import countersign

@Suite("A rollout's notices in the alert channels")
struct RolloutAlertsTests {
    /// A proxy's own store, and one that it shares while that is there.
    final class Rig: Sendable {
        /// Where the shared store is, as the teller meets it.
        final class Path: Sendable {
            private struct Away: Error {}
            private let isAway = Mutex(false)
            func set(_ away: Bool) { isAway.withLock { $0 = away } }
            func pass() throws { if isAway.withLock({ $0 }) { throw Away() } }
        }

        private let folders: [TemporaryDirectory]
        private let own: StateDatabase
        private let shared: StateDatabase
        private let path = Path()
        let teller: RolloutAlerts

        init(isSharing: Bool = true) throws {
            folders = [try TemporaryDirectory(), try TemporaryDirectory()]
            let databases = try folders.map { folder in
                let database = try StateDatabase(directory: folder.file("state"))
                try database.migrate(AlertSchema.schema)
                return database
            }
            (own, shared) = (databases[0], databases[1])
            let channel = AlertChannel(name: "ops", url: "http://127.0.0.1:1/")
            let desk = IncidentDesk(
                settings: AlertSettings(channels: [channel], legacyURL: "http://l", candidateURL: "http://c"), wakeCourier: {})
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let others = shared.store
            let path = path
            let tellOthers: @Sendable (RolloutNews) async throws -> Void = { news in
                try path.pass()
                try await others.write { connection in try news.file(with: desk, on: connection) }
            }
            teller = RolloutAlerts(
                plan: "payout", desk: desk, store: own.store, share: isSharing ? tellOthers : nil, logger: logger)
        }

        func setAway(_ away: Bool) { path.set(away) }

        func tell(
            _ kind: RolloutNoticeKind, _ severity: RolloutNotice.Severity = .warning, operations: [String] = []
        ) async {
            await teller.tell(
                RolloutNotice(severity, "payout: \(kind.rawValue)."), kind: kind, audience: "staff", stage: "shadow",
                head: AuditHead.empty, stop: StopFacts(operations: operations))
        }

        /// `rollback open critical`, the oldest first.
        func incidents(shared isShared: Bool = false) async throws -> [String] {
            try await AlertBook(store: (isShared ? shared : own).store).incidents()
                .sorted { ($0.firstSeen, $0.kind) < ($1.firstSeen, $1.kind) }
                .map { "\($0.kind) \($0.life.state.rawValue) \($0.severity.rawValue)" }
        }

        func notices(shared isShared: Bool = false) async throws -> [String] {
            try await AlertBook(store: (isShared ? shared : own).store).notices().reversed().map(\.kind)
        }

        func bodies() async throws -> [String] { try await AlertBook(store: own.store).notices().reversed().map(\.body) }
    }

    @Test("a kill's release leaves a rollback open, whose latch is still on; the resume ends that")
    func releaseAndResume() async throws {
        let rig = try Rig(isSharing: false)
        await rig.tell(.rollback, .critical)
        await rig.tell(.kill, .critical)
        await rig.tell(.released)
        #expect(try await rig.incidents() == ["rollback open critical", "kill resolved critical"])
        await rig.tell(.resumed)
        #expect(try await rig.incidents() == ["rollback resolved critical", "kill resolved critical"])
        #expect(
            try await rig.notices() == ["incident.opened", "incident.opened", "incident.resolved", "incident.resolved"])
    }

    @Test("a resume after a pause alone is told once")
    func afterPause() async throws {
        let rig = try Rig(isSharing: false)
        await rig.tell(.warning)
        await rig.tell(.resumed)
        #expect(try await rig.notices() == ["rollout.warning", "rollout.warning"])
        #expect(try await rig.bodies().last?.contains("payout: resumed.") == true)
    }

    @Test("a rollback that was told while the shared store was away ends here, and is not told there once more")
    func awayAndBack() async throws {
        let rig = try Rig()
        rig.setAway(true)
        await rig.tell(.rollback, .critical)
        #expect(try await rig.incidents() == ["rollback open critical"])
        rig.setAway(false)
        await rig.tell(.resumed)
        #expect(try await rig.incidents() == ["rollback resolved critical"])
        #expect(try await rig.notices() == ["incident.opened", "incident.resolved"])
        #expect(try await rig.notices(shared: true) == [])
    }

    @Test("what the shared store took ends there, and one that is away at the end has it told from here")
    func shared() async throws {
        let rig = try Rig()
        await rig.tell(.kill, .critical)
        await rig.tell(.released)
        #expect(try await rig.incidents(shared: true) == ["kill resolved critical"])
        #expect(try await rig.notices() == [])
        rig.setAway(true)
        await rig.tell(.resumed)
        #expect(try await rig.notices() == ["rollout.warning"])
    }

    @Test(
        "a notice is as grave as the rollout says",
        arguments: [
            (RolloutNotice.Severity.information, "minor"), (.warning, "major"), (.critical, "critical"),
        ])
    func severity(_ severity: RolloutNotice.Severity, _ expected: String) async throws {
        let rig = try Rig(isSharing: false)
        await rig.tell(.warning, severity)
        #expect(try await rig.incidents() == ["warning resolved \(expected)"])
    }

    @Test("a rollback names the operations whose mismatches it mutes")
    func operations() async throws {
        let rig = try Rig(isSharing: false)
        await rig.tell(.rollback, .critical, operations: ["preview"])
        #expect(try await rig.bodies().first?.contains(#""operations":["preview"]"#) == true)
    }

    @Test("routes by stages and audiences that the plan does not have are found")
    func unknownPlaces() {
        let routes = [
            AlertRoute(stages: ["shadow", "staff 90/10", "staff 90/11"], audiences: ["staff", "clients"], channels: ["ops"]),
            AlertRoute(stages: ["all 0/100"], channels: ["ops"]),
        ]
        #expect(RolloutOpening.unknown(to: .sample(), in: routes) == ["stage `staff 90/11`", "audience `clients`"])
        #expect(RolloutOpening.unknown(to: nil, in: [AlertRoute(audiences: ["all"], channels: [])]) == ["audience `all`"])
        #expect(RolloutOpening.unknown(to: nil, in: [AlertRoute(channels: [])]) == [])
    }
}
