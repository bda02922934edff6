import NIOConcurrencyHelpers
import ShadowProxy
import TestKit
import Testing
import Verdicts

@Suite struct OversizeTests {
    private static let limit = 10_000

    private static func body(_ count: Int) -> String { String(repeating: "0123456789", count: count / 10) }

    @Test(arguments: [(limit, Verdict.match), (limit + 20, .oversize)])
    func largeAnswersGoOnUnheld(size: Int, verdict: Verdict) async throws {
        for chunked in [false, true] {
            let answer =
                chunked
                ? StubAnswer.chunked(200, [Self.body(size / 2), Self.body(size - size / 2)])
                : StubAnswer.json(200, Self.body(size))
            try await withRig(
                legacy: { _ in [.send(answer)] }, candidate: { _ in [.send(answer)] },
                change: {
                    $0.limits.bodyBytesMax = Self.limit
                    $0.lanes = 2
                }
            ) { rig in
                let caller = try await rig.caller()
                for account in 0..<4 {
                    #expect(try await caller.call("GET", "/v1/accounts/\(account)").bodyText == Self.body(size))
                }
                let books = try await rig.settled()
                #expect(books.count(verdict) == 4)
                #expect(books.isConserved)
            }
        }
    }

    @Test func anAnswerOfManyMegabytesIsStreamedWithBackPressure() async throws {
        let piece = Array(Self.body(1_000_000).utf8)
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n".utf8)
        let sent = NIOLockedValueBox(0)
        try await withRig(
            legacy: { _ in
                [.send(head)] + (0..<60).flatMap { _ in [StubStep.send(piece)] }
            }, change: { $0.limits.bodyBytesMax = Self.limit }
        ) { rig in
            _ = sent
            let caller = try await rig.caller()
            try await caller.pauseReading()
            try await caller.send(RawCaller.request("GET", "/v1/rates"))
            try await eventually("the stream began") { rig.legacy.seen.count == 1 }
            try await caller.resumeReading()
            #expect(try await caller.answer().body.count == 60_000_000)
            let books = try await rig.settled()
            #expect(books.count(.oversize) == 1)
        }
    }

    @Test(arguments: [true, false])
    func aLargeAnswerIsWholeThoughThePrimaryClosesBeforeASlowCallerHasIt(hasLength: Bool) async throws {
        // More than the sockets between the proxy and a caller who takes nothing can hold.
        let size = 16_000_000
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n" + (hasLength ? "Content-Length: \(size)\r\n\r\n" : "\r\n")
        let sent = Array(head.utf8) + Array(Self.body(size).utf8)
        try await withRig(
            legacy: { _ in [.send(sent), .close] }, change: { $0.limits.bodyBytesMax = Self.limit }
        ) { rig in
            for number in 1...3 {
                let caller = try await rig.caller()
                try await caller.pauseReading()
                try await caller.send(RawCaller.request("GET", "/v1/rates"))
                try await eventually("the stream began") { rig.legacy.seen.count == number }
                try await caller.resumeReading()
                // Before the caller has it all, the rest is in the proxy's socket, and the primary's close behind it.
                #expect(try await caller.answer().body.count == size)
            }
            let books = try await rig.settled()
            #expect(books.count(.oversize) == 3)
            #expect(books.isConserved)
        }
    }

    @Test func aLargeAnswerThatBreaksIsCutForTheCallerToo() async throws {
        try await withRig(
            legacy: { _ in
                [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n".utf8) + Array(Self.body(20_000).utf8)), .close]
            },
            change: { $0.limits.bodyBytesMax = Self.limit }
        ) { rig in
            let caller = try await rig.caller()
            try await caller.send(RawCaller.request("GET", "/v1/rates"))
            let bytes = try await caller.untilClose()
            #expect(bytes.count < 50_000 && bytes.count > 10_000)
            let books = try await rig.settled()
            #expect(books.count(.primaryError) == 1)
            #expect(books.isConserved)
        }
    }

    @Test func aLargeAnswerToAWriteStillSendsItToTheShadow() async throws {
        let answer = StubAnswer.json(201, Self.body(20_000))
        try await withRig(
            legacy: { _ in [.send(answer)] }, candidate: { _ in [.send(StubAnswer.json(201, "{}"))] },
            change: { $0.limits.bodyBytesMax = Self.limit }
        ) { rig in
            let caller = try await rig.caller()
            #expect(
                try await caller.call("POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}")
                    .body
                    .count == 20_000)
            let books = try await rig.settled()
            #expect(books.count(.oversize) == 1)
            #expect(rig.candidate.seen.count == 1)
        }
    }

