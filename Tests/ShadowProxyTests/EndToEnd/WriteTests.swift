import NIOConcurrencyHelpers
import ShadowProxy
import TestKit
import Testing
import Verdicts

@Suite struct WriteTests {
    private let key = [("Idempotency-Key", "k-1"), ("Content-Type", "application/json")]
    private let body = #"{"channel":"MOBILE"}"#

    @Test func writeGoesToTheShadowAfterThePrimaryAnswered() async throws {
        let latch = Latch()
        try await withRig(
            legacy: { _ in [.await(latch), .send(StubAnswer.json(201, "{}"))] },
            candidate: { _ in
                [.send(StubAnswer.json(201, "{}"))]
            }
        ) { rig in
            let caller = try await rig.caller()
            try await caller.send(RawCaller.request("POST", "/v1/accounts/7/interest-payouts", headers: key, body: body))
            try await eventually("the primary has it") { rig.legacy.seen.count == 1 }
            #expect(rig.candidate.seen.isEmpty)
            latch.open()
            #expect(try await caller.answer().status == 201)
            let books = try await rig.settled()
            #expect(books.count(.match) == 1)
            let primary = try #require(rig.legacy.seen.first)
            let shadow = try #require(rig.candidate.seen.first)
            #expect(shadow.header("X-Shadow-Mode") == "mirror")
            #expect(primary.header("X-Shadow-Mode") == nil)
            #expect(shadow.headers.filter { $0[0] != "X-Shadow-Mode" } == primary.headers)
            #expect(shadow.body == primary.body)
        }
    }

