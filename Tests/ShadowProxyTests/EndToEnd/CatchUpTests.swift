import NIOConcurrencyHelpers
import TestKit
import Testing
import Verdicts

@testable import ShadowProxy

@Suite struct CatchUpTests {
    private static let ok: StubSide.Script = { _ in [.send(StubAnswer.json(201, "{}"))] }

    private func pay(_ caller: RawCaller, _ account: String, _ key: String) async throws -> Int {
        try await caller.call(
            "POST", "/v1/accounts/\(account)/interest-payouts", headers: [("Idempotency-Key", key)], body: "{}"
        ).status
    }

    private func caughtUp(_ rig: ProxyRig) async throws -> ProxySnapshot {
        _ = try await rig.settled()
        try await eventually("everything is caught up") { await rig.proxy.snapshot().behindKeys == 0 }
        return try await rig.settled()
    }

    @Test func missedWritesAreCaughtUpInOrder() async throws {
        try await withRig(legacy: Self.ok, candidate: Self.ok) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            for number in 0..<5 { #expect(try await pay(caller, "7", "k-\(number)") == 201) }
            #expect(try await caller.call("GET", "/v1/accounts/7").status == 201)
            let behind = try await rig.settled()
            #expect(behind.behindKeys == 1)
            #expect(behind.count(.shadowError) == 1)
            // Four writes and a read: not compared, and the cause is named.
            #expect(behind.count(.notComparable) == 5)
            #expect(behind.isConserved)
            #expect(rig.catchUp.now.writes.count == 5)

            try await rig.bringBack(rig.candidate)
            let books = try await caughtUp(rig)
            #expect(books.caughtUp == 5)
            #expect(books.caughtUpDifferent == 0)
            #expect(rig.catchUp.now.writes.isEmpty)
            let sent = rig.candidate.seen
            #expect(sent.map { $0.header("Idempotency-Key") } == (0..<5).map { "k-\($0)" })
            #expect(sent.map { $0.header("X-Request-Time") } == rig.legacy.seen.prefix(5).map { $0.header("X-Request-Time") })
            #expect(sent.allSatisfy { $0.header("X-Shadow-Mode") == "mirror" && $0.bodyText == "{}" })

            // The key is comparable again.
            #expect(try await caller.call("GET", "/v1/accounts/7").status == 201)
            #expect(try await rig.settled().count(.match) == 1)
        }
    }

