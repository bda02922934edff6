import NIOConcurrencyHelpers
import ShadowProxy
import TestKit
import Testing
import Verdicts

/// HTTP/1.1 as it comes and goes, against both peers' habits.
@Suite struct WireTests {
    /// A rig that asks nothing twice, so that what a side has seen is what was sent.
    private func withQuietRig(
        legacy: @escaping StubSide.Script = ProxyRig.echo, candidate: @escaping StubSide.Script = ProxyRig.echo,
        change: (inout ProxyPlan) -> Void = { _ in }, _ body: (ProxyRig) async throws -> Void
    ) async throws {
        try await withRig(
            legacy: legacy, candidate: candidate,
            change: {
                $0.limits.recheckTriesMax = 0
                change(&$0)
            }, body)
    }

    @Test func pipelinedReadsAreAnsweredInOrder() async throws {
        let first = Latch()
        try await withQuietRig(legacy: { request in
            let answer = StubStep.send(StubAnswer.json(200, "\"\(request.target)\""))
            return request.target == "/v1/rates?n=0" ? [.await(first), answer] : [answer]
        }) { rig in
            let caller = try await rig.caller()
            // More than may be outstanding, in one go.
            var bytes: [UInt8] = []
            for number in 0..<40 { bytes += RawCaller.request("GET", "/v1/rates?n=\(number)") }
            try await caller.send(bytes)
            try await eventually("read-ahead is at its bound") { rig.legacy.seen.count == 16 }
            first.open()
            for number in 0..<40 { #expect(try await caller.answer().bodyText == "\"/v1/rates?n=\(number)\"") }
            #expect(try await rig.settled().received == 40)
        }
    }

    @Test func aPipelinedWriteWaitsForWhatIsBeforeItAndHoldsWhatIsAfter() async throws {
        let latch = Latch()
        try await withQuietRig(legacy: { request in
            [.await(latch), .send(StubAnswer.json(200, "\"\(request.method)\""))]
        }) { rig in
            let caller = try await rig.caller()
            try await caller.send(
                RawCaller.request("GET", "/v1/rates") + RawCaller.request("POST", "/v1/accounts/1/interest-payouts", body: "{}")
                    + RawCaller.request("GET", "/v1/rates"))
            try await eventually("the first is there") { rig.legacy.seen.count == 1 }
            latch.open()
            #expect(try await caller.answer().bodyText == "\"GET\"")
            #expect(try await caller.answer().bodyText == "\"POST\"")
            #expect(try await caller.answer().bodyText == "\"GET\"")
            #expect(rig.legacy.seen.map(\.method) == ["GET", "POST", "GET"])
        }
    }

    @Test func bytesOneByOne() async throws {
        try await withQuietRig { rig in
            let caller = try await rig.caller()
            for byte in RawCaller.request(
                "POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}")
            {
                try await caller.send([byte])
            }
            #expect(try await caller.answer().status == 200)
            #expect(try await rig.settled().count(.match) == 1)
        }
    }

    @Test func chunkedBothWaysAndTrailersDropped() async throws {
        let chunked = Array(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-T: 1\r\n\r\n"
                .utf8)
        try await withQuietRig(
            legacy: { _ in [.send(chunked)] }, candidate: { _ in [.send(StubAnswer.bytes(200, body: Array("abcdefg".utf8)))] }
        ) { rig in
            let caller = try await rig.caller()
            try await caller.send(
                "POST /v1/accounts/1/interest-payouts HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{ \r\n1\r\n}\r\n0\r\nX: y\r\n\r\n"
            )
            let answer = try await caller.answer()
            #expect(answer.bodyText == "abcdefg")
            #expect(answer.header("Content-Length") == "7")
            #expect(answer.header("Trailer") == nil)
            #expect(try await rig.settled().count(.match) == 1)
            #expect(rig.legacy.seen.first?.bodyText == "{ }")
            #expect(rig.legacy.seen.first?.header("Content-Length") == "3")
        }
    }

    @Test func expectContinueIsAnsweredByUs() async throws {
        try await withQuietRig { rig in
            let caller = try await rig.caller()
            try await caller.send(
                "POST /v1/accounts/1/interest-payouts HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
            )
            // The body follows only once the proxy has asked for it: a body that is already there needs no 100.
            let interim = "HTTP/1.1 100 Continue\r\n\r\n"
            #expect(String(decoding: try await caller.bytes(interim.utf8.count), as: UTF8.self) == interim)
            try await caller.send("{}")
            #expect(String(decoding: try await caller.untilClose(), as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
            #expect(rig.legacy.seen.first?.header("Expect") == nil)
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n", "417"),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n", "400"), ("GET / HTTP/1.1\nHost: h\n\n", "400"),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: " + String(repeating: "x", count: 70_000) + "\r\n\r\n", "431"),
    ])
    func ambiguousFramingIsRefusedAndTheConnectionEnds(bytes: String, status: String) async throws {
        try await withQuietRig { rig in
            let caller = try await rig.caller()
            // An answered request before it stays answered.
            try await caller.send(RawCaller.request("GET", "/v1/rates") + Array(bytes.utf8))
            #expect(try await caller.answer().status == 200)
            let text = String(decoding: try await caller.untilClose(), as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 \(status) "), "\(text.prefix(40))")
            #expect(text.contains("application/problem+json"))
            let books = try await rig.settled()
            #expect(books.received == 1)
            #expect(rig.legacy.seen.count == 1)
        }
    }

    @Test func answersWithoutABody() async throws {
        try await withQuietRig(legacy: { request in
            switch request.target {
            case "/v1/rates?204": [.send(Array("HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n".utf8))]
            case "/v1/rates?304": [.send(Array("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\nETag: \"e\"\r\n\r\n".utf8))]
            case "/v1/rates?early": [.send(Array("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".utf8) + StubAnswer.json(200, "1"))]
            case "/v1/rates?close": [.send(Array("HTTP/1.1 200 OK\r\n\r\nuntil close".utf8)), .close]
            case "/v1/rates?302": [.send(Array("HTTP/1.1 302 Found\r\nLocation: /x?a=%20b\r\nContent-Length: 0\r\n\r\n".utf8))]
            default: [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n".utf8))]
            }
        }) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates?204").status == 204)
            let notModified = try await caller.call("GET", "/v1/rates?304")
            #expect(notModified.status == 304)
            #expect(notModified.header("ETag") == "\"e\"")
            #expect(try await caller.call("GET", "/v1/rates?early").bodyText == "1")
            #expect(try await caller.call("GET", "/v1/rates?close").bodyText == "until close")
            let redirect = try await caller.call("GET", "/v1/rates?302")
            #expect(redirect.header("Location") == "/x?a=%20b")
            let head = try await caller.call("HEAD", "/v1/rates")
            #expect(head.header("Content-Length") == "12")
            #expect(head.body.isEmpty)
            #expect(try await caller.call("GET", "/v1/rates?204").status == 204)
        }
    }

    @Test func headerValuesGoByteForByte() async throws {
        let answer = Array(
            "HTTP/1.1 200 Fine Reason\r\nset-Cookie: a=1, b\r\nSet-Cookie: c=2\r\nX-Latin: \u{e9}\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n"
                .utf8)
        try await withQuietRig(legacy: { _ in [.send(answer)] }) { rig in
            let caller = try await rig.caller()
            let got = try await caller.call("GET", "/v1/rates")
            #expect(got.statusLine == "HTTP/1.1 200 Fine Reason")
            #expect(
                got.headers == [
                    ["set-Cookie", "a=1, b"], ["Set-Cookie", "c=2"], ["X-Latin", "\u{e9}"], ["X-Empty", ""],
                    ["Content-Length", "0"],
                ])
        }
    }

