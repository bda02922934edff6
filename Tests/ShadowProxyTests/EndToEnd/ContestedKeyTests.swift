import TestKit
import Testing
import Verdicts

@testable import ShadowProxy

@Suite struct ContestedKeyTests {
    static let different: StubSide.Script = { _ in [.send(StubAnswer.json(200, #"{"net":2}"#))] }

    @Test func orderedKeysAreSeenOnceAskedForAndOthersAreNot() async throws {
        try await withRig(change: { $0.lanes = 2 }) { rig in
            let caller = try await rig.caller()
            // Nobody has asked yet.
            _ = try await caller.call("GET", "/v1/accounts/before")
            #expect(await rig.proxy.keysSeen().hashes.isEmpty)
            for _ in 0..<3 { _ = try await caller.call("GET", "/v1/accounts/A") }
            _ = try await caller.call("POST", "/v1/transfers", body: #"{"from":"B","to":"C"}"#)
            _ = try await caller.call("GET", "/v1/rates")
            _ = try await rig.settled()
            let seen = await rig.proxy.keysSeen()
            #expect(Set(seen.hashes) == Set(["A", "B", "C"].map { RequestKey($0).hash }))
            #expect(seen.hashes.count == 3 && seen.dropped == 0)
            #expect(await rig.proxy.keysSeen().hashes.isEmpty)
        }
    }

    @Test func aContestedKeyIsNotComparableUntilItIsNoLonger() async throws {
        try await withRig(candidate: Self.different, change: { $0.lanes = 2 }) { rig in
            let caller = try await rig.caller()
            await rig.proxy.contest([RequestKey("A").hash])
            _ = try await caller.call("GET", "/v1/accounts/A")
            _ = try await caller.call("POST", "/v1/accounts/A/interest-payouts", headers: [("Idempotency-Key", "1")])
            _ = try await caller.call("POST", "/v1/transfers", body: #"{"from":"A","to":"B"}"#)
            var books = try await rig.settled()
            #expect(books.count(.notComparable) == 3 && books.count(.mismatch) == 0)
            // The shadow was asked all the same: it must not fall behind.
            #expect(rig.candidate.seen.count == 3)
            _ = try await caller.call("GET", "/v1/accounts/B")
            books = try await rig.settled()
            #expect(books.count(.mismatch) == 1)
            await rig.proxy.contest([])
            _ = try await caller.call("GET", "/v1/accounts/A")
            books = try await rig.settled()
            #expect(books.count(.mismatch) == 2 && books.count(.notComparable) == 3)
        }
    }

    @Test(.timeLimit(.minutes(1))) func askedAfterTheStopItHasNothingToSayAndHangsNobody() async throws {
        let rig = try await ProxyRig.start()
        _ = await rig.proxy.keysSeen()
        try await rig.stop()
        #expect(await rig.proxy.keysSeen().hashes.isEmpty)
        await rig.proxy.contest([1])
        #expect(await rig.proxy.troubledKeys().isEmpty)
        #expect(await rig.proxy.snapshot().received == 0)
    }

    @Test func theTableHoldsEachKeyOnceAndCountsWhatFindsNoRoom() {
        let sightings = KeySightings()
        let keys = (0..<UInt64(KeySightings.keysMax)).map { $0 &* 0x9e37_79b9_7f4a_7c15 }
        for _ in 0..<2 { for key in keys { sightings.note(key) } }
        #expect(sightings.count == keys.count && sightings.dropped == 0)
        // 0 marks a free slot: that key goes by 1.
        #expect(Set(sightings.hashes) == Set(keys).subtracting([0]).union([1]))
        sightings.note(.max)
        sightings.note(keys[5])
        #expect(sightings.count == keys.count && sightings.dropped == 1)
    }
}