    @Test func lateAnswerThatDiffersIsEvidence() async throws {
        try await withRig(legacy: Self.ok, candidate: { _ in [.send(StubAnswer.json(201, #"{"late":1}"#))] }) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            #expect(try await pay(caller, "7", "k") == 201)
            _ = try await rig.settled()
            try await rig.bringBack(rig.candidate)
            let books = try await caughtUp(rig)
            #expect(books.caughtUpDifferent == 1)
            let late = try #require(rig.evidence.all.first { $0.caughtUp })
            #expect(late.verdict == .mismatch)
            #expect(late.keys == ["7"])
            #expect(books.count(.mismatch) == 0, "counted apart from the one verdict of the request")
            #expect(books.isConserved)
        }
    }

    @Test(arguments: [
        ("hangs", [StubStep.silence]), ("answers 500", [.send(StubAnswer.problem(500, code: "X"))]),
        ("answers not-done", [.send(StubAnswer.problem(429, code: "X"))]), ("resets", [.reset]),
        ("sends garbage", [.send(Array("hello\r\n\r\n".utf8))]),
    ])
    func whateverTheShadowDidNotTakeIsSentAgain(what: String, steps: [StubStep]) async throws {
        try await withRig(
            legacy: Self.ok, candidate: { $0.index == 0 ? steps : [.send(StubAnswer.json(201, "{}"))] },
            change: { $0.candidate.answerTimeoutMs = 500 }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await pay(caller, "7", "k") == 201)
            let books = try await caughtUp(rig)
            #expect(books.caughtUp == 1)
            #expect(books.count(.shadowError) + books.count(.shadowTimeout) == 1)
            #expect(rig.evidence.all.count == 1)
            #expect(rig.candidate.seen.count >= 2)
            #expect(rig.candidate.seen.allSatisfy { $0.header("Idempotency-Key") == "k" })
        }
    }

    @Test func aSettledWriteThatTheShadowMissesIsCaughtUpWithTheSettledAnswer() async throws {
        try await withRig(
            legacy: { $0.index == 0 ? [.reset] : [.send(StubAnswer.json(201, #"{"n":1}"#))] },
            candidate: { _ in [.send(StubAnswer.json(201, #"{"n":1}"#))] }
        ) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            #expect(try await pay(caller, "7", "k") == 502)
            try await eventually("the write is kept") { rig.catchUp.now.everAppended.count == 1 }
            try await rig.bringBack(rig.candidate)
            let books = try await caughtUp(rig)
            #expect(books.count(.primaryError) == 1)
            #expect(books.caughtUp == 1)
            #expect(books.caughtUpDifferent == 0)
            #expect(books.isConserved)
            #expect(rig.candidate.seen.map { $0.header("Idempotency-Key") } == ["k"])
        }
    }

    @Test func aWriteWithoutAKeyIsCaughtUpToo() async throws {
        try await withRig(
            legacy: Self.ok, candidate: Self.ok,
            change: { plan in
                plan.operations.append(
                    OperationPlan(name: "note", method: "POST", pathTemplate: "/v1/notes", mode: .mirroredWrite))
            }
        ) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            #expect(try await caller.call("POST", "/v1/notes", headers: [("Idempotency-Key", "k")], body: "{}").status == 201)
            _ = try await rig.settled()
            try await rig.bringBack(rig.candidate)
            #expect(try await caughtUp(rig).caughtUp == 1)
            #expect(rig.candidate.seen.count == 1)
        }
    }

    @Test(arguments: [
        ("hangs", [StubStep.silence], 1), ("answers 500", [.send(StubAnswer.problem(500, code: "X"))], 1),
        ("resets", [.reset], 1),
        ("answers not-done", [.send(StubAnswer.problem(429, code: "X"))], 2),
    ])
    func withoutAnIdempotencyKeyWhatMayHaveReachedTheShadowIsNotSentAgain(
        what: String, steps: [StubStep], sendings: Int
    ) async throws {
        try await withRig(
            legacy: Self.ok, candidate: { $0.index == 0 ? steps : [.send(StubAnswer.json(201, "{}"))] },
            change: { $0.candidate.answerTimeoutMs = 500 }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("POST", "/v1/accounts/7/interest-payouts", body: "{}").status == 201)
            let books = try await caughtUp(rig)
            #expect(rig.candidate.seen.count == sendings)
            #expect(rig.catchUp.now.everAppended.count == sendings - 1)
            #expect(books.unverifiedKeys == (sendings == 1 ? 1 : 0))
            #expect(books.caughtUp == sendings - 1)
            #expect(rig.evidence.all.count == 1)
            #expect(books.isConserved)
        }
    }

    @Test func withoutAnIdempotencyKeyTheCatchUpSendsItOnce() async throws {
        try await withRig(legacy: Self.ok, candidate: { _ in [.reset] }) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            // Refused before a byte of it was written: kept.
            #expect(try await caller.call("POST", "/v1/accounts/7/interest-payouts", body: "{}").status == 201)
            try await eventually("the write is kept") { rig.catchUp.now.everAppended.count == 1 }
            try await rig.bringBack(rig.candidate)
            let books = try await caughtUp(rig)
            #expect(rig.candidate.seen.count == 1)
            #expect(books.givenUp == 1)
            #expect(books.unverifiedKeys == 1)
            #expect(rig.evidence.all.contains { $0.caughtUp && $0.cause?.contains("not sent again") == true })
        }
    }

    @Test func aWriteOfTwoKeysWaitsForBoth() async throws {
        try await withRig(legacy: Self.ok, candidate: Self.ok, change: { $0.lanes = 2 }) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            #expect(try await pay(caller, "a", "1") == 201)
            #expect(try await pay(caller, "b", "2") == 201)
            #expect(
                try await caller.call(
                    "POST", "/v1/transfers", headers: [("Idempotency-Key", "3")], body: #"{"from":"a","to":"b"}"#
                ).status == 201)
            #expect(try await pay(caller, "b", "4") == 201)
            #expect(try await pay(caller, "a", "5") == 201)
            #expect(try await rig.settled().behindKeys == 2)
            try await rig.bringBack(rig.candidate)
            let books = try await caughtUp(rig)
            #expect(books.caughtUp == 5)
            let order = rig.candidate.seen.compactMap { $0.header("Idempotency-Key") }
            #expect(Set(order.prefix(2)) == ["1", "2"])
            #expect(order.dropFirst(2).first == "3")
            #expect(Set(order.suffix(2)) == ["4", "5"])
            #expect(books.keys == 0)
        }
    }

    @Test func aWriteThatNeverPassesMakesItsKeyDiverge() async throws {
        try await withRig(
            legacy: Self.ok,
            candidate: { request in
                [.send(request.target.contains("/bad/") ? StubAnswer.problem(500, code: "X") : StubAnswer.json(201, "{}"))]
            }, change: { $0.limits.catchUpTriesMax = 3 }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await pay(caller, "bad", "1") == 201)
            #expect(try await pay(caller, "bad", "2") == 201)
            #expect(try await pay(caller, "good", "3") == 201)
            try await eventually("the key has diverged") { await rig.proxy.snapshot().divergedKeys == 1 }
            let books = try await caughtUp(rig)
            #expect(books.givenUp == 2)
            #expect(rig.catchUp.now.writes.isEmpty)
            #expect(rig.catchUp.now.standings["bad"]?.standing == .diverged)
            #expect(rig.evidence.all.contains { $0.verdict == .shadowError && $0.caughtUp })
            #expect(try await caller.call("GET", "/v1/accounts/bad").status == 201)
            let after = try await rig.settled()
            #expect(after.count(.notComparable) == books.count(.notComparable) + 1)
            #expect(after.isConserved)
        }
    }

    /// The good answers come to another lane than the one that catches up.
    @Test func aWriteThatCrashesItsHandlerMakesItsKeyDiverge() async throws {
        let good = try #require((0..<64).map { "good-\($0)" }.first { RequestKey($0).lane(of: 2) == 1 })
        try await withRig(
            legacy: Self.ok, candidate: { $0.target.contains("/bad/") ? [.reset] : [.send(StubAnswer.json(201, "{}"))] },
            change: {
                $0.lanes = 2
                $0.limits.catchUpTriesMax = 3
            }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await pay(caller, "bad", "1") == 201)
            try await eventually("the key has diverged") {
                _ = try await pay(caller, good, "2")
                return await rig.proxy.snapshot().divergedKeys == 1
            }
            let books = try await caughtUp(rig)
            #expect(books.givenUp == 1)
            #expect(await rig.proxy.troubledKeys().map(\.key) == ["bad"])
            #expect(rig.evidence.all.contains { $0.caughtUp && $0.cause?.hasPrefix("sent 3 times in vain") == true })
        }
    }

    @Test func aShadowThatIsDownMakesNoKeyDiverge() async throws {
        try await withRig(
            legacy: Self.ok, candidate: Self.ok,
            change: {
                $0.limits.catchUpTriesMax = 2
                $0.limits.catchUpDelayMs = 1
            }
        ) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            for number in 0..<6 { #expect(try await pay(caller, "\(number)", "k-\(number)") == 201) }
            // Many times the tries that a write has: each is refused, none counts.
            try await eventually("all are kept") { rig.catchUp.now.everAppended.count == 6 }
            try await eventually("it was tried again and again") { await rig.proxy.snapshot().catchUpFailures > 10 }
            #expect(rig.catchUp.now.attempts.isEmpty)
            try await rig.bringBack(rig.candidate)
            let books = try await caughtUp(rig)
            #expect(books.divergedKeys == 0)
            #expect(books.caughtUp == 6)
        }
    }

    @Test func aShadowThatFailsAgainAndAgainIsLetRest() async throws {
        try await withRig(legacy: Self.ok, candidate: Self.ok) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            for number in 0..<40 { #expect(try await pay(caller, "\(number)", "k-\(number)") == 201) }
            let resting = try await rig.settled()
            // Five refusals, then a try each half second; the rest was not asked, and that is counted.
            #expect((5...8).contains(resting.count(.shadowError)))
            #expect(resting.count(.shadowError) + resting.count(.shed) == 40)
            #expect(resting.reached(.shadowRests) == 1)
            #expect(resting.isConserved)
            try await rig.bringBack(rig.candidate)
            let books = try await caughtUp(rig)
            #expect(books.caughtUp == 40)
            // It is asked again: what is compared then is not only what was caught up.
            try await eventually("the rest ends") {
                _ = try await caller.call("GET", "/v1/accounts/7")
                return await rig.proxy.snapshot().count(.match) > 1
            }
        }
    }

    /// More keys than are held in memory at once, and one that all of them wait for: nothing may wait in a circle.
    @Test func manyKeysThatShareOneAreCaughtUp() async throws {
        try await withRig(legacy: Self.ok, candidate: Self.ok, change: { $0.lanes = 2 }) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            for number in 0..<400 {
                let body = #"{"from":"a\#(number)","to":"hub"}"#
                #expect(
                    try await caller.call("POST", "/v1/transfers", headers: [("Idempotency-Key", "t-\(number)")], body: body)
                        .status == 201)
                if number % 3 == 0 { #expect(try await pay(caller, "a\(number)", "p-\(number)") == 201) }
            }
            _ = try await rig.settled()
            try await rig.bringBack(rig.candidate)
            let books = try await caughtUp(rig)
            #expect(books.caughtUp == 400 + 134)
            #expect(rig.catchUp.now.writes.isEmpty)
            let sent = rig.candidate.seen.compactMap { $0.header("Idempotency-Key") }
            #expect(sent.filter { $0.hasPrefix("t-") } == (0..<400).map { "t-\($0)" }, "the hub's in their order")
            for number in stride(from: 0, to: 400, by: 3) {
                let transfer = try #require(sent.firstIndex(of: "t-\(number)"))
                let payout = try #require(sent.firstIndex(of: "p-\(number)"))
                #expect(transfer < payout)
            }
        }
    }

    @Test func aResyncedKeysWritesAreNotSentAnyMore() async throws {
        try await withRig(legacy: Self.ok, candidate: Self.ok, change: { $0.lanes = 2 }) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            #expect(try await pay(caller, "a", "1") == 201)
            #expect(
                try await caller.call(
                    "POST", "/v1/transfers", headers: [("Idempotency-Key", "2")], body: #"{"from":"a","to":"b"}"#
                ).status == 201)
            #expect(try await pay(caller, "b", "3") == 201)
            try await eventually("all are kept") { rig.catchUp.now.everAppended.count == 3 }
            // The first is in the drain's memory, waiting for its next try.
            try await eventually("it was tried") { await rig.proxy.snapshot().catchUpFailures > 0 }
            rig.catchUp.drop(key: "a")
            await rig.proxy.trust("a")
            try await rig.bringBack(rig.candidate)
            let books = try await caughtUp(rig)
            #expect(rig.candidate.seen.map { $0.header("Idempotency-Key") } == ["3"])
            #expect(books.caughtUp == 1)
            #expect(await rig.proxy.troubledKeys().map(\.key) == ["b"], "the transfer was its write too")
        }
    }

