import NIOSSL
import ShadowProxy
import TestKit
import Testing
import Verdicts

/// Handshakes of callers that come to nothing: bounded, counted, and gone.
@Suite struct CallerHandshakeTests {
    private func withTLSRig(
        change: (inout ProxyPlan, TestCertificates) throws -> Void = { _, _ in },
        _ body: (ProxyRig, TestCertificates) async throws -> Void
    ) async throws {
        let made = try await TestCertificates.shared()
        let listener = try made.listener()
        try await withRig(change: {
            $0.tls = listener
            try change(&$0, made)
        }) { try await body($0, made) }
    }

    private func expectNobody(_ rig: ProxyRig, handshakesFailed: Int) async throws {
        try await eventually("the connections are gone, \(handshakesFailed) counted") {
            let books = await rig.proxy.snapshot()
            return books.clientConnections == 0 && books.reached(.tlsHandshakes) == handshakesFailed
        }
    }

    @Test func plainHTTPIsClosedAndCounted() async throws {
        try await withTLSRig { rig, made in
            let caller = try await rig.caller()
            try await caller.send(RawCaller.request("GET", "/v1/rates"))
            let bytes = try await caller.untilClose()
            #expect(!String(decoding: bytes, as: UTF8.self).contains("HTTP"), "at most an alert of TLS")
            try await expectNobody(rig, handshakesFailed: 1)
            #expect(try await rig.settled().received == 0)
            #expect(try await rig.caller(tls: try made.caller()).call("GET", "/v1/rates").status == 200)
        }
    }

    @Test func aCallerWhoTrustsAnotherAuthorityIsCounted() async throws {
        try await withTLSRig { rig, made in
            let caller = try await rig.caller(tls: try made.caller(trusting: "stranger"))
            #expect(try await caller.untilClose().isEmpty)
            try await expectNobody(rig, handshakesFailed: 1)
        }
    }

    /// One who says nothing, one who says a part of it, and one who goes.
    @Test func aHandshakeIsBounded() async throws {
        try await withTLSRig(change: { plan, _ in plan.tls?.handshakeTimeoutMs = 200 }) { rig, _ in
            let silent = try await rig.caller()
            let slow = try await rig.caller()
            try await slow.send([0x16, 0x03, 0x01, 0x00, 0xC8, 0x01])
            #expect(try await silent.untilClose().isEmpty)
            #expect(try await slow.untilClose().isEmpty)
            try await rig.caller().close()
            try await expectNobody(rig, handshakesFailed: 3)
        }
    }

    @Test func halfOpenHandshakesCountAsConnections() async throws {
        try await withTLSRig(change: { plan, _ in plan.limits.clientConnectionsMax = 2 }) { rig, made in
            let first = try await rig.caller()
            let second = try await rig.caller()
            try await eventually("both are there") { await rig.proxy.snapshot().clientConnections == 2 }
            let third = try await rig.caller(tls: try made.caller())
            #expect(try await third.untilClose().isEmpty)
            #expect(await rig.proxy.snapshot().reached(.clientConnections) == 1)
            try await first.close()
            try await second.close()
            try await expectNobody(rig, handshakesFailed: 2)
            #expect(try await rig.caller(tls: try made.caller()).call("GET", "/v1/rates").status == 200)
        }
    }

    // MARK: Certificates of callers

    @Test(
        arguments: [
            ("none", nil, true), ("none", "client", true), ("none", "stranger-client", true), ("optional", nil, true),
            ("optional", "client", true), ("optional", "stranger-client", false), ("required", nil, false),
            ("required", "client", true), ("required", "stranger-client", false),
        ] as [(String, String?, Bool)])
    func callersCertificates(mode: String, shown: String?, passes: Bool) async throws {
        try await withTLSRig(change: { plan, made in
            let authorities = try made.authorities()
            switch mode {
            case "optional": plan.tls?.clientCertificates = .optional(authorities)
            case "required": plan.tls?.clientCertificates = .required(authorities)
            default: break
            }
        }) { rig, made in
            for newest in [TLSVersion.tlsv12, .tlsv13] {
                let context = try made.clientContext(showing: shown, newest: newest)
                let caller = try await rig.caller(tls: CallerTLS(context))
                if passes {
                    #expect(try await caller.call("GET", "/v1/rates").status == 200)
                    try await caller.close()
                } else {
                    // The proxy may have closed before the caller could send.
                    try? await caller.send(RawCaller.request("GET", "/v1/rates"))
                    #expect(try await caller.untilClose().isEmpty)
                }
            }
            try await expectNobody(rig, handshakesFailed: passes ? 0 : 2)
            #expect(try await rig.settled().received == (passes ? 2 : 0))
        }
    }

    @Test(arguments: [(ListenerTLS.Version.tls12, true), (.tls13, false)])
    func theOldestVersionIsKept(version: ListenerTLS.Version, passes: Bool) async throws {
        try await withTLSRig(change: { plan, _ in plan.tls?.minimumVersion = version }) { rig, made in
            let old = try await rig.caller(tls: CallerTLS(try made.clientContext(newest: .tlsv12)))
            if passes {
                #expect(try await old.call("GET", "/v1/rates").status == 200)
            } else {
                #expect(try await old.untilClose().isEmpty)
            }
            #expect(try await rig.caller(tls: try made.caller()).call("GET", "/v1/rates").status == 200)
            #expect(await rig.proxy.snapshot().reached(.tlsHandshakes) == (passes ? 0 : 1))
        }
    }

    // MARK: Renewal

    @Test func aReloadRenewsTheCertificateForNewConnections() async throws {
        try await withTLSRig { rig, made in
            let before = try await rig.caller(tls: try made.caller())
            #expect(try await before.call("GET", "/v1/rates").status == 200)
            var plan = rig.plan
            plan.tls = try made.listener("renewed")
            try await rig.proxy.reload(plan)
            #expect(try await before.call("GET", "/v1/rates").status == 200, "no connection is dropped")
            let after = try await rig.caller(tls: try made.caller())
            #expect(try await after.call("GET", "/v1/rates").status == 200)
            let serials = (try await before.peerSerialNumber(), try await after.peerSerialNumber())
            #expect(serials.0 != nil && serials.1 != nil && serials.0 != serials.1)
        }
    }

    @Test func fromPlainToTLSTakesARestart() async throws {
        let made = try await TestCertificates.shared()
        try await withRig { rig in
            var plan = rig.plan
            plan.tls = try made.listener()
            await #expect(throws: PlanError.self) { try await rig.proxy.reload(plan) }
            #expect(try await rig.caller().call("GET", "/v1/rates").status == 200)
        }
    }
}
