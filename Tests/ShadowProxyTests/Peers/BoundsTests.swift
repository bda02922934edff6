import NIOConcurrencyHelpers
import ShadowProxy
import TestKit
import Testing
import Verdicts

/// Where proxies of others stall or fill their memory, each shown not to happen here.
@Suite("Peers' faults: stalls and bounds") struct PeersBoundsTests {
    @Test("Skipper's slow shadow stalls the caller's upload", arguments: ["GET", "POST"])
    func aDeafShadowStallsNoUpload(method: String) async throws {
        let deaf = try await DeafSide.start()
        let body = #"{"pad":""# + String(repeating: "x", count: 900_000) + #""}"#
        try await withRig(
            legacy: { request in [.send(StubAnswer.json(201, "{\"got\":\(request.body.count)}"))] },
            change: {
                $0.candidate.endpoint.port = deaf.port
                $0.candidate.answerTimeoutMs = 300
                $0.limits.catchUpTriesMax = 1
                $0.limits.drainMs = 500
            }
        ) { rig in
            let caller = try await rig.caller()
            let target = method == "GET" ? "/v1/accounts/7" : "/v1/accounts/7/interest-payouts"
            for number in 0..<5 {
                let headers = [("Idempotency-Key", "k-\(number)")]
                #expect(try await caller.call(method, target, headers: headers, body: body).bodyText == "{\"got\":900010}")
            }
            #expect(await rig.proxy.snapshot().isConserved)
        }
        try await deaf.stop()
    }

    @Test("Traefik keeps mirrored bodies without bound: ours are shed at the bound, and counted")
    func theShadowsBacklogIsBounded() async throws {
        let latch = Latch()
        try await withRig(
            legacy: { _ in [.send(StubAnswer.json(200, "{}"))] },
            candidate: { _ in [.await(latch), .send(StubAnswer.json(200, "{}"))] },
            change: {
                $0.limits.shadowBacklogMax = 8
                $0.candidate.answerTimeoutMs = 20_000
            }
        ) { rig in
            let caller = try await rig.caller()
            for number in 0..<50 { #expect(try await caller.call("GET", "/v1/rates?\(number)").status == 200) }
            let held = await rig.proxy.snapshot()
            #expect(held.shadowBacklog <= 8)
            #expect(held.count(.shed) == 42)
            #expect(held.bounds[.shadowBacklog] == 42)
            #expect(held.isConserved)
            latch.open()
            let books = try await rig.settled()
            #expect(books.count(.match) == 8)
            #expect(books.received == 50)
        }
    }

    @Test("Traefik keeps mirrored bodies without bound: ours are bounded in bytes too")
    func theShadowsBacklogIsBoundedInBytes() async throws {
        let latch = Latch()
        let body = String(repeating: "x", count: 10_000)
        try await withRig(
            legacy: { _ in [.send(StubAnswer.json(200, "{}"))] },
            candidate: { _ in [.await(latch), .send(StubAnswer.json(200, "{}"))] },
            change: {
                $0.limits.shadowBacklogBytesMax = 100_000
                $0.candidate.answerTimeoutMs = 20_000
            }
        ) { rig in
            let caller = try await rig.caller()
            for number in 0..<30 { #expect(try await caller.call("GET", "/v1/rates?\(number)", body: body).status == 200) }
            let held = await rig.proxy.snapshot()
            // The bound is asked before a call is let in, so the last one let in may reach beyond it.
            #expect(held.shadowBacklogBytes < 100_000 + 11_000)
            #expect(held.count(.shed) >= 20)
            latch.open()
            let books = try await rig.settled()
            #expect(books.count(.shed) + books.count(.match) == 30)
            #expect(books.count(.match) > 0)
        }
    }

    @Test("Traefik takes in a body without end: ours stops reading when the primary does")
    func anUploadIsNotTakenIn() async throws {
        let deaf = try await DeafSide.start()
        let whole = 128 << 20
        let piece = [UInt8](repeating: 7, count: 256 << 10)
        try await withRig(
            change: {
                $0.legacy.endpoint.port = deaf.port
                $0.limits.drainMs = 200
            }
        ) { rig in
            let caller = try await rig.caller()
            try await caller.send("PUT /upload HTTP/1.1\r\nHost: a\r\nContent-Length: \(whole)\r\n\r\n")
            let taken = NIOLockedValueBox(0)
            let sending = Task {
                while taken.withLockedValue({ $0 }) < whole {
                    try await caller.send(piece)
                    taken.withLockedValue { $0 += piece.count }
                }
            }
            let looks = NIOLockedValueBox((seen: -1, times: 0))
            try await eventually("the upload stands still") {
                let now = taken.withLockedValue { $0 }
                return looks.withLockedValue { looks in
                    looks = looks.seen == now ? (now, looks.times + 1) : (now, 0)
                    return looks.times >= 60
                }
            }
            // What the sockets of two hops hold, and little more.
            #expect(taken.withLockedValue { $0 } < 32 << 20)
            try await caller.close()
            await #expect(throws: (any Error).self) { try await sending.value }
            try await eventually("the call is settled") { await rig.proxy.snapshot().inFlight == 0 }
            #expect(await rig.proxy.snapshot().isConserved)
        }
        try await deaf.stop()
    }
}
