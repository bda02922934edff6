import ShadowProxy
import TestKit
import Testing
import Verdicts

/// What mirrors and comparing proxies of others do to the caller, each shown not to happen here.
@Suite("Peers' faults: the caller's path") struct PeersCallerPathTests {
    static let write = [("Idempotency-Key", "k-1"), ("Content-Type", "application/json")]

    /// The primary's own bytes as a caller who asked for `Connection: close` must get them.
    static func closing(_ sent: [UInt8]) -> String {
        String(decoding: sent, as: UTF8.self).replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n", maxReplacements: 1)
    }

    @Test("nginx keeps the caller's connection until the mirror has answered")
    func nginxHoldsTheConnection() async throws {
        let latch = Latch()
        try await withRig(candidate: { request in [.await(latch)] + ProxyRig.echo(request) }) { rig in
            let keptAlive = try await rig.caller()
            for number in 0..<3 { #expect(try await keptAlive.call("GET", "/v1/rates?\(number)").status == 200) }
            let closing = try await rig.caller()
            try await closing.send(RawCaller.request("GET", "/v1/rates", headers: [("Connection", "close")]))
            let bytes = try await closing.untilClose()
            #expect(String(decoding: bytes, as: UTF8.self) == Self.closing(rig.legacy.sent(3)))
            try await eventually("the mirror has all four and answered none") { rig.candidate.seen.count == 4 }
            #expect((0..<4).allSatisfy { rig.candidate.sent($0).isEmpty })
            latch.open()
            #expect(try await rig.settled().count(.match) == 4)
        }
    }

    @Test(
        "Diffy answers writes with an empty 200, teeproxy turns a failed answer into one",
        arguments: [201, 202, 404, 409, 422, 500, 503],
        ["/v1/accounts/7/interest-payouts", "/v1/accounts/7/status", "/v1/unknown"])
    func theAnswerIsThePrimarys(status: Int, target: String) async throws {
        let body = #"{ "n" : 1.0, "계좌":null }"#
        let answer = StubAnswer.json(status, body, headers: [("Set-Cookie", "a=1, b"), ("set-cookie", "c"), ("X-Odd", "")])
        try await withRig(legacy: { _ in [.send(answer)] }, candidate: { _ in [.send(StubAnswer.json(200, "{}"))] }) { rig in
            let caller = try await rig.caller()
            try await caller.send(
                RawCaller.request("POST", target, headers: Self.write + [("Connection", "close")], body: #"{"channel":"ATM"}"#))
            #expect(String(decoding: try await caller.untilClose(), as: UTF8.self) == Self.closing(answer))
            // An answer that settles nothing (503) is asked for again, always under the caller's own idempotency key.
            #expect(Set(rig.legacy.seen.map(\.bodyText)) == [#"{"channel":"ATM"}"#])
            #expect(Set(rig.legacy.seen.map { $0.header("Idempotency-Key") }) == ["k-1"])
            #expect(rig.legacy.seen.count == 1 || status >= 500)
        }
    }

    @Test(
        "teeproxy answers an empty 200 when production fails",
        arguments: [
            ("closes", [StubStep.close]), ("resets", [.reset]),
            ("sends garbage", [.send(Array("garbage\r\n\r\n".utf8)), .close]),
            ("breaks off", [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".utf8)), .close]),
        ])
    func aFailedPrimaryIsNoSuccess(what: String, steps: [StubStep]) async throws {
        try await withRig(legacy: { _ in steps }) { rig in
            let caller = try await rig.caller()
            let answer = try await caller.call("GET", "/v1/rates")
            #expect(answer.status == 502, "\(what)")
            #expect(answer.header("Content-Type") == "application/problem+json")
            #expect(!answer.body.isEmpty)
            let books = try await rig.settled()
            #expect(books.count(.primaryError) == 1)
            #expect(books.isConserved)
        }
    }

    @Test("Diffy sends a request again after its own failure", arguments: [true, false])
    func nothingIsSentAgainToThePrimary(shadowIsUp: Bool) async throws {
        try await withRig(
            legacy: { _ in [.send(StubAnswer.json(201, #"{"payoutId":"p"}"#))] }, candidate: { _ in [.reset] },
            change: { $0.limits.catchUpTriesMax = 2 }
        ) { rig in
            if !shadowIsUp { try await rig.candidate.goAway() }
            let caller = try await rig.caller()
            #expect(
                try await caller.call("POST", "/v1/accounts/7/interest-payouts", headers: Self.write, body: "{}").status == 201)
            #expect(try await caller.call("GET", "/v1/rates").status == 201)
            _ = try await rig.settled()
            #expect(rig.legacy.seen.map(\.method) == ["POST", "GET"])
        }
    }

    @Test("mroki follows redirects on the live path", arguments: [301, 302, 303, 307, 308])
    func redirectsAreTheCallersToFollow(status: Int) async throws {
        let answer = StubAnswer.bytes(status, body: [], headers: [("Location", "/v1/rates?b=2&a=1")])
        try await withRig(legacy: { _ in [.send(answer)] }, candidate: { _ in [.send(answer)] }) { rig in
            let caller = try await rig.caller()
            let got = try await caller.call("GET", "/v1/rates")
            #expect(got.status == status)
            #expect(got.header("Location") == "/v1/rates?b=2&a=1")
            #expect(try await rig.settled().count(.match) == 1)
            #expect([rig.legacy.seen.count, rig.candidate.seen.count] == [1, 1])
        }
    }

    @Test(
        "mroki sorts the query anew",
        arguments: ["b=2&a=1", "a=2&a=1", "&&a", "a=%7e&b=%7E&c=~", "a=+%20&b", "a;b=c", "?", "a=b=c&d[]=1", ""])
    func theTargetIsTheCallersOwn(query: String) async throws {
        try await withRig { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates?\(query)").status == 200)
            #expect(try await rig.settled().count(.match) == 1)
            #expect(rig.legacy.seen.map(\.target) == ["/v1/rates?\(query)"])
            #expect(rig.candidate.seen.map(\.target) == ["/v1/rates?\(query)"])
        }
    }

    @Test("Diffy splits header values on commas")
    func headerValuesStayWhole() async throws {
        let headers = [("X-List", "a,  b,c"), ("X-List", "d"), ("If-Modified-Since", "Tue, 24 Nov 2026 00:00:00 GMT")]
        try await withRig { rig in
            let caller = try await rig.caller()
            _ = try await caller.call("GET", "/v1/rates", headers: headers)
            _ = try await rig.settled()
            for side in [rig.legacy, rig.candidate] {
                let seen = try #require(side.seen.first)
                #expect(seen.headers.filter { $0[0] == "X-List" } == [["X-List", "a,  b,c"], ["X-List", "d"]])
                #expect(seen.header("If-Modified-Since") == "Tue, 24 Nov 2026 00:00:00 GMT")
            }
        }
    }
}
