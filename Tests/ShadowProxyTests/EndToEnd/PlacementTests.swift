import NIOConcurrencyHelpers
import ShadowProxy
import TestKit
import Testing
import Verdicts

@Suite struct PlacementTests {
    @Test func theCandidateAnswersItsShareOfTheKeys() async throws {
        try await withRig(
            legacy: { _ in [.send(StubAnswer.json(200, "{}", headers: [("X-Side", "legacy")]))] },
            candidate: { _ in [.send(StubAnswer.json(200, "{}", headers: [("X-Side", "candidate")]))] },
            change: { $0.candidateShare = 50_000 }
        ) { rig in
            let caller = try await rig.caller()
            var sides: [String: Int] = [:]
            for account in 0..<60 {
                let side = try #require(try await caller.call("GET", "/v1/accounts/\(account)").header("X-Side"))
                sides[side, default: 0] += 1
                // Sticky: a write of the same key goes the same way.
                #expect(
                    try await caller.call(
                        "POST", "/v1/accounts/\(account)/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}"
                    ).header("X-Side") == side)
            }
            #expect((sides["legacy"] ?? 0) > 10 && (sides["candidate"] ?? 0) > 10)
            #expect(try await caller.call("GET", "/v1/rates").header("X-Side") == "legacy")
            let books = try await rig.settled()
            #expect(books.count(.match) == 121)
            // The mark of a mirrored write is on the side that does not answer.
            #expect(rig.legacy.seen.count { $0.header("X-Shadow-Mode") == "mirror" } == sides["candidate"])
            #expect(rig.candidate.seen.count { $0.header("X-Shadow-Mode") == "mirror" } == sides["legacy"])
        }
    }

    @Test func aKeyThatIsBehindStaysWhereItIs() async throws {
        try await withRig(
            legacy: { _ in [.send(StubAnswer.json(200, "{}", headers: [("X-Side", "legacy")]))] },
            candidate: { _ in [.send(StubAnswer.json(200, "{}", headers: [("X-Side", "candidate")]))] }
        ) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            _ = try await caller.call("POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}")
            #expect(try await rig.settled().behindKeys == 1)
            var plan = rig.plan
            plan.candidateShare = 100_000
            try await rig.proxy.reload(plan)
            #expect(try await caller.call("GET", "/v1/accounts/1").header("X-Side") == "legacy")
            try await rig.bringBack(rig.candidate)
            try await eventually("it has caught up") { await rig.proxy.snapshot().behindKeys == 0 }
            #expect(try await caller.call("GET", "/v1/accounts/1").header("X-Side") == "candidate")
        }
    }

    @Test func samplingLeavesReadsOutAndNeverWrites() async throws {
        try await withRig(change: { plan in for index in plan.operations.indices { plan.operations[index].sample = 0 } }) { rig in
            let caller = try await rig.caller()
            _ = try await caller.call("GET", "/v1/accounts/1")
            _ = try await caller.call("POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}")
            let books = try await rig.settled()
            #expect(books.count(.unsampled) == 1)
            #expect(books.count(.match) == 1)
        }
    }

    @Test func resyncMakesADivergedKeyComparableAgain() async throws {
        let store = MemoryCatchUp([], standings: ["1": (.diverged, "by test", nil), "2": (.unverified, "by test", nil)])
        try await withRig(catchUp: store, change: { $0.lanes = 2 }) { rig in
            let caller = try await rig.caller()
            _ = try await caller.call("GET", "/v1/accounts/1")
            #expect(try await rig.settled().count(.notComparable) == 1)
            #expect(Set(await rig.proxy.troubledKeys().map(\.key)) == ["1", "2"])
            #expect(rig.candidate.seen.isEmpty)
            await rig.proxy.trust("1")
            try await eventually("it is trusted") { await rig.proxy.snapshot().divergedKeys == 0 }
            _ = try await caller.call("GET", "/v1/accounts/1")
            #expect(try await rig.settled().count(.match) == 1)
            #expect(store.now.standings["1"] == nil)
        }
    }

    @Test func badPlansAreRefusedWithASentence() throws {
        func refusal(_ change: (inout OperationPlan) -> Void) -> String? {
            var operation = OperationPlan(name: "op", method: "GET", pathTemplate: "/a/{id}", mode: .read)
            change(&operation)
            let plan = ProxyPlan(
                listen: Endpoint(host: "127.0.0.1", port: 0), legacy: SidePlan(endpoint: Endpoint(host: "127.0.0.1", port: 1)),
                candidate: SidePlan(endpoint: Endpoint(host: "127.0.0.1", port: 1)), operations: [operation])
            do {
                _ = try ShadowProxy(
                    plan: plan, counts: CountLedger(path: nil, lanes: 1), journal: WriteJournal(path: nil, lanes: 1),
                    evidence: EvidenceBox(), catchUp: MemoryCatchUp())
                return nil
            } catch {
                return String(describing: error)
            }
        }
        #expect(refusal { $0.keys = [.path("id")] } == nil)
        #expect(refusal { $0.keys = [.path("nope")] }?.contains("{nope}") == true)
        #expect(refusal { $0.order = .key }?.contains("order: key needs a key") == true)
        #expect(refusal { $0.keys = [.body("$.a[0]")] }?.contains("$.a[0]") == true)
        #expect(refusal { $0.readBack = "/x" }?.contains("{key}") == true)
    }
}
