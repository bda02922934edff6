import Migration
import TestKit
import Testing
import Verdicts

@testable import ShadowProxy

/// Who answers under a rollout, on real sockets.
@Suite struct RolloutTrafficTests {
    static let team = [("X-Audience", "other, payout-team")]

    @Test func theAudienceComesFromAHeaderThatOnlyATrustedListenerBelieves() async throws {
        try await RolloutRig.with(RolloutRig.traffic(step: 1), change: { $0.trusted = true }) { rig in
            try await rig.expect("candidate", "GET", "/v1/accounts/1", Self.team)
            try await rig.expect("legacy", "GET", "/v1/accounts/1", [("X-Audience", "team")])
            try await rig.expect("legacy", "GET", "/v1/accounts/1")
            #expect(rig.candidate.seen.first?.header("X-Audience") == "other, payout-team")
            #expect(await rig.proxy.collect().counts[.audienceNotYet] == 2)
        }
        try await RolloutRig.with(RolloutRig.traffic(step: 1)) { rig in
            try await rig.expect("legacy", "GET", "/v1/accounts/1", Self.team)
            try await rig.expect("legacy", "GET", "/v1/accounts/1", [("x_audience", "payout-team")])
            _ = try await rig.settled()
            for seen in rig.legacy.seen + rig.candidate.seen {
                #expect(seen.header("X-Audience") == nil && seen.header("x_audience") == nil)
            }
        }
    }

    @Test(arguments: [
        ([("X-Gateway", "0123456789abcdef")], "candidate"), ([("X-Gateway", "0123456789abcdeF")], "legacy"),
        ([("X-Gateway", "0123456789abcde")], "legacy"), ([], "legacy"),
        ([("X-Gateway", "0123456789abcdef"), ("X-Gateway", "0123456789abcdef")], "legacy"),
        // The caller's own copy beside the gateway's.
        ([("X-Gateway", "0123456789abcdef"), ("x_audience", "payout-team")], "legacy"),
    ])
    func theGatewayProvesThatItSetTheAudience(proof: [(String, String)], side: String) async throws {
        let traffic = RolloutRig.traffic(step: 1) {
            $0.audience = AudienceSource(header: "X-Audience", proof: ("X-Gateway", Array("0123456789abcdef".utf8)))
        }
        try await RolloutRig.with(traffic) { rig in
            try await rig.expect(side, "GET", "/v1/accounts/1", Self.team + proof)
            _ = try await rig.settled()
            for seen in rig.legacy.seen + rig.candidate.seen {
                #expect(seen.header("X-Gateway") == nil)
                #expect((seen.header("X-Audience") == nil) == (side == "legacy"))
            }
        }
    }

    /// A gateway that replaces its own header lets another spelling of it pass.
    @Test func anotherSpellingIsNobodysWord() async throws {
        let traffic = RolloutRig.traffic(step: 1) {
            $0.audience = AudienceSource(header: "X-Audience", proof: ("X-Gateway", Array("0123456789abcdef".utf8)))
        }
        try await RolloutRig.with(traffic) { rig in
            let proof = ("X-Gateway", "0123456789abcdef")
            try await rig.expect("legacy", "GET", "/v1/accounts/1", [("X_Audience", "payout-team"), proof])
            try await rig.expect("candidate", "GET", "/v1/accounts/1", [("x-AUDIENCE", "payout-team"), proof])
            _ = try await rig.settled()
            #expect(!rig.legacy.seen.contains { $0.headers.contains { $0[0].lowercased() == "x_audience" } })
        }
    }

    @Test func aConfiguredNameWithAnUnderscoreIsTheSameAsWithAHyphen() async throws {
        let traffic = RolloutRig.traffic(step: 1) {
            $0.audience = AudienceSource(header: "x_audience", proof: ("x_gateway", Array("0123456789abcdef".utf8)))
        }
        try await RolloutRig.with(traffic) { rig in
            try await rig.expect("legacy", "GET", "/v1/accounts/1", [("X-Audience", "payout-team"), ("X-Gateway", "guess")])
            try await rig.expect(
                "candidate", "GET", "/v1/accounts/1", [("x_audience", "payout-team"), ("x_gateway", "0123456789abcdef")])
            _ = try await rig.settled()
            for seen in rig.legacy.seen + rig.candidate.seen {
                #expect(!seen.headers.contains { $0[0].lowercased().hasSuffix("gateway") })
            }
            // Only what the gateway vouched for goes on.
            #expect(rig.legacy.seen.count { $0.headers.contains { $0[0].lowercased().hasSuffix("audience") } } == 1)
        }
    }

