import Foundation
import Outbound
import TestKit
import Testing

/// The program as it is run, with TLS on all three sides.
@Suite("TLS, from the file to the wire", .timeLimit(.minutes(3)))
struct TLSRunTests {
    private static let echo: StubSide.Script = { request in
        [.send(StubAnswer.json(200, "{\"proto\":\"\(request.header("X-Forwarded-Proto") ?? "")\"}"))]
    }

    private func copy(_ name: String, of made: TestCertificates, certificate: Bool = true) throws {
        if certificate {
            try Data(try made.bytes(made.certificate(name))).write(to: URL(fileURLWithPath: made.folder + "/live.pem"))
        }
        try Data(try made.bytes(made.key(name))).write(to: URL(fileURLWithPath: made.folder + "/live.key"))
    }

    private func serial(_ port: Int, _ made: TestCertificates) async throws -> [UInt8] {
        let caller = try await RawCaller.connect(port: port, tls: CallerTLS(try made.clientContext(), serverName: "localhost"))
        let answer = try await caller.call("GET", "/same")
        #expect(answer.status == 200 && answer.bodyText == #"{"proto":"https"}"#)
        let serial = try #require(try await caller.peerSerialNumber())
        try await caller.close()
        return serial
    }

    @Test("SIGHUP takes a renewed certificate for new connections; a broken one leaves the old in force, and is named")
    func renewal() async throws {
        let made = try await TestCertificates.fresh()
        try copy("server", of: made)
        let legacy = try await StubSide.start(tls: try made.serverContext(demanding: "authority"), script: Self.echo)
        let candidate = try await StubSide.start(tls: try made.serverContext("elsewhere"), script: Self.echo)
        let file = made.folder + "/countersign.yaml"
        try Data(
            """
            listen: 127.0.0.1:0
            admin: 127.0.0.1:0
            state: \(made.folder)/state
            tls: { certificate: live.pem, private-key: live.key }
            sides:
              legacy:
                url: https://127.0.0.1:\(legacy.port)
                tls: { authorities: authority.pem, certificate: client.pem, private-key: client.key }
              candidate:
                url: https://127.0.0.1:\(candidate.port)
                tls: { authorities: authority.pem, server-name: elsewhere.example }
            unknown-reads: read

            """.utf8
        ).write(to: URL(fileURLWithPath: file))
        let proxy = try ProgramUnderTest("countersign", ["proxy", "--config", file])
        let listen = try await proxy.line(beginning: "countersign: listening on https://127.0.0.1:")
        let port = try #require(Int(listen))
        let admin = try await proxy.line(beginning: "countersign: admin on ")
        let first = try await serial(port, made)
        let kept = try await RawCaller.connect(port: port, tls: CallerTLS(try made.clientContext()))
        #expect(try await kept.call("GET", "/same").status == 200)

        // A key of another certificate, as when one of two files was replaced.
        try copy("renewed", of: made, certificate: false)
        proxy.signal(SIGHUP)
        try await eventually("the refusal") { proxy.errors.contains("the old plan stays in force") }
        #expect(proxy.errors.contains("countersign.yaml:4:"), "\(proxy.errors)")
        #expect(proxy.errors.contains("tls.private-key: the private key `\(made.folder)/live.key` does not belong"))
        #expect(try await serial(port, made) == first)

        try copy("renewed", of: made)
        proxy.signal(SIGHUP)
        try await eventually("the reload") { proxy.errors.contains("the plan was read again") }
        let second = try await serial(port, made)
        #expect(second != first)
        #expect(try await kept.call("GET", "/same").status == 200, "no connection is dropped")

        let stranger = try await RawCaller.connect(port: port)
        try await stranger.send(RawCaller.request("GET", "/same"))
        _ = try await stranger.untilClose()
        let client = OutboundClient()
        defer { client.close() }
        try await eventually("it is counted") {
            let metrics = try await client.send(OutboundRequest(url: admin + "/metrics"))
            return String(decoding: metrics.body, as: UTF8.self).contains(
                "countersign_bounds_reached_total{bound=\"tls-handshakes\"} 1\n")
        }
        proxy.signal(SIGTERM)
        #expect(try await proxy.exit() == 0)
        #expect(legacy.seen.count == 5 && candidate.seen.count == 5)
        try await legacy.shutdown()
        try await candidate.shutdown()
    }

    @Test("--legacy https://… trusts what the system trusts, and says so when that is not enough")
    func withoutAFile() async throws {
        let made = try await TestCertificates.shared()
        let folder = try TemporaryDirectory()
        let legacy = try await StubSide.start(tls: try made.serverContext(), script: Self.echo)
        let candidate = try await StubSide.start(script: Self.echo)
        let proxy = try ProgramUnderTest(
            "countersign",
            [
                "proxy", "--legacy", "https://localhost:\(legacy.port)", "--candidate", "http://127.0.0.1:\(candidate.port)",
                "--listen", "127.0.0.1:0", "--state", folder.file("state"),
            ])
        let port = try #require(Int(try await proxy.line(beginning: "countersign: listening on http://127.0.0.1:")))
        try await eventually("the sides are named") { proxy.output.contains("https://localhost:\(legacy.port)  answers every") }
        let answer = try await RawCaller.connect(port: port).call("GET", "/same")
        #expect(answer.status == 502)
        #expect(
            answer.bodyText.contains("failed the TLS handshake: no authority that is trusted here vouches"), "\(answer.bodyText)")
        proxy.signal(SIGTERM)
        #expect(try await proxy.exit() == 0)
        try await legacy.shutdown()
        try await candidate.shutdown()
    }

    @Test("config check reads the files that it names")
    func configCheck() async throws {
        let made = try await TestCertificates.shared()
        let folder = try TemporaryDirectory()
        func check(_ tls: String) async throws -> (status: Int32, text: String) {
            let text = """
                listen: 127.0.0.1:0
                sides: { legacy: { url: "https://a:1" }, candidate: { url: "http://b:1" } }
                tls: { \(tls) }

                """
            let program = try ProgramUnderTest("countersign", ["config", "check", try folder.write(text, to: "tls.yaml")])
            let status = try await program.exit()
            try await eventually("the end of the output") { !program.output.isEmpty || !program.errors.isEmpty }
            return (status, program.output + program.errors)
        }
        let sound = try await check("certificate: \(made.certificate("server")), private-key: \(made.key("server"))")
        #expect(sound.status == 0 && sound.text.contains("listens on 127.0.0.1:0 (TLS)"), "\(sound.text)")
        let broken = try await check("certificate: \(made.certificate("server")), private-key: none.key")
        #expect(broken.status == 65)
        #expect(
            broken.text.contains("tls.yaml:3:") && broken.text.contains("there is no file `\(folder.path)/none.key`"),
            "\(broken.text)")
    }
}
