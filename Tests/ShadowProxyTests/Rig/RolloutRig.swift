import Migration
import NIOConcurrencyHelpers
import ShadowProxy
import TestKit
import Testing
import Verdicts

/// A plan of two audiences, a rig that begins at one of its steps, and sides that say which they are.
enum RolloutRig {
    static func share(_ thousandths: Int) -> Share { Share(thousandths: thousandths) ?? .none }

    /// Steps: shadow, team 100, all 50, all 100.
    static func plan(_ writtenKeys: RollbackPolicy.WrittenKeys = .return, denied: Set<String> = []) -> RolloutPlan {
        RolloutPlan(
            name: "interest", salt: Salt("0123456789abcdef"),
            audiences: [
                Audience(name: "team", claims: ["payout-team"], stages: [Stage(candidate: .all)], promotion: PromotionPolicy()),
                Audience(
                    name: "all", takesEveryone: true, stages: [Stage(candidate: share(50_000)), Stage(candidate: .all)],
                    promotion: PromotionPolicy()),
            ], rollback: RollbackPolicy(writtenKeys: writtenKeys), denied: denied)
    }

    static func table(_ step: Int, _ plan: RolloutPlan = plan(), isKilled: Bool = false) -> PlacementTable {
        PlacementTable(plan: plan, step: step, isKilled: isKilled)
    }

    static func traffic(
        step: Int, _ plan: RolloutPlan = plan(), store: any WrittenKeyStore = MemoryWrittenKeys(),
        change: (inout RolloutTraffic) -> Void = { _ in }
    ) -> RolloutTraffic {
        var traffic = RolloutTraffic(plan: plan.name, salt: plan.salt, table: table(step, plan), store: store)
        traffic.audience = AudienceSource(header: "X-Audience")
        change(&traffic)
        return traffic
    }

    static func script(_ name: String, _ status: Int = 200) -> StubSide.Script {
        { _ in [.send(StubAnswer.json(status, "{}", headers: [("X-Side", name), ("X-Build", "\(name)-1")]))] }
    }

    static func with(
        _ traffic: RolloutTraffic, catchUp: MemoryCatchUp = MemoryCatchUp(), legacy: @escaping StubSide.Script = script("legacy"),
        candidate: @escaping StubSide.Script = script("candidate"), change: (inout ProxyPlan) -> Void = { _ in },
        _ body: (ProxyRig) async throws -> Void
    ) async throws {
        try await withRig(
            legacy: legacy, candidate: candidate, catchUp: catchUp, rollout: traffic,
            change: { plan in
                for index in plan.operations.indices where !plan.operations[index].keys.isEmpty {
                    plan.operations[index].order = .key
                }
                plan.limits.handOverWaitMs = 200
                change(&plan)
            }, body)
    }
}

extension ProxyRig {
    /// One caller for each call, since those that wait hold up what comes behind them on their connection.
    func side(_ method: String, _ target: String, _ headers: [(String, String)] = []) async throws -> String? {
        let caller = try await caller()
        let key = method == "GET" ? [] : [("Idempotency-Key", "k")]
        let answer = try await caller.call(method, target, headers: headers + key, body: method == "GET" ? "" : "{}")
        return answer.header("X-Side") ?? "\(answer.status)"
    }
}

extension ProxyRig {
    /// The status of a payout with this body.
    func pay(_ body: String) async throws -> Int {
        let caller = try await caller()
        return try await caller.call(
            "POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "k")], body: body
        ).status
    }

    /// That side answers.
    func expect(
        _ side: String, _ method: String, _ target: String, _ headers: [(String, String)] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await self.side(method, target, headers)
        #expect(found == side, sourceLocation: sourceLocation)
    }
}

/// A ledger of written keys in memory, which can be slow or refuse.
final class MemoryWrittenKeys: WrittenKeyStore {
    private let state = NIOLockedValueBox((notes: [[String]](), refuses: false, held: [@Sendable () -> Void](), holds: false))

    var notes: [[String]] { state.withLockedValue { $0.notes } }

    func refuse(_ refuses: Bool) { state.withLockedValue { $0.refuses = refuses } }

    func hold() { state.withLockedValue { $0.holds = true } }

    func letGo() {
        let held = state.withLockedValue { state in
            defer { state.held = [] }
            state.holds = false
            return state.held
        }
        for answer in held { answer() }
    }

    func note(_ keys: [String], completion: @escaping @Sendable (StateError?) -> Void) {
        let answer: (@Sendable () -> Void)? = state.withLockedValue { state in
            if state.refuses { return { completion(StateError(.unwritable, "The disk is full.")) } }
            state.notes.append(keys)
            guard state.holds else { return { completion(nil) } }
            state.held.append { completion(nil) }
            return nil
        }
        answer?()
    }
}
