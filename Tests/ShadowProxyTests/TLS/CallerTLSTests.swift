import NIOSSL
import ShadowProxy
import TestKit
import Testing
import Verdicts

/// Callers over TLS: the same answers, byte for byte, to the last one.
@Suite struct CallerTLSTests {
    /// A proxy that speaks TLS to callers, and to both sides where `https`.
    private func withTLSRig(
        https: Bool = true, legacy: @escaping StubSide.Script = ProxyRig.echo,
        candidate: @escaping StubSide.Script = ProxyRig.echo, change: (inout ProxyPlan) throws -> Void = { _ in },
        _ body: (ProxyRig, TestCertificates) async throws -> Void
    ) async throws {
        let made = try await TestCertificates.shared()
        let listener = try made.listener()
        let side = https ? try made.side() : nil
        let stub = https ? try made.serverContext() : nil
        try await withRig(
            legacy: legacy, candidate: candidate, legacyTLS: stub, candidateTLS: stub,
            change: {
                $0.tls = listener
                $0.legacy.tls = side
                $0.candidate.tls = side
                try change(&$0)
            }
        ) { try await body($0, made) }
    }

    @Test(arguments: [false, true]) func answersAreThePrimarysBytes(https: Bool) async throws {
        let body = #"{"at":"both"}"#
        let answer: StubSide.Script = { _ in [.send(StubAnswer.json(200, body, headers: [("X-Odd", " a  b ")]))] }
        try await withTLSRig(https: https, legacy: answer, candidate: answer, change: { $0.lanes = 2 }) { rig, made in
            let caller = try await rig.caller(tls: try made.caller(serverName: "localhost"))
            for number in 0..<20 {
                let read = try await caller.call("GET", "/v1/accounts/\(number)")
                #expect(read.status == 200 && read.bodyText == body && read.header("X-Odd") == "a  b")
                let write = try await caller.call(
                    "POST", "/v1/accounts/\(number)/interest-payouts", headers: [("Idempotency-Key", "\(number)")], body: "{}")
                #expect(write.status == 200 && write.bodyText == body)
            }
            let books = try await rig.settled()
            #expect(books.count(.match) == 40 && books.isConserved)
            for side in [rig.legacy, rig.candidate] {
                #expect(side.seen.count == 40)
                #expect(side.seen.allSatisfy { $0.header("X-Forwarded-Proto") == "https" })
                #expect(side.connectionsAccepted < 20, "connections are kept")
            }
            #expect(books.reached(.tlsHandshakes) == 0)
        }
    }

    @Test func aPlainListenerBeforeSidesOverTLSSaysSo() async throws {
        let made = try await TestCertificates.shared()
        let side = try made.side()
        let stub = try made.serverContext()
        try await withRig(
            legacyTLS: stub, candidateTLS: stub,
            change: {
                $0.legacy.tls = side
                $0.candidate.tls = side
            }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates").status == 200)
            #expect(try await rig.settled().count(.match) == 1)
            #expect(rig.legacy.seen.map { $0.header("X-Forwarded-Proto") } == ["http"])
        }
    }