    @Test func theKillSwitchHoldsFromTheNextRequestOn() async throws {
        try await RolloutRig.with(RolloutRig.traffic(step: 3)) { rig in
            try await rig.expect("candidate", "POST", "/v1/accounts/1/interest-payouts")
            try await rig.expect("legacy", "GET", "/v1/rates")
            _ = try await rig.settled()
            await rig.proxy.place(RolloutRig.table(3, isKilled: true))
            try await rig.expect("legacy", "POST", "/v1/accounts/1/interest-payouts")
            try await rig.expect("legacy", "GET", "/v1/accounts/1")
            let counts = await rig.proxy.collect().counts
            #expect(counts[.bucketBelowShare] == 1 && counts[.noKey] == 1 && counts[.killed] == 2)
        }
    }

    @Test func aKeyWhoseLegacyIsBehindIsHeldUntilItHasCaughtUp() async throws {
        try await RolloutRig.with(RolloutRig.traffic(step: 3), change: { $0.limits.handOverWaitMs = 10_000 }) { rig in
            try await rig.takeAway(rig.legacy)
            try await rig.expect("candidate", "POST", "/v1/accounts/1/interest-payouts")
            #expect(try await rig.settled().behindKeys == 1)
            await rig.proxy.place(RolloutRig.table(3, isKilled: true))
            #expect(await rig.proxy.handOvers().keysBehind == 1)
            // Reads go where the key is; a write waits.
            try await rig.expect("candidate", "GET", "/v1/accounts/1")
            async let write = rig.side("POST", "/v1/accounts/1/interest-payouts")
            try await eventually("the write waits") { await rig.proxy.handOvers().writesWaiting == 1 }
            #expect(await rig.proxy.handOvers().keysLeaving == 1)
            try await rig.expect("candidate", "GET", "/v1/accounts/1")
            try await rig.bringBack(rig.legacy)
            let writtenAt = try await write
            #expect(writtenAt == "legacy")
            // In the order of the candidate's: first what the legacy had missed, then what it was asked itself.
            let writes = rig.legacy.seen.filter { $0.method == "POST" }
            #expect(writes.map { $0.header("X-Shadow-Mode") } == ["mirror", nil])
            try await rig.expect("legacy", "GET", "/v1/accounts/1")
            #expect(await rig.proxy.handOvers() == HandOverStanding(writtenKeys: 1))
        }
    }

