import NIOConcurrencyHelpers
import ShadowProxy
import TestKit
import Testing
import Verdicts

@Suite struct LifecycleTests {
    @Test func reloadDropsNoConnection() async throws {
        try await withRig(change: { $0.lanes = 2 }) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates").status == 200)
            var plan = rig.plan
            plan.operations = []
            try await rig.proxy.reload(plan)
            #expect(try await caller.call("GET", "/v1/rates").status == 200)
            let books = try await rig.settled()
            #expect(books.count(.match) == 1)
            #expect(books.count(.never) == 1)
        }
    }

    @Test func reloadMovesASide() async throws {
        let other = try await StubSide.start { _ in [.send(StubAnswer.json(200, #""other""#))] }
        try await withRig { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates").status == 200)
            var plan = rig.plan
            plan.legacy.endpoint.port = other.port
            try await rig.proxy.reload(plan)
            #expect(try await caller.call("GET", "/v1/rates").bodyText == #""other""#)
            #expect(rig.legacy.seen.count == 1)
        }
        try await other.shutdown()
    }

    @Test func whatARestartAloneCanChangeIsRefused() async throws {
        try await withRig { rig in
            var plan = rig.plan
            plan.lanes = 2
            await #expect(throws: PlanError.self) { try await rig.proxy.reload(plan) }
            plan = rig.plan
            plan.listen.port = 1
            await #expect(throws: PlanError.self) { try await rig.proxy.reload(plan) }
        }
    }

    @Test func aSecondProcessOnThePortFails() async throws {
        try await withRig { rig in
            var plan = rig.plan
            plan.listen.port = rig.port
            let second = try ShadowProxy(
                plan: plan, counts: CountLedger(path: nil, lanes: 1), journal: WriteJournal(path: nil, lanes: 1),
                evidence: EvidenceBox(), catchUp: MemoryCatchUp())
            await #expect(throws: ListenError.self) { _ = try await second.start() }
            await second.stop()
        }
    }

    @Test func stopAnswersWhatIsInFlight() async throws {
        let latch = Latch()
        let rig = try await ProxyRig.start(
            legacy: { _ in [.await(latch), .send(StubAnswer.json(200, "{}"))] },
            candidate: { _ in [.send(StubAnswer.json(200, "{}"))] }, change: { $0.lanes = 2 })
        let idle = try await rig.caller()
        let caller = try await rig.caller()
        try await caller.send(
            RawCaller.request("POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}"))
        try await eventually("it is at the primary") { rig.legacy.seen.count == 1 }
        let stopped = NIOLockedValueBox(false)
        let stopping = Task {
            await rig.proxy.stop()
            stopped.withLockedValue { $0 = true }
        }
        #expect(try await idle.untilClose().isEmpty)
        #expect(!stopped.withLockedValue { $0 })
        latch.open()
        #expect(try await caller.answer().status == 200)
        #expect(try await caller.untilClose().isEmpty)
        await stopping.value
        #expect(rig.candidate.seen.count == 1, "the shadow has it before the end")
        try await rig.legacy.shutdown()
        try await rig.candidate.shutdown()
    }

    @Test func aSlowCallerHasItsWholeAnswerAfterAStop() async throws {
        let body = String(repeating: "0123456789", count: 90_000)
        let rig = try await ProxyRig.start(
            legacy: { _ in [.send(StubAnswer.json(200, body))] }, candidate: { _ in [.send(StubAnswer.json(200, body))] })
        // More answers than the sockets between hold, so that some stay with the proxy; the caller takes none of them before the stop.
        let count = 15
        let caller = try await rig.caller()
        try await caller.pauseReading()
        try await caller.send((0..<count).flatMap { RawCaller.request("GET", "/v1/rates?\($0)") })
        try await eventually("all are answered") {
            let snapshot = await rig.proxy.snapshot()
            return rig.legacy.seen.count == count && snapshot.inFlight == 0 && snapshot.awaitingComparison == 0
        }
        let stopping = Task { await rig.proxy.stop() }
        try await eventually("it stops accepting") { (try? await rig.caller()) == nil }
        try await caller.resumeReading()
        for _ in 0..<count { #expect(try await caller.answer().bodyText == body) }
        #expect(try await caller.untilClose().isEmpty)
        await stopping.value
        try await rig.legacy.shutdown()
        try await rig.candidate.shutdown()
    }

    @Test func aRequestWhoseBodyComesAfterTheStopBeganIsAnswered() async throws {
        let rig = try await ProxyRig.start(change: { $0.lanes = 2 })
        let caller = try await rig.caller()
        // Its head comes with a read before it: when that is answered, the head is taken.
        try await caller.send(
            RawCaller.request("GET", "/v1/rates")
                + Array(
                    "POST /v1/accounts/1/interest-payouts HTTP/1.1\r\nHost: h\r\nIdempotency-Key: k\r\nContent-Length: 2\r\n\r\n"
                        .utf8))
        #expect(try await caller.answer().status == 200)
        let stopping = Task { await rig.proxy.stop() }
        try await eventually("it stops accepting") { (try? await rig.caller()) == nil }
        try await caller.send("{}")
        let answer = try await caller.answer()
        #expect(answer.status == 200)
        #expect(answer.header("Connection") == "close")
        #expect(try await caller.untilClose().isEmpty)
        await stopping.value
        #expect(rig.candidate.seen.count == 2, "the shadow has both before the end")
        try await rig.legacy.shutdown()
        try await rig.candidate.shutdown()
    }

    @Test func whatTheShadowHasNotTakenByTheEndIsKept() async throws {
        let rig = try await ProxyRig.start(
            candidate: { _ in [.silence] },
            change: {
                $0.limits.drainMs = 50
                $0.candidate.answerTimeoutMs = 60_000
            })
        let caller = try await rig.caller()
        #expect(
            try await caller.call("POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}")
                .status
                == 200)
        try await eventually("the shadow has it") { rig.candidate.seen.count == 1 }
        await rig.proxy.stop()
        #expect(rig.catchUp.now.writes.map(\.keys) == [["1"]])
        try await rig.legacy.shutdown()
        try await rig.candidate.shutdown()
    }

    @Test func stopIsBounded() async throws {
        let rig = try await ProxyRig.start(legacy: { _ in [.silence] }, change: { $0.limits.drainMs = 50 })
        let caller = try await rig.caller()
        try await caller.send(RawCaller.request("GET", "/v1/rates"))
        try await eventually("it is at the primary") { rig.legacy.seen.count == 1 }
        await rig.proxy.stop()
        #expect(try await caller.answer().status == 502)
        try await rig.legacy.shutdown()
        try await rig.candidate.shutdown()
    }

    @Test func twentyThousandRequestsAreConserved() async throws {
        // A candidate that fails in every way now and then.
        try await withRig(
            candidate: { request in
                switch request.index % 97 {
                case 13: [.reset]
                case 29: [.send(StubAnswer.problem(503, code: "X"))]
                case 41: [.send(Array("nonsense\r\n\r\n".utf8))]
                default: ProxyRig.echo(request)
                }
            },
            change: {
                $0.lanes = 2
                $0.limits.catchUpDelayMs = 1
                $0.limits.catchUpTriesMax = 1_000
                // One answer in 32 fails, those to the recheck too: two tries would end in doubt once in seven runs.
                $0.limits.recheckTriesMax = 6
            }
        ) { rig in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for connection in 0..<10 {
                    group.addTask {
                        var random = SplitMix64(seed: UInt64(connection))
                        let caller = try await rig.caller()
                        for number in 0..<100 {
                            // Twenty in one go: reads pipelined, writes alone.
                            var bytes: [UInt8] = []
                            for part in 0..<20 {
                                let account = Int.random(in: 0..<500, using: &random)
                                let key = [("Idempotency-Key", "\(connection)-\(number)-\(part)")]
                                switch Int.random(in: 0..<10, using: &random) {
                                case 0..<6: bytes += RawCaller.request("GET", "/v1/accounts/\(account)/interest")
                                case 6..<8:
                                    bytes += RawCaller.request(
                                        "POST", "/v1/accounts/\(account)/interest-payouts", headers: key, body: "{}")
                                case 8:
                                    bytes += RawCaller.request(
                                        "POST", "/v1/transfers", headers: key,
                                        body: #"{"from":"\#(account)","to":"\#(account + 1)"}"#)
                                default: bytes += RawCaller.request("GET", "/v1/rates?\(number)")
                                }
                            }
                            try await caller.send(bytes)
                            for _ in 0..<20 { #expect(try await caller.answer().status == 200) }
                            if number % 20 == 0 { #expect(await rig.proxy.snapshot().isConserved) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await eventually("all is caught up", within: 60) { await rig.proxy.snapshot().behindKeys == 0 }
            let books = try await rig.settled()
            #expect(books.received == 20_000)
            #expect(books.isConserved)
            #expect(books.count(.shadowError) > 0)
            // The candidate's 503 to a read is an answer that differs; asked again, the sides agree.
            let doubtful = rig.evidence.all.filter { $0.verdict == .mismatch && $0.persistence != .transient }
            #expect(doubtful.map { "\($0.operation) \($0.persistence) \($0.shadow?.status ?? 0) \($0.cause ?? "")" } == [])
            #expect(books.count(.primaryError) == 0)
            #expect(books.caughtUp > 0)
            #expect(books.divergedKeys == 0)
            #expect(rig.catchUp.now.writes.isEmpty)
            #expect(books.latencies.primary.count >= 20_000)
        }
    }
}