    @Test func olderCallersAndThoseWhoClose() async throws {
        try await withQuietRig { rig in
            let old = try await rig.caller()
            try await old.send("GET /v1/rates HTTP/1.0\r\n\r\n")
            #expect(String(decoding: try await old.untilClose(), as: UTF8.self).contains("Connection: close"))

            let closing = try await rig.caller()
            try await closing.send("GET /v1/rates HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /v1/rates HTTP/1.1\r\n")
            #expect(String(decoding: try await closing.untilClose(), as: UTF8.self).hasPrefix("HTTP/1.1 200"))

            // Half-closed: it is still answered.
            let half = try await rig.caller()
            try await half.send(RawCaller.request("GET", "/v1/rates"))
            try await half.finishSending()
            #expect(String(decoding: try await half.untilClose(), as: UTF8.self).hasPrefix("HTTP/1.1 200"))
            try await eventually("all are gone") { await rig.proxy.snapshot().clientConnections == 0 }
        }
    }

    @Test func connectionsToTheSidesAreKept() async throws {
        try await withQuietRig { rig in
            let caller = try await rig.caller()
            for _ in 0..<10 {
                _ = try await caller.call("GET", "/v1/rates")
                _ = try await rig.settled()
            }
            #expect(rig.legacy.connectionsAccepted == 1)
            #expect(rig.candidate.connectionsAccepted == 1)
        }
    }