    @Test(arguments: [408, 425, 429]) func notDoneGoesNowhere(status: Int) async throws {
        try await withRig(legacy: { _ in [.send(StubAnswer.problem(status, code: "X"))] }) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("POST", "/v1/accounts/7/interest-payouts", headers: key, body: body).status == status)
            let books = try await rig.settled()
            #expect(books.count(.notComparable) == 1)
            #expect(rig.candidate.seen.isEmpty)
        }
    }

    @Test(arguments: [("ACCOUNT_BUSY", 0), ("ALREADY_PAID_TODAY", 1)])
    func notDoneIsToldByItsCode(code: String, shadowed: Int) async throws {
        try await withRig(
            legacy: { _ in [.send(StubAnswer.problem(409, code: code))] },
            candidate: { _ in [.send(StubAnswer.problem(409, code: "ALREADY_PAID_TODAY"))] }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("POST", "/v1/accounts/7/interest-payouts", headers: key, body: body).status == 409)
            let books = try await rig.settled()
            #expect(rig.candidate.seen.count == shadowed)
            #expect(books.count(.match) == shadowed)
        }
    }

    @Test func keyOrderHoldsOnBothSides() async throws {
        // Both sides answer with the order in which requests of the key came to them.
        @Sendable func counting() -> StubSide.Script {
            let counts = NIOLockedValueBox<[String: Int]>([:])
            return { request in
                let account = request.target.split(separator: "/")[2]
                let number = counts.withLockedValue { counts in
                    counts[String(account), default: 0] += 1
                    return counts[String(account), default: 0]
                }
                return [.send(StubAnswer.json(200, #"{"number":\#(number)}"#))]
            }
        }
        try await withRig(legacy: counting(), candidate: counting(), change: { $0.lanes = 2 }) { rig in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for connection in 0..<8 {
                    group.addTask {
                        let caller = try await rig.caller()
                        for number in 0..<40 {
                            let account = (connection + number) % 5
                            let answer =
                                number % 3 == 0
                                ? try await caller.call(
                                    "POST", "/v1/accounts/\(account)/interest-payouts",
                                    headers: [("Idempotency-Key", "\(connection)-\(number)")],
                                    body: "{}")
                                : try await caller.call("GET", "/v1/accounts/\(account)")
                            #expect(answer.status == 200)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let books = try await rig.settled()
            #expect(books.count(.match) == 320)
            #expect(books.received == 320)
            #expect(books.keys == 0)
        }
    }

    @Test func transfersOverTwoLanesKeepTheOrderOfBothAccounts() async throws {
        @Sendable func books() -> StubSide.Script {
            let balances = NIOLockedValueBox<[String: Int]>([:])
            return { request in
                let parts = request.bodyText.split(separator: "\"").map(String.init)
                guard parts.count > 7 else { return [.send(StubAnswer.problem(400, code: "MALFORMED_REQUEST"))] }
                let (from, to) = (parts[3], parts[7])
                let text = balances.withLockedValue { balances in
                    // Not commutative, so that another order shows.
                    balances[from] = (balances[from] ?? 1) &* 31 &+ 7
                    balances[to] = (balances[to] ?? 1) &* 17 &+ (balances[from] ?? 0)
                    return #"{"from":"\#(balances[from] ?? 0)","to":"\#(balances[to] ?? 0)"}"#
                }
                return [.send(StubAnswer.json(201, text))]
            }
        }
        try await withRig(legacy: books(), candidate: books(), change: { $0.lanes = 3 }) { rig in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for connection in 0..<8 {
                    group.addTask {
                        var random = SplitMix64(seed: UInt64(connection))
                        let caller = try await rig.caller()
                        for _ in 0..<40 {
                            let from = Int.random(in: 0..<6, using: &random)
                            let to = (from + Int.random(in: 1..<6, using: &random)) % 6
                            let answer = try await caller.call(
                                "POST", "/v1/transfers", headers: [("Idempotency-Key", "\(connection)")],
                                body: #"{"from":"a\#(from)","to":"a\#(to)"}"#)
                            #expect(answer.status == 201)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let books = try await rig.settled()
            #expect(books.count(.match) == 320)
            #expect(books.keys == 0)
        }
    }

    @Test func unansweredWriteIsAskedAgainAndReachesTheShadowOnce() async throws {
        try await withRig(
            legacy: { request in request.index < 2 ? [.silence] : [.send(StubAnswer.json(201, "{}"))] },
            candidate: { _ in [.send(StubAnswer.json(201, "{}"))] }, change: { $0.legacy.answerTimeoutMs = 500 }
        ) { rig in
            let caller = try await rig.caller()
            let other = try await rig.caller()
            #expect(try await caller.call("POST", "/v1/accounts/7/interest-payouts", headers: key, body: body).status == 504)
            // Held until the write is settled.
            #expect(try await other.call("GET", "/v1/accounts/7").status == 201)
            let books = try await rig.settled()
            #expect(books.count(.primaryError) == 1)
            #expect(books.count(.match) == 1)
            let asked = rig.legacy.seen.filter { $0.method == "POST" }
            #expect(asked.count >= 3)
            #expect(Set(asked.map(\.headBytes)).count == 1)
            #expect(rig.legacy.seen.last?.method == "GET")
            #expect(rig.candidate.seen.map(\.method) == ["POST", "GET"])
        }
    }

    @Test func withoutAnIdempotencyKeyTheKeyIsUnverifiedAndFlows() async throws {
        try await withRig(
            legacy: { request in [.send(request.method == "POST" ? StubAnswer.json(500, "{}") : StubAnswer.json(200, "{}"))] },
            candidate: { _ in [.send(StubAnswer.json(200, #"{"other":1}"#))] },
            change: { $0.limits.writeLandsWithinMs = 300 }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("POST", "/v1/accounts/7/interest-payouts", body: body).status == 500)
            _ = try await rig.settled()
            #expect(rig.candidate.seen.isEmpty)
            #expect(try await caller.call("GET", "/v1/accounts/7").status == 200)
            var books = try await rig.settled()
            #expect(books.unverifiedKeys == 1)
            #expect(books.count(.notComparable) == 1)
            #expect(rig.catchUp.now.standings["7"]?.standing == .unverified)
            // One read that agrees makes it trusted again, once nothing can be under way any more.
            rig.candidate.follow { _ in [.send(StubAnswer.json(200, "{}"))] }
            try await eventually("it is trusted again") {
                guard try await caller.call("GET", "/v1/accounts/7").status == 200 else { return false }
                return await rig.proxy.snapshot().unverifiedKeys == 0
            }
            #expect(try await caller.call("GET", "/v1/accounts/7").status == 200)
            books = try await rig.settled()
            #expect(books.count(.match) >= 1)
        }
    }

    @Test func unsettledWriteLeavesTheKeyUnverified() async throws {
        try await withRig(legacy: { _ in [.close] }, change: { $0.limits.settleTriesMax = 2 }) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("POST", "/v1/accounts/7/interest-payouts", headers: key, body: body).status == 502)
            let books = try await rig.settled()
            #expect(rig.legacy.seen.count == 3)
            #expect(books.unverifiedKeys == 1)
            #expect(rig.candidate.seen.isEmpty)
        }
    }

    @Test func refusedConnectionIsNotUncertain() async throws {
        try await withRig { rig in
            try await rig.takeAway(rig.legacy)
            let caller = try await rig.caller()
            #expect(try await caller.call("POST", "/v1/accounts/7/interest-payouts", headers: key, body: body).status == 502)
            let books = try await rig.settled()
            #expect(books.unverifiedKeys == 0)
            #expect(books.count(.primaryError) == 1)
        }
    }

    /// Unless the primary refused it: then nothing was done.
    @Test(arguments: [(200, 1), (302, 1), (400, 0), (401, 0), (404, 0), (429, 0), (499, 0), (500, 1), (503, 1)])
    func neverCallLeavesItsKeyUnverified(status: Int, unverified: Int) async throws {
        try await withRig(legacy: { _ in [.send(StubAnswer.json(status, "{}"))] }) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("POST", "/v1/accounts/7/status", body: "{}").status == status)
            let books = try await rig.settled()
            #expect(books.count(.never) == 1)
            #expect(books.unverifiedKeys == unverified)
            #expect(books.keys == unverified, "what is not in doubt is forgotten")
        }
    }

    @Test func aReadThatWasAskedBeforeDoesNotVouchForTheKey() async throws {
        let latch = Latch()
        try await withRig(
            legacy: { _ in [.send(StubAnswer.json(200, "{}"))] },
            candidate: { _ in [.await(latch), .send(StubAnswer.json(200, "{}"))] },
            change: { plan in
                for index in plan.operations.indices where plan.operations[index].name == "account" {
                    plan.operations[index].order = .none
                }
            }
        ) { rig in
            let caller = try await rig.caller()
            // The primary answers the read; the shadow is still at it when the key becomes unverified.
            #expect(try await caller.call("GET", "/v1/accounts/7").status == 200)
            #expect(try await caller.call("POST", "/v1/accounts/7/status", body: "{}").status == 200)
            latch.open()
            var books = try await rig.settled()
            #expect(books.count(.notComparable) == 1)
            #expect(books.unverifiedKeys == 1)
            #expect(try await caller.call("GET", "/v1/accounts/7").status == 200)
            try await eventually("the later read vouches for it") { await rig.proxy.snapshot().unverifiedKeys == 0 }
            books = try await rig.settled()
            #expect(books.count(.notComparable) == 2)
        }
    }

    @Test func fullKeyQueueAnswers503() async throws {
        let latch = Latch()
        try await withRig(
            legacy: { request in [.await(latch), .send(StubAnswer.json(200, "{}"))] },
            candidate: { _ in [.send(StubAnswer.json(200, "{}"))] }, change: { $0.limits.queuedPerKeyMax = 2 }
        ) { rig in
            var callers: [RawCaller] = []
            for number in 0..<3 {
                let caller = try await rig.caller()
                try await caller.send(RawCaller.request("GET", "/v1/accounts/7"))
                callers.append(caller)
                try await eventually("it waits") {
                    let snapshot = await rig.proxy.snapshot()
                    return snapshot.inFlight == number + 1
                }
            }
            let refused = try await rig.caller().call("GET", "/v1/accounts/7")
            #expect(refused.status == 503)
            #expect(refused.header("Retry-After") == "1")
            latch.open()
            for caller in callers { #expect(try await caller.answer().status == 200) }
            let books = try await rig.settled()
            #expect(books.count(.shed) == 1)
            #expect(books.reached(.queuedPerKey) == 1)
            #expect(books.isConserved)
        }
    }
}
