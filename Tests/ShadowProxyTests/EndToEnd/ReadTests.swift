import Comparison
import ShadowProxy
import TestKit
import Testing
import Verdicts

@Suite struct ReadTests {
    @Test func equalSidesMatch() async throws {
        try await withRig { rig in
            let caller = try await rig.caller()
            for number in 0..<20 {
                let answer = try await caller.call("GET", "/v1/accounts/1000-\(number)?a=b%20c")
                #expect(answer.status == 200)
                #expect(answer.bodyText == #"{"target":"/v1/accounts/1000-\#(number)?a=b%20c","body":"0"}"#)
            }
            let books = try await rig.settled()
            #expect(books.count(.match) == 20)
            #expect(books.received == 20)
            #expect(books.isConserved)
            #expect(rig.evidence.all.isEmpty)
        }
    }

    @Test func bothSidesGetTheSameBytes() async throws {
        try await withRig { rig in
            let caller = try await rig.caller()
            _ = try await caller.call(
                "GET", "/v1/accounts/7?q=1",
                headers: [("X-Custom", "a,  b"), ("X-Request-Time", "1999-01-01T00:00:00Z"), ("X-Shadow-Mode", "mirror")])
            _ = try await rig.settled()
            let primary = try #require(rig.legacy.seen.first)
            let shadow = try #require(rig.candidate.seen.first)
            #expect(primary.headBytes == shadow.headBytes)
            #expect(primary.header("X-Custom") == "a,  b")
            #expect(primary.header("X-Shadow-Mode") == nil)
            #expect(primary.header("Host") == "localhost")
            let instant = try #require(primary.header("X-Request-Time"))
            #expect(instant.count == 27 && instant.hasSuffix("Z") && !instant.hasPrefix("1999"))
            #expect(primary.header("Via") == "1.1 countersign")
            #expect(primary.header("X-Forwarded-For") == "127.0.0.1")
        }
    }

    @Test func trustedListenerPassesTheCallersInstant() async throws {
        try await withRig(change: { $0.trusted = true }) { rig in
            let caller = try await rig.caller()
            _ = try await caller.call("GET", "/v1/accounts/7", headers: [("X-Request-Time", "1999-01-01T00:00:00Z")])
            #expect(rig.legacy.seen.first?.header("X-Request-Time") == "1999-01-01T00:00:00Z")
        }
    }