    @Test func whatCannotBeKeptDiverges() async throws {
        let store = MemoryCatchUp()
        store.refuseAppends(true)
        try await withRig(legacy: Self.ok, catchUp: store) { rig in
            let caller = try await rig.caller()
            try await rig.takeAway(rig.candidate)
            #expect(try await pay(caller, "7", "k") == 201)
            try await eventually("the key has diverged") { await rig.proxy.snapshot().divergedKeys == 1 }
            let books = try await rig.settled()
            #expect(books.behindKeys == 0)
            #expect(books.reached(.catchUpQueue) == 1)
            #expect(rig.evidence.all.contains { $0.cause?.contains("could not be kept") == true })
        }
    }

    @Test func anEarlierRunsQueueIsSentFirst() async throws {
        let request = RecordedRequest(
            method: "POST", target: "/v1/accounts/7/interest-payouts",
            headers: [["Host", "h"], ["Idempotency-Key", "old"], ["X-Request-Time", "t"], ["Content-Length", "2"]],
            body: [123, 125],
            instant: "t")
        let primary = RecordedAnswer(
            side: .legacy, status: 201, headers: [["Content-Type", "application/json"]], body: [123, 125], latencyMicroseconds: 1)
        let store = MemoryCatchUp([
            MissedWrite(keys: ["7"], operation: "payout", side: .candidate, request: request, primary: primary, cause: "reset")
        ])
        try await withRig(legacy: Self.ok, candidate: Self.ok, catchUp: store) { rig in
            let books = try await caughtUp(rig)
            #expect(books.caughtUp == 1)
            #expect(books.caughtUpDifferent == 0)
            #expect(rig.candidate.seen.first?.header("Idempotency-Key") == "old")
        }
    }

