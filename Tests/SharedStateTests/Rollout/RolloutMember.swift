#if PostgreSQL
    import Migration
    import RolloutTestKit
    import TestKit

    @testable import RolloutControl
    @testable import SharedState

    /// One of several proxies that carry a plan out, each with a folder, a traffic plane and connections of its own. Its loop is the test's.
    final class RolloutMember: Sendable {
        let folder: TemporaryDirectory
        let plane: FakePlane
        let teller = FakeTeller()
        let address: String
        let database: SharedStateDatabase
        /// Cut, nothing of this proxy reaches the store.
        let line: CutLine
        let controller: RolloutController

        init(
            _ name: String, _ address: String, plan: RolloutPlan = .sample(), automatic: Bool = true,
            folder: TemporaryDirectory? = nil, keys: FakePlane? = nil
        ) throws {
            self.folder = try folder ?? TemporaryDirectory()
            self.address = address
            plane = FakePlane()
            if let keys { plane.change { $0.keys = keys.seen.keys } }
            database = try SharedStateDatabase(address: address)
            var setup = RolloutSetup(
                plan: plan, isAutomatic: automatic, folder: self.folder.path, killFile: self.folder.file("kill-switch"))
            setup.leaseMs = 600
            line = CutLine(PostgresRollout(store: database.store, plan: plan.name, instance: name))
            controller = try RolloutController(setup, plane: plane, teller: teller, exchange: line)
        }

        /// Several, on a store of their own, all started; the first leads.
        static func group(
            _ count: Int, address: String? = nil, plan: RolloutPlan = .sample(), automatic: Bool = true
        ) async throws -> [RolloutMember] {
            let address = if let address { address } else { try await sharedStore() }
            let members = try (0..<count).map { try RolloutMember("p\($0)", address, plan: plan, automatic: automatic) }
            for member in members { _ = try await member.controller.start() }
            for member in members { await member.controller.seekLead() }
            return members
        }

        /// One round of its loop.
        func turn() async {
            if await controller.share.term != nil { await controller.seekLead() }
            await controller.look()
            await controller.exchangeOnce()
        }

        /// Enough matches for a stage.
        func prove() { plane.addMatches(80) }

        var log: [String] {
            get throws { try AuditVerification.entries(path: folder.file("audit.jsonl")).map(\.action) }
        }

        func end() { database.close() }
    }

    extension [RolloutMember] {
        /// So many rounds of all loops.
        func turn(_ rounds: Int = 3) async {
            for _ in 0..<rounds {
                for member in self { await member.turn() }
            }
        }

        func end() { for member in self { member.end() } }

        /// How many notices of a kind were told, by all together.
        func told(_ kind: RolloutNoticeKind) -> Int { reduce(0) { $0 + $1.teller.kinds.filter { $0 == kind }.count } }

        var shares: [Int] { map(\.plane.share) }
    }
#endif
