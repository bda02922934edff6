import NIOSSL
import ShadowProxy
import TestKit
import Testing
import Verdicts

/// Sides over TLS: whose certificate is not right is not asked, and the sentence says why.
@Suite struct SideTLSTests {
    /// What the side shows, whom the proxy trusts, the name it asks for, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var shown = "server"
        var trusted = "authority"
        var serverName: String?
        var words: String?
        var testDescription: String { "\(shown), trusting \(trusted), as \(serverName ?? "its address")" }
    }

    private static let cases = [
        Case(), Case(serverName: "localhost"), Case(shown: "elsewhere", serverName: "elsewhere.example"),
        Case(shown: "expired", words: "its certificate has expired"),
        Case(trusted: "stranger", words: "no authority that is trusted here vouches for its certificate"),
        Case(shown: "stranger-server", words: "no authority that is trusted here"),
        Case(shown: "client", words: "no authority that is trusted here"),
        Case(shown: "elsewhere", words: "its certificate is for another name or address"),
        Case(serverName: "elsewhere.example", words: "its certificate is for another name or address"),
    ]

    /// Both sides the same way over TLS, but for `side`.
    private func withSide(
        _ side: Side, _ case: Case, script: @escaping StubSide.Script = ProxyRig.echo, stub: NIOSSLContext? = nil,
        showing: String? = nil, change: (inout ProxyPlan) -> Void = { _ in },
        _ body: (ProxyRig, TestCertificates) async throws -> Void
    ) async throws {
        let made = try await TestCertificates.shared()
        let good = try made.serverContext()
        let odd = try stub ?? made.serverContext(`case`.shown)
        let plain = try made.side()
        let special = try made.side(trusting: `case`.trusted, showing: showing, serverName: `case`.serverName)
        try await withRig(
            legacy: side == .legacy ? script : ProxyRig.echo, candidate: side == .candidate ? script : ProxyRig.echo,
            legacyTLS: side == .legacy ? odd : good, candidateTLS: side == .candidate ? odd : good,
            change: {
                $0.legacy.tls = side == .legacy ? special : plain
                $0.candidate.tls = side == .candidate ? special : plain
                $0.limits.recheckTriesMax = 0
                change(&$0)
            }
        ) { try await body($0, made) }
    }

    @Test(arguments: cases) func aPrimary(test: Case) async throws {
        try await withSide(.legacy, test) { rig, _ in
            let answer = try await rig.caller().call("GET", "/v1/rates")
            let books = try await rig.settled()
            guard let words = test.words else {
                #expect(answer.status == 200 && books.count(.match) == 1)
                return
            }
            #expect(answer.status == 502)
            #expect(answer.bodyText.contains("The primary failed the TLS handshake: \(words)"), "\(answer.bodyText)")
            #expect(books.count(.primaryError) == 1 && books.isConserved)
            #expect(rig.evidence.all.map(\.verdict) == [.primaryError])
            #expect(rig.evidence.all.allSatisfy { $0.cause?.contains("TLS handshake: \(words)") == true })
            #expect(rig.legacy.seen.isEmpty)
            try await eventually("nothing is left open") { await rig.proxy.snapshot().legacyConnections == 0 }
        }
    }

    @Test(arguments: cases.filter { $0.words != nil }) func aShadow(test: Case) async throws {
        try await withSide(.candidate, test) { rig, _ in
            #expect(try await rig.caller().call("GET", "/v1/rates").status == 200)
            let books = try await rig.settled()
            #expect(books.count(.shadowError) == 1)
            let cause = rig.evidence.all.first?.cause ?? ""
            #expect(cause.contains("shadow failed the TLS handshake: \(test.words ?? "")"), "\(cause)")
        }
    }

    /// What the shadow could not be trusted with is caught up when it can be.
    @Test func aMissedWriteIsCaughtUpWithARenewedCertificate() async throws {
        try await withSide(.candidate, Case(shown: "elsewhere")) { rig, made in
            let answer = try await rig.caller().call(
                "POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}")
            #expect(answer.status == 200)
            try await eventually("it is kept") { await rig.proxy.snapshot().behindKeys == 1 }
            #expect(rig.candidate.seen.isEmpty)
            var plan = rig.plan
            plan.candidate.tls?.serverName = "elsewhere.example"
            try await rig.proxy.reload(plan)
            try await eventually("it is caught up") { await rig.proxy.snapshot().behindKeys == 0 }
            #expect(rig.candidate.seen.count == 1)
        }
    }

    /// A write that no side could be trusted with has reached neither: nothing is asked again, no key is in doubt.
    @Test func aWriteToAPrimaryThatIsNotTrustedHappensNowhere() async throws {
        try await withSide(.legacy, Case(shown: "expired")) { rig, _ in
            for target in ["/v1/accounts/1/interest-payouts", "/v1/accounts/1/status"] {
                #expect(try await rig.caller().call("POST", target, body: "{}").status == 502)
            }
            let books = try await rig.settled()
            #expect(books.count(.primaryError) == 2 && books.unverifiedKeys == 0)
            #expect(rig.legacy.seen.isEmpty && rig.candidate.seen.isEmpty)
        }
    }

    // MARK: Who is no TLS server

    @Test func aSideThatSpeaksPlainly() async throws {
        let made = try await TestCertificates.shared()
        let side = try made.side()
        try await withRig(change: { $0.legacy.tls = side }) { rig in
            let answer = try await rig.caller().call("GET", "/v1/rates")
            #expect(answer.status == 502)
            #expect(answer.bodyText.contains("what it speaks is not TLS"), "\(answer.bodyText)")
        }
    }

    /// Records of TLS that hold an alert: of the protocol's version, and of the handshake as such.
    @Test(arguments: [
        (UInt8(70), "it speaks no version of TLS that is allowed here"), (40, "it declined, for want of"),
        (48, "it refused the certificate"), (80, "it sent what TLS does not allow"),
    ]) func aSideThatDeclines(alert: UInt8, words: String) async throws {
        let made = try await TestCertificates.shared()
        let side = try made.side()
        let deaf = try await DeafSide.start(saying: [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, alert])
        try await withRig(change: {
            $0.legacy.tls = side
            $0.legacy.endpoint.port = deaf.port
        }) { rig in
            let answer = try await rig.caller().call("GET", "/v1/rates")
            #expect(answer.status == 502 && answer.bodyText.contains(words), "\(answer.bodyText)")
        }
        try await deaf.stop()
    }

    @Test func aSideThatSaysNothingIsBoundedByTheConnectTimeout() async throws {
        let made = try await TestCertificates.shared()
        let side = try made.side()
        let deaf = try await DeafSide.start()
        try await withRig(change: {
            $0.legacy.tls = side
            $0.legacy.endpoint.port = deaf.port
            $0.legacy.connectTimeoutMs = 200
            $0.legacy.answerTimeoutMs = 60_000
        }) { rig in
            let answer = try await rig.caller().call("GET", "/v1/rates")
            #expect(answer.status == 502 && answer.bodyText.contains("it was not through in time"), "\(answer.bodyText)")
            #expect(await rig.proxy.snapshot().legacyConnections == 0)
        }
        try await deaf.stop()
    }

    @Test func aSideThatIsNotThereRefusesAsWithoutTLS() async throws {
        try await withSide(.legacy, Case()) { rig, _ in
            try await rig.takeAway(rig.legacy)
            let answer = try await rig.caller().call("GET", "/v1/rates")
            #expect(answer.status == 502 && answer.bodyText.contains("refused the connection"), "\(answer.bodyText)")
            try await rig.bringBack(rig.legacy)
            #expect(try await rig.caller().call("GET", "/v1/rates").status == 200)
        }
    }

    // MARK: Our certificate

    @Test(arguments: [("client", true), (nil, false), ("stranger-client", false)] as [(String?, Bool)])
    func aSideThatWantsACertificate(shown: String?, passes: Bool) async throws {
        let made = try await TestCertificates.shared()
        for newest in [TLSVersion.tlsv12, .tlsv13] {
            let stub = try made.serverContext(demanding: "authority", newest: newest)
            try await withSide(.legacy, Case(), stub: stub, showing: shown) { rig, _ in
                let answer = try await rig.caller().call("GET", "/v1/rates")
                #expect(answer.status == (passes ? 200 : 502))
                // With TLS 1.3 the refusal comes after the handshake, and may be overtaken by the end of the connection.
                let words =
                    ["it refused the certificate that it was shown, or wants one"]
                    + (newest == .tlsv13 ? ["broke the connection"] : ["it declined, for want of a certificate"])
                #expect(passes || words.contains(where: answer.bodyText.contains), "\(answer.bodyText)")
                #expect(rig.legacy.seen.count == (passes ? 1 : 0))
            }
        }
    }

    // MARK: Where an answer ends

    /// Without a length the end of the connection is the end of the body, if it is the side's own word.
    @Test(arguments: [true, false]) func aBodyThatEndsWithTheConnection(orderly: Bool) async throws {
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"half\":1}".utf8)
        try await withSide(.legacy, Case(), script: { _ in [.send(bytes), orderly ? .close : .bareClose] }) { rig, _ in
            let answer = try await rig.caller().call("GET", "/v1/rates")
            #expect(answer.status == (orderly ? 200 : 502))
            #expect(orderly ? answer.bodyText == #"{"half":1}"# : answer.bodyText.contains("broke the connection"))
        }
    }

    @Test func aSideThatClosesAfterEachAnswerIsConnectedToAnew() async throws {
        let script: StubSide.Script = { request in ProxyRig.echo(request) + [request.index % 2 == 0 ? .close : .bareClose] }
        try await withSide(.legacy, Case(), script: script) { rig, _ in
            let caller = try await rig.caller()
            for number in 0..<20 { #expect(try await caller.call("GET", "/v1/rates?\(number)").status == 200) }
            #expect(try await rig.settled().count(.match) == 20)
        }
    }

    @Test func aReloadUsesWhatItSaysForNewConnections() async throws {
        let made = try await TestCertificates.shared()
        try await withSide(.legacy, Case()) { rig, _ in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates").status == 200)
            var plan = rig.plan
            plan.legacy.tls = try made.side(trusting: "stranger")
            try await rig.proxy.reload(plan)
            #expect(try await caller.call("GET", "/v1/rates").status == 502, "what was connected before is not used again")
            plan.legacy.tls = try made.side()
            try await rig.proxy.reload(plan)
            #expect(try await caller.call("GET", "/v1/rates").status == 200)
        }
    }
}