    @Test func overTheBacklogBoundWritesGoToDiskAndReadsAreShed() async throws {
        let latch = Latch()
        try await withRig(
            legacy: Self.ok,
            candidate: {
                $0.index < 2 ? [.await(latch), .send(StubAnswer.json(201, "{}"))] : [.send(StubAnswer.json(201, "{}"))]
            },
            change: {
                $0.limits.shadowBacklogMax = 2
                $0.candidate.answerTimeoutMs = 5_000
            }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await pay(caller, "1", "k-1") == 201)
            #expect(try await pay(caller, "2", "k-2") == 201)
            try await eventually("both are at the shadow") { rig.candidate.seen.count == 2 }
            // Full: a read is shed, a write of the same key cuts the one before it and both are kept in order.
            #expect(try await caller.call("GET", "/v1/accounts/3").status == 201)
            #expect(try await pay(caller, "1", "k-3") == 201)
            let books = try await caughtUpButOne(rig)
            #expect(books.count(.shed) == 2)
            #expect(books.reached(.shadowBacklog) >= 2)
            latch.open()
            _ = try await caughtUp(rig)
            let sent = rig.candidate.seen.compactMap { $0.header("Idempotency-Key") }
            #expect(sent.filter { $0 != "k-2" } == ["k-1", "k-1", "k-3"])
        }
    }

    private func caughtUpButOne(_ rig: ProxyRig) async throws -> ProxySnapshot {
        try await eventually("only the held write is left") { await rig.proxy.snapshot().awaitingComparison <= 1 }
        return await rig.proxy.snapshot()
    }
}