    @Test func aStaleConnectionIsTriedAgainOnlyForSafeCalls() async throws {
        // Every connection dies at its second request, without an answer.
        let script: StubSide.Script = { request in
            request.header("X-Second") != nil && request.connection == 0 ? [.close] : [.send(StubAnswer.json(200, "{}"))]
        }
        try await withQuietRig(legacy: script, change: { $0.limits.settleTriesMax = 0 }) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates").status == 200)
            #expect(try await caller.call("GET", "/v1/rates", headers: [("X-Second", "1")]).status == 200)
            #expect(rig.legacy.connectionsAccepted == 2)
        }
        try await withQuietRig(legacy: script, change: { $0.limits.settleTriesMax = 0 }) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates").status == 200)
            #expect(
                try await caller.call("POST", "/v1/accounts/1/interest-payouts", headers: [("X-Second", "1")], body: "{}").status
                    == 502)
            #expect(rig.legacy.seen.count == 2)
        }
    }

    @Test func callerWhoLeavesDoesNotStopTheComparison() async throws {
        let latch = Latch()
        try await withQuietRig(
            legacy: { _ in [.await(latch), .send(StubAnswer.json(200, "{}"))] },
            candidate: { _ in [.send(StubAnswer.json(200, "{}"))] }
        ) { rig in
            let caller = try await rig.caller()
            try await caller.send(
                RawCaller.request("POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}"))
            try await eventually("it is at the primary") { rig.legacy.seen.count == 1 }
            try await caller.close()
            latch.open()
            let books = try await rig.settled()
            #expect(books.count(.match) == 1)
            try await eventually("it is gone") { await rig.proxy.snapshot().clientConnections == 0 }
            #expect(rig.candidate.seen.count == 1)
        }
    }

    @Test func connectionsBeyondTheBoundAreClosed() async throws {
        try await withQuietRig(change: { $0.limits.clientConnectionsMax = 2 }) { rig in
            let first = try await rig.caller()
            let second = try await rig.caller()
            #expect(try await first.call("GET", "/v1/rates").status == 200)
            #expect(try await second.call("GET", "/v1/rates").status == 200)
            let third = try await rig.caller()
            #expect(try await third.untilClose().isEmpty)
            #expect(await rig.proxy.snapshot().reached(.clientConnections) == 1)
        }
    }

    @Test func idleCallersAreLetGo() async throws {
        try await withQuietRig(change: { $0.limits.clientIdleTimeoutMs = 100 }) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates").status == 200)
            #expect(try await caller.untilClose().isEmpty)
        }
    }
}