    @Test func pipelinedReadsAreAnsweredInOrder() async throws {
        let first = Latch()
        try await withTLSRig(
            legacy: { request in
                let answer = StubStep.send(StubAnswer.json(200, "\"\(request.target)\""))
                return request.target == "/v1/rates?n=0" ? [.await(first), answer] : [answer]
            }, change: { $0.limits.recheckTriesMax = 0 }
        ) { rig, made in
            let caller = try await rig.caller(tls: try made.caller())
            try await caller.send((0..<40).flatMap { RawCaller.request("GET", "/v1/rates?n=\($0)") })
            try await eventually("read-ahead is at its bound") { rig.legacy.seen.count == 16 }
            first.open()
            for number in 0..<40 { #expect(try await caller.answer().bodyText == "\"/v1/rates?n=\(number)\"") }
            #expect(try await rig.settled().received == 40)
        }
    }

    /// Held and compared, off the lane, and beyond what is held; to a caller who takes it late.
    @Test(arguments: [1_000, 200_000, 1_048_576, 8_000_000]) func largeAnswersAreWhole(size: Int) async throws {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let answer = StubAnswer.bytes(200, body: body, headers: [("Content-Type", "application/octet-stream")])
        try await withTLSRig(legacy: { _ in [.send(answer)] }, candidate: { _ in [.send(answer)] }) { rig, made in
            let caller = try await rig.caller(tls: try made.caller())
            try await caller.secured()
            for _ in 0..<2 {
                try await caller.pauseReading()
                try await caller.send(RawCaller.request("GET", "/v1/rates"))
                try await eventually("it is asked") { !rig.legacy.seen.isEmpty }
                try await caller.resumeReading()
                #expect(try await caller.answer().body == body)
            }
            let books = try await rig.settled()
            #expect(books.count(size > 1_048_576 ? .oversize : .match) == 2)
        }
    }

    @Test func aLargeUploadIsWhole() async throws {
        let body = String(repeating: "0123456789", count: 400_000)
        try await withTLSRig { rig, made in
            let caller = try await rig.caller(tls: try made.caller())
            let answer = try await caller.call(
                "POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "k")], body: body)
            #expect(answer.status == 200)
            #expect(rig.legacy.seen.map { $0.bodyText == body } == [true])
        }
    }

    // MARK: Closing

    /// The last answer is whole and the connection ends with TLS's own word, or the caller's library would call it cut.
    @Test(arguments: [10, 900_000]) func theLastAnswerIsWhole(size: Int) async throws {
        let body = String(repeating: "x", count: size)
        let answer = StubAnswer.json(200, body)
        try await withTLSRig(legacy: { _ in [.send(answer)] }, candidate: { _ in [.send(answer)] }) { rig, made in
            for version in ["HTTP/1.1", "HTTP/1.0"] {
                let caller = try await rig.caller(tls: try made.caller())
                try await caller.secured()
                try await caller.pauseReading()
                try await caller.send("GET /v1/rates \(version)\r\nHost: h\r\nConnection: close\r\n\r\n")
                try await eventually("it is asked") { rig.legacy.seen.count > 0 }
                try await caller.resumeReading()
                let bytes = try await caller.untilClose()
                #expect(bytes.suffix(size) == ArraySlice(body.utf8) && bytes.count > size)
                #expect(try await caller.endedOrderly())
                try await caller.close()
            }
            try await eventually("the connections are gone") { await rig.proxy.snapshot().clientConnections == 0 }
        }
    }

    /// With TLS's word (a caller who sends no more) and without.
    @Test(arguments: [true, false]) func aCallerWhoSendsNoMoreHasItsAnswer(orderly: Bool) async throws {
        let latch = Latch()
        try await withTLSRig(legacy: { request in
            request.target == "/v1/rates" ? [.await(latch), .send(StubAnswer.json(200, "{}"))] : ProxyRig.echo(request)
        }) { rig, made in
            let caller = try await rig.caller(tls: try made.caller())
            try await caller.send(RawCaller.request("GET", "/v1/rates") + RawCaller.request("GET", "/v1/rates"))
            try await eventually("both are asked") { rig.legacy.seen.count == 2 }
            try await (orderly ? caller.finishSending() : caller.finishSendingBarely())
            // The same lane has read what came before this.
            #expect(try await rig.caller(tls: try made.caller()).call("GET", "/v1/accounts/1").status == 200)
            latch.open()
            let text = String(decoding: try await caller.untilClose(), as: UTF8.self)
            #expect(text.components("HTTP/1.1 200") == 2, "\(text)")
            try await eventually("the connection is gone") { await rig.proxy.snapshot().clientConnections == 1 }
            #expect(try await rig.settled().received == 3)
        }
    }

    @Test func aCallerWhoGoesLeavesNothingBehind() async throws {
        try await withTLSRig { rig, made in
            for _ in 0..<10 {
                let caller = try await rig.caller(tls: try made.caller())
                #expect(try await caller.call("GET", "/v1/rates").status == 200)
                try await caller.close()
            }
            try await eventually("the connections are gone") { await rig.proxy.snapshot().clientConnections == 0 }
            #expect(try await rig.settled().reached(.tlsHandshakes) == 0)
        }
    }

    @Test func garbageIsRefusedOnceAndTheConnectionEnds() async throws {
        try await withTLSRig { rig, made in
            let caller = try await rig.caller(tls: try made.caller())
            try await caller.send("nonsense\r\n\r\n" + String(repeating: "more", count: 100_000))
            let text = String(decoding: try await caller.untilClose(), as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 400"))
            try await eventually("the connection is gone") { await rig.proxy.snapshot().clientConnections == 0 }
        }
    }

    @Test func stopAnswersWhatIsInFlightAndWaitsForNoHandshake() async throws {
        let made = try await TestCertificates.shared()
        let listener = try made.listener()
        let latch = Latch()
        let rig = try await ProxyRig.start(
            legacy: { _ in [.await(latch), .send(StubAnswer.json(200, "{}"))] },
            candidate: { _ in [.send(StubAnswer.json(200, "{}"))] },
            change: {
                $0.tls = listener
                $0.limits.drainMs = 60_000
            })
        let idle = try await rig.caller(tls: try made.caller())
        try await idle.secured()
        let silent = try await rig.caller()
        let caller = try await rig.caller(tls: try made.caller())
        try await caller.send(RawCaller.request("GET", "/v1/rates"))
        try await eventually("it is at the primary") { rig.legacy.seen.count == 1 }
        let stopping = Task { await rig.proxy.stop() }
        #expect(try await silent.untilClose(within: 5).isEmpty)
        #expect(try await idle.untilClose().isEmpty)
        latch.open()
        #expect(try await caller.answer().status == 200)
        #expect(try await caller.untilClose().isEmpty)
        await stopping.value
        #expect(await rig.proxy.snapshot().reached(.tlsHandshakes) == 0)
        try await rig.legacy.shutdown()
        try await rig.candidate.shutdown()
    }

    @Test func curlAsAnIndependentCaller() async throws {
        let body = String(repeating: "0123456789", count: 50_000)
        let answer = StubAnswer.json(200, body)
        try await withTLSRig(legacy: { _ in [.send(answer)] }, candidate: { _ in [.send(answer)] }) { rig, made in
            let url = "https://localhost:\(rig.port)/v1/rates"
            let trusting = ["-sS", "--cacert", made.certificate("authority")]
            let good = try await Tool.run("/usr/bin/curl", trusting + [url, url, url])
            #expect(good.status == 0 && good.output == body + body + body)
            let old = try await Tool.run("/usr/bin/curl", trusting + ["--http1.0", "--tls-max", "1.2", url])
            #expect(old.status == 0 && old.output == body)
            // It offers h2 first; http/1.1 is chosen.
            let offered = try await Tool.run(
                "/usr/bin/curl", trusting + ["--http2", "-o", "/dev/null", "-w", "%{http_version}", url])
            #expect(offered.output == "1.1")
            let stranger = try await Tool.run("/usr/bin/curl", ["-sS", "--cacert", made.certificate("stranger"), url])
            #expect(stranger.status == 60)
            try await eventually("it is counted") { await rig.proxy.snapshot().reached(.tlsHandshakes) == 1 }
            #expect(try await rig.settled().count(.match) == 5)
        }
    }
}

extension String {
    /// How often the text stands in it.
    fileprivate func components(_ text: String) -> Int { split(separator: text, omittingEmptySubsequences: false).count - 1 }
}