    @Test func aHeldWriteIsRefusedInTheEnd() async throws {
        try await RolloutRig.with(RolloutRig.traffic(step: 3)) { rig in
            try await rig.takeAway(rig.legacy)
            _ = try await rig.side("POST", "/v1/accounts/1/interest-payouts")
            _ = try await rig.settled()
            await rig.proxy.place(RolloutRig.table(0))
            let caller = try await rig.caller()
            let answer = try await caller.call(
                "POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "2")], body: "{}")
            #expect(answer.status == 503 && answer.header("Retry-After") == "1")
            #expect(answer.bodyText.contains("to move to the other system"))
            #expect(await rig.proxy.snapshot().reached(.handOver) == 1)
            // Neither side had it.
            #expect(rig.candidate.seen.count { $0.header("Idempotency-Key") == "2" } == 0)
        }
    }

    @Test func nobodyWaitsForACandidateThatIsAway() async throws {
        try await RolloutRig.with(RolloutRig.traffic(step: 0)) { rig in
            try await rig.takeAway(rig.candidate)
            _ = try await rig.side("POST", "/v1/accounts/1/interest-payouts")
            #expect(try await rig.settled().behindKeys == 1)
            await rig.proxy.place(RolloutRig.table(3))
            try await rig.expect("legacy", "POST", "/v1/accounts/1/interest-payouts")
            // One of its two keys can't go there, so neither goes.
            let caller = try await rig.caller()
            let transfer = try await caller.call(
                "POST", "/v1/transfers", headers: [("Idempotency-Key", "t")], body: #"{"from":"2","to":"1"}"#)
            #expect(transfer.header("X-Side") == "legacy")
            try await rig.bringBack(rig.candidate)
            try await eventually("it has caught up") { await rig.proxy.snapshot().behindKeys == 0 }
            try await rig.expect("candidate", "POST", "/v1/accounts/1/interest-payouts")
        }
    }

    @Test func aKeyIsNotedBeforeTheCandidateGetsItsFirstWrite() async throws {
        let store = MemoryWrittenKeys()
        try await RolloutRig.with(RolloutRig.traffic(step: 3, store: store), change: { $0.lanes = 2 }) { rig in
            store.hold()
            async let first = rig.side("POST", "/v1/accounts/1/interest-payouts")
            try await eventually("it is to be noted") { store.notes == [["1"]] }
            #expect(rig.candidate.seen.isEmpty && rig.legacy.seen.isEmpty)
            store.letGo()
            let writtenAt = try await first
            #expect(writtenAt == "candidate")
            _ = try await rig.side("POST", "/v1/accounts/1/interest-payouts")
            _ = try await rig.side("GET", "/v1/accounts/2")
            #expect(store.notes == [["1"]])
            #expect(await rig.proxy.handOvers().writtenKeys == 1)
            store.refuse(true)
            // The legacy has all of a key that the candidate has never written, and goes on with it.
            try await rig.expect("legacy", "POST", "/v1/accounts/3/interest-payouts")
            #expect(!rig.candidate.seen.contains { $0.target.contains("/3/") && $0.header("X-Shadow-Mode") == nil })
            #expect(await rig.proxy.snapshot().reached(.writtenKeys) == 1)
            // What is noted goes on.
            try await rig.expect("candidate", "POST", "/v1/accounts/1/interest-payouts")
        }
    }

    @Test(arguments: RollbackPolicy.WrittenKeys.allCases)
    func afterARollbackTheLedgerDecidesOfWrittenKeys(policy: RollbackPolicy.WrittenKeys) async throws {
        let plan = RolloutRig.plan(policy)
        try await RolloutRig.with(RolloutRig.traffic(step: 3, plan)) { rig in
            _ = try await rig.side("POST", "/v1/accounts/1/interest-payouts")
            _ = try await rig.settled()
            await rig.proxy.place(RolloutRig.table(0, plan))
            if policy == .return { await rig.proxy.forgetWrittenKeys() }
            try await rig.expect(policy == .keep ? "candidate" : "legacy", "GET", "/v1/accounts/1")
            try await rig.expect("legacy", "GET", "/v1/accounts/2")
            #expect(await rig.proxy.handOvers().writtenKeys == (policy == .keep ? 1 : 0))
        }
    }

    @Test func aRestartPlacesKeysWhereTheyWere() async throws {
        let standings: [String: (standing: KeyStanding, cause: String, side: Side?)] = [
            "written": (.unverified, "by test", nil), "never": (.unverified, "by test", nil),
            "known": (.diverged, "by test", .candidate),
        ]
        for policy in RollbackPolicy.WrittenKeys.allCases {
            // In the shadow, as after a rollback that a crash followed.
            let plan = RolloutRig.plan(policy)
            let traffic = RolloutRig.traffic(step: 0, plan) { $0.written = ["written"] }
            try await RolloutRig.with(
                traffic, catchUp: MemoryCatchUp([], standings: standings),
                change: { $0.limits.writeLandsWithinMs = 300 }
            ) { rig in
                // The policy keeps the written one there by right.
                #expect(await rig.proxy.handOvers().keysBehind == (policy == .return ? 2 : 1))
                try await rig.expect("candidate", "GET", "/v1/accounts/written")
                // Once one agreed that was asked when nothing could be under way any more, nothing holds it.
                try await eventually("it goes where it is to be") {
                    let isProved = await rig.proxy.troubledKeys().allSatisfy { $0.key != "written" }
                    let side = try await rig.side("GET", "/v1/accounts/written")
                    return isProved && side == (policy == .return ? "legacy" : "candidate")
                }
                try await rig.expect("legacy", "POST", "/v1/accounts/never/interest-payouts")
                try await rig.expect("candidate", "GET", "/v1/accounts/known")
                // The legacy lacks a write of it: it is held until somebody has made both equal.
                try await rig.expect("503", "POST", "/v1/accounts/known/interest-payouts")
                await rig.proxy.trust("known")
                try await rig.expect("legacy", "POST", "/v1/accounts/known/interest-payouts")
            }
        }
    }

    /// A kill while the first write of a key waits for the disk.
    @Test func whatWaitsForTheDiskObeysAKill() async throws {
        let store = MemoryWrittenKeys()
        try await RolloutRig.with(RolloutRig.traffic(step: 3, store: store)) { rig in
            store.hold()
            async let write = rig.side("POST", "/v1/accounts/1/interest-payouts")
            try await eventually("it is to be noted") { store.notes == [["1"]] }
            await rig.proxy.place(RolloutRig.table(0, isKilled: true))
            await rig.proxy.forgetWrittenKeys()
            store.letGo()
            let answeredBy = try await write
            #expect(answeredBy == "legacy")
            #expect(await rig.proxy.handOvers().writtenKeys == 0)
            await rig.proxy.place(RolloutRig.table(3))
            try await rig.expect("candidate", "POST", "/v1/accounts/1/interest-payouts")
            // Noted again: what was forgotten is not taken for known.
            #expect(store.notes == [["1"], ["1"]])
        }
    }

    /// Read all the time, and never written: it moves all the same.
    @Test func aKeyThatIsOnlyReadLeavesTheCandidate() async throws {
        let latch = Latch()
        try await RolloutRig.with(
            RolloutRig.traffic(step: 3),
            legacy: { request in
                let answer: StubStep = .send(StubAnswer.json(200, "{}", headers: [("X-Side", "legacy")]))
                return request.index == 0 ? [.await(latch), answer] : [answer]
            }
        ) { rig in
            try await rig.expect("candidate", "GET", "/v1/accounts/1")
            await rig.proxy.place(RolloutRig.table(3, isKilled: true))
            // The legacy has yet to answer the first.
            for _ in 0..<3 { try await rig.expect("candidate", "GET", "/v1/accounts/1") }
            latch.open()
            try await eventually("the legacy answers") { (try? await rig.side("GET", "/v1/accounts/1")) == "legacy" }
            #expect(try await rig.settled().count(.notComparable) >= 3)
        }
    }

    /// A kill left it in doubt, and it is to leave the candidate: what proves it must not wait for those who wait for it.
    @Test(arguments: [true, false])
    func aKeyInDoubtIsProvedWhileWritesWaitToMoveIt(isReadBack: Bool) async throws {
        let doubt = MemoryCatchUp([], standings: ["1": (.unverified, "by test", .candidate)])
        try await RolloutRig.with(
            RolloutRig.traffic(step: 3) { $0.table = RolloutRig.table(3, isKilled: true) }, catchUp: doubt,
            legacy: RolloutRig.script("legacy", 503), candidate: RolloutRig.script("candidate", 503),
            change: { plan in
                plan.limits.handOverWaitMs = 10_000
                plan.limits.writeLandsWithinMs = 300
                for index in plan.operations.indices where isReadBack && plan.operations[index].mode == .mirroredWrite {
                    plan.operations[index].readBack = "/v1/accounts/{key}"
                }
            }
        ) { rig in
            async let write = rig.side("POST", "/v1/accounts/1/interest-payouts")
            try await eventually("the write waits") { await rig.proxy.handOvers().writesWaiting == 1 }
            // Both refuse, and so agree: that proves nothing.
            try await rig.expect("candidate", "GET", "/v1/accounts/1")
            #expect(doubt.now.standings["1"] != nil)
            rig.legacy.follow(RolloutRig.script("legacy"))
            rig.candidate.follow(RolloutRig.script("candidate"))
            if !isReadBack {
                // Nothing but a caller's own read can prove it, once nothing can be under way any more.
                try await eventually("a read has proved it") {
                    _ = try await rig.side("GET", "/v1/accounts/1")
                    return doubt.now.standings["1"] == nil
                }
            }
            let writtenAt = try await write
            #expect(writtenAt == "legacy")
            #expect(doubt.now.standings["1"] == nil)
        }
    }

    @Test func aBodyBeyondTheLimitIsNotTakenOnceKeysMove() async throws {
        try await RolloutRig.with(RolloutRig.traffic(step: 0), change: { $0.limits.bodyBytesMax = 64 }) { rig in
            let body = "{\"note\":\"" + String(repeating: "x", count: 200) + "\"}"
            let first = try await rig.pay(body)
            #expect(first == 200)
            await rig.proxy.place(RolloutRig.table(2))
            let second = try await rig.pay(body)
            #expect(second == 413)
            let books = try await rig.settled()
            #expect(books.count(.shed) == 1)
        }
    }

    @Test func onceRetiredTheLegacyIsAskedNothingOfWhatHasMoved() async throws {
        try await RolloutRig.with(RolloutRig.traffic(step: 3)) { rig in
            _ = try await rig.side("POST", "/v1/accounts/1/interest-payouts")
            _ = try await rig.settled()
            let before = rig.legacy.seen.count
            #expect(before == 1)
            await rig.proxy.retireLegacy()
            try await rig.expect("candidate", "POST", "/v1/accounts/1/interest-payouts")
            try await rig.expect("candidate", "GET", "/v1/accounts/1")
            #expect(try await rig.settled().count(.unsampled) == 2)
            #expect(rig.legacy.seen.count == before)
            // What names no key never moves: the legacy answers it, and the candidate goes on getting it.
            let asked = rig.candidate.seen.count
            try await rig.expect("legacy", "GET", "/v1/rates")
            _ = try await rig.settled()
            #expect(rig.candidate.seen.count == asked + 1)
        }
    }

    @Test func aWriteThatNoQueueOrdersIsRefusedWithASentence() throws {
        #expect {
            _ = try ShadowProxy(
                plan: {
                    let nowhere = SidePlan(endpoint: Endpoint(host: "127.0.0.1", port: 1))
                    return ProxyPlan(
                        listen: Endpoint(host: "127.0.0.1", port: 0), legacy: nowhere, candidate: nowhere,
                        operations: ProxyRig.operations)
                }(), counts: CountLedger(path: nil, lanes: 1), journal: WriteJournal(path: nil, lanes: 1),
                evidence: EvidenceBox(),
                catchUp: MemoryCatchUp(), rollout: RolloutRig.traffic(step: 0))
        } throws: {
            "\($0)".contains("status writes a key without `order: key`")
        }
    }
}