    @Test func mismatchIsEvidence() async throws {
        try await withRig(candidate: { _ in [.send(StubAnswer.json(200, #"{"balance":2}"#))] }) { rig in
            rig.legacy.follow { _ in [.send(StubAnswer.json(200, #"{"balance":1}"#))] }
            let caller = try await rig.caller()
            let answer = try await caller.call("GET", "/v1/accounts/7")
            #expect(answer.bodyText == #"{"balance":1}"#)
            let books = try await rig.settled()
            #expect(books.count(.mismatch) == 1)
            let evidence = try #require(rig.evidence.all.first)
            #expect(evidence.operation == "account")
            #expect(evidence.keys == ["7"])
            #expect(evidence.persistence == .persistent)
            #expect(evidence.differences.map(\.path) == ["$.balance"])
            #expect(evidence.primary?.side == .legacy)
            #expect(evidence.shadow.map { String(decoding: $0.body, as: UTF8.self) } == #"{"balance":2}"#)
            #expect(evidence.request.target == "/v1/accounts/7")
        }
    }

    @Test func slowShadowDelaysNobody() async throws {
        let latch = Latch()
        try await withRig(candidate: { _ in [.await(latch), .send(StubAnswer.json(200, "{}"))] }) { rig in
            rig.legacy.follow { _ in [.send(StubAnswer.json(200, "{}"))] }
            let caller = try await rig.caller()
            for _ in 0..<5 { #expect(try await caller.call("GET", "/v1/accounts/7").status == 200) }
            let held = await rig.proxy.snapshot()
            #expect(held.awaitingComparison == 5)
            #expect(held.inFlight == 0)
            #expect(held.isConserved)
            latch.open()
            let books = try await rig.settled()
            #expect(books.count(.match) == 5)
        }
    }

    @Test func deadShadowIsAnError() async throws {
        try await withRig { rig in
            try await rig.takeAway(rig.candidate)
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/accounts/7").status == 200)
            let books = try await rig.settled()
            #expect(books.count(.shadowError) == 1)
            #expect(rig.evidence.all.map(\.cause) == ["shadow refused the connection"])
        }
    }

    @Test(arguments: [
        (
            "resets in mid-body", [StubStep.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8)), .reset],
            Verdict.shadowError
        ),
        ("sends garbage", [.send(Array("\u{1}\u{2}garbage\r\n\r\n".utf8))], .shadowError),
        ("closes at once", [.close], .shadowError),
        ("hangs", [.silence], .shadowTimeout),
        ("hangs in mid-body", [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8)), .silence], .shadowTimeout),
        (
            "never ends",
            [
                .send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)),
                .endless(Array(String(repeating: "5\r\nhello\r\n", count: 200).utf8)),
            ],
            .oversize
        ),
        (
            "never ends its head",
            [.send(Array("HTTP/1.1 200 OK\r\n".utf8)), .endless(Array(String(repeating: "X-A: b\r\n", count: 500).utf8))],
            .shadowError
        ),
    ])
    func whateverTheShadowDoesTheCallerGetsThePrimarysBytes(what: String, steps: [StubStep], verdict: Verdict) async throws {
        let body = #"{"n":1, "spaces" :  true}"#
        try await withRig(
            legacy: { _ in [.send(StubAnswer.json(200, body, headers: [("ETag", "\"x\"")]))] }, candidate: { _ in steps },
            change: {
                $0.candidate.answerTimeoutMs = verdict == .shadowTimeout ? 500 : 10_000
                $0.limits.bodyBytesMax = 10_000
            }
        ) { rig in
            let caller = try await rig.caller()
            let answer = try await caller.call("GET", "/v1/accounts/7")
            #expect(answer.bodyText == body)
            #expect(answer.header("ETag") == "\"x\"")
            let books = try await rig.settled()
            #expect(books.count(verdict) == 1, "\(what)")
            #expect(books.isConserved)
        }
    }

    @Test func aHangingShadowIsBoundedAndShed() async throws {
        try await withRig(
            candidate: { _ in [.silence] },
            change: {
                $0.lanes = 2
                $0.candidate.connectionsMax = 2
                $0.candidate.answerTimeoutMs = 1_500
                $0.limits.shadowBacklogMax = 20
            }
        ) { rig in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for connection in 0..<4 {
                    group.addTask {
                        let caller = try await rig.caller()
                        for number in 0..<50 {
                            #expect(try await caller.call("GET", "/v1/accounts/\(connection)-\(number)").status == 200)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(await rig.proxy.snapshot().candidateConnections <= 4)
            let books = try await rig.settled()
            #expect(books.received == 200)
            #expect(books.isConserved)
            #expect(books.count(.shed) > 0)
            #expect(books.count(.shed) + books.count(.shadowTimeout) == 200)
            // Shed at the bound, or while the shadow is let rest, which the bound on what waits for a connection began.
            #expect((1...books.count(.shed)).contains(books.reached(.shadowBacklog)))
            #expect((1...2).contains(books.reached(.shadowRests)), "each lane once at most")
            #expect(rig.candidate.connectionsAccepted < 200)
        }
    }

    @Test func callsWaitForABusyPrimaryInOrder() async throws {
        try await withRig(change: { $0.legacy.connectionsMax = 1 }) { rig in
            var callers: [RawCaller] = []
            for number in 0..<10 {
                let caller = try await rig.caller()
                try await caller.send(RawCaller.request("GET", "/v1/rates?\(number)"))
                callers.append(caller)
            }
            for caller in callers { #expect(try await caller.answer().status == 200) }
            #expect(rig.legacy.connectionsAccepted == 1)
            #expect(try await rig.settled().count(.match) == 10)
        }
    }

    @Test func primaryDownIsAnsweredAtOnce() async throws {
        try await withRig { rig in
            try await rig.takeAway(rig.legacy)
            let caller = try await rig.caller()
            let answer = try await caller.call("GET", "/v1/accounts/7")
            #expect(answer.status == 502)
            #expect(answer.header("Content-Type") == "application/problem+json")
            let books = try await rig.settled()
            #expect(books.count(.primaryError) == 1)
        }
    }

    @Test func primaryTimeoutIs504() async throws {
        try await withRig(legacy: { _ in [.silence] }, change: { $0.legacy.answerTimeoutMs = 100 }) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/accounts/7").status == 504)
            let books = try await rig.settled()
            #expect(books.count(.primaryError) == 1)
            #expect(books.isConserved)
        }
    }

    @Test func unknownCallsAreNever() async throws {
        try await withRig { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/elsewhere").status == 200)
            #expect(try await caller.call("DELETE", "/v1/accounts/7").status == 200)
            let books = try await rig.settled()
            #expect(books.count(.never) == 2)
            #expect(books.operations.first { $0.operation == "(unknown)" }?.received == 2)
            #expect(rig.candidate.seen.isEmpty)
        }
    }

    @Test func withoutAFileSafeCallsAreCompared() async throws {
        try await withRig(change: {
            $0.operations = []
            $0.unknownSafeMode = .read
        }) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/any/thing").status == 200)
            #expect(try await caller.call("HEAD", "/any/thing").status == 200)
            #expect(try await caller.call("POST", "/any/thing", body: "x").status == 200)
            let books = try await rig.settled()
            #expect(books.count(.match) == 2)
            #expect(books.count(.never) == 1)
        }
    }
}