    @Test(arguments: [false, true])
    func aLargeRequestGoesToThePrimaryAlone(chunked: Bool) async throws {
        try await withRig(change: { $0.limits.bodyBytesMax = Self.limit }) { rig in
            let caller = try await rig.caller()
            let body = Self.body(3_000_000)
            if chunked {
                try await caller.send(
                    "POST /v1/accounts/1/interest-payouts HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
                for _ in 0..<30 { try await caller.send("186a0\r\n" + Self.body(100_000) + "\r\n") }
                try await caller.send("0\r\n\r\n")
            } else {
                try await caller.send(RawCaller.request("POST", "/v1/accounts/1/interest-payouts", body: body))
            }
            #expect(try await caller.answer().status == 200)
            #expect(rig.legacy.seen.first?.body.count == 3_000_000)
            let books = try await rig.settled()
            #expect(books.count(.oversize) == 1)
            #expect(books.unverifiedKeys == 1)
            #expect(rig.candidate.seen.isEmpty)
            // The connection goes on.
            #expect(try await caller.call("GET", "/v1/rates").status == 200)
        }
    }

    @Test func aLargeRequestThatBreaksOffBreaksOffAtThePrimary() async throws {
        try await withRig(change: { $0.limits.bodyBytesMax = Self.limit }) { rig in
            let caller = try await rig.caller()
            try await caller.send(
                "POST /v1/accounts/1/interest-payouts HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\n\r\n" + Self.body(50_000))
            try await eventually("the primary is asked") { await rig.proxy.snapshot().inFlight == 1 }
            try await caller.close()
            let books = try await rig.settled()
            #expect(books.count(.primaryError) == 1)
            #expect(rig.legacy.seen.isEmpty)
        }
    }

    @Test func aPrimaryThatAnswersALargeRequestEarly() async throws {
        try await withRig(change: { $0.limits.bodyBytesMax = Self.limit }) { rig in
            try await rig.takeAway(rig.legacy)
            let caller = try await rig.caller()
            try await caller.send(
                "POST /v1/accounts/1/interest-payouts HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\n\r\n" + Self.body(50_000))
            #expect(try await caller.answer().status == 502)
            try await caller.send(Self.body(40_000))
            #expect(try await caller.call("GET", "/v1/rates").status == 502)
        }
    }

    @Test func largeBodiesAreComparedOffTheLane() async throws {
        let body = Self.body(200_000)
        try await withRig(
            legacy: { _ in [.send(StubAnswer.bytes(200, body: Array(body.utf8)))] },
            candidate: { _ in [.send(StubAnswer.bytes(200, body: Array(body.utf8)))] }
        ) { rig in
            let caller = try await rig.caller()
            for _ in 0..<5 { #expect(try await caller.call("GET", "/v1/accounts/1").body.count == 200_000) }
            #expect(try await rig.settled().count(.match) == 5)
        }
    }

    @Test func overTheBoundOfWaitingComparisonsTheyAreShed() async throws {
        let body = Array(Self.body(200_000).utf8)
        try await withRig(
            legacy: { _ in [.send(StubAnswer.bytes(200, body: body))] },
            candidate: { _ in [.send(StubAnswer.bytes(200, body: body))] },
            change: { $0.limits.comparisonsWaitingMax = 0 }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/accounts/1").body.count == 200_000)
            let books = try await rig.settled()
            #expect(books.count(.shed) == 1)
            #expect(books.reached(.comparisonsWaiting) == 1)
        }
    }
}
