import Foundation
import RuleFiles
import ShadowProxy
import TestKit
import Testing

@testable import ProxyConfiguration

/// `tls` of the listener and of the sides: what is read, and what is said of files that are not right.
@Suite struct TLSComplaintTests {
    /// Names of files in a folder where `made` stand, and what is wrong beside them.
    private func folder() async throws -> TestCertificates {
        let made = try await TestCertificates.fresh()
        func write(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: made.folder + "/" + name))
        }
        try write("", "empty.pem")
        try write("no certificate\n", "text.pem")
        try write("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n", "broken.pem")
        try write("-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n", "broken.key")
        let both = try made.bytes(made.certificate("server")) + made.bytes(made.key("server"))
        try write(String(decoding: both, as: UTF8.self), "both.pem")
        let chain = try made.bytes(made.certificate("authority")) + made.bytes(made.certificate("server"))
        try write(String(decoding: chain, as: UTF8.self), "reversed.pem")
        let locked = try await Tool.run(
            "/usr/bin/openssl",
            ["pkey", "-in", made.key("server"), "-aes256", "-passout", "pass:secret", "-out", made.folder + "/locked.key"])
        #expect(locked.status == 0, "\(locked.output)")
        return made
    }

    private func parse(
        _ made: TestCertificates, listener: String = "", legacy: String = "{url: 'https://a:1'}"
    ) -> Result<CountersignConfiguration, ConfigurationError> {
        let text = """
            listen: 127.0.0.1:1
            sides:
              legacy: \(legacy)
              candidate: {url: 'http://b:1'}
            \(listener)
            """
        do throws(ConfigurationError) {
            return .success(
                try CountersignConfiguration.parse(text: text, named: "f.yaml", environment: [:], directory: made.folder))
        } catch {
            return .failure(error)
        }
    }

    private func complaints(_ result: Result<CountersignConfiguration, ConfigurationError>) -> [String] {
        switch result {
        case .success: []
        case .failure(let error): error.problems.map(\.description)
        }
    }

    private static let pair = "certificate: server.pem, private-key: server.key"

    @Test func wrongLinesOfTheListenerAreNamed() async throws {
        let made = try await folder()
        let at = made.folder
        let table: [(String, String)] = [
            ("{}", "`certificate` is missing: the PEM file|`private-key` is missing: its PEM file"),
            ("server.pem", "found `server.pem`; a mapping is expected with the keys `certificate`, `private-key`"),
            ("{certificate: server.pem}", "f.yaml:5:6: tls: `private-key` is missing"),
            ("{\(Self.pair), certificat: x}", "tls.certificat: unknown key; did you mean `certificate`?"),
            (
                "{certificate: none.pem, private-key: server.key}",
                "f.yaml:5:20: tls.certificate: there is no file `\(at)/none.pem`"
            ),
            ("{certificate: /nowhere/a.pem, private-key: server.key}", "there is no file `/nowhere/a.pem`"),
            ("{certificate: ., private-key: server.key}", "tls.certificate: the file `\(at)/.` can't be read: "),
            ("{certificate: [a], private-key: server.key}", "found a list; a file's path is expected"),
            (
                "{certificate: empty.pem, private-key: server.key}",
                "tls.certificate: the file `\(at)/empty.pem` holds no certificate in PEM"
            ),
            ("{certificate: text.pem, private-key: server.key}", "holds no certificate in PEM"),
            ("{certificate: broken.pem, private-key: server.key}", "or a broken one"),
            (
                "{certificate: server.key, private-key: server.key}",
                "tls.certificate: the file `\(at)/server.key` holds no certificate"
            ),
            (
                "{certificate: server.pem, private-key: empty.pem}",
                "tls.private-key: the file `\(at)/empty.pem` holds no private key in PEM"
            ),
            ("{certificate: server.pem, private-key: broken.key}", "holds no private key in PEM"),
            ("{certificate: server.pem, private-key: server.pem}", "holds no private key in PEM"),
            (
                "{certificate: server.pem, private-key: locked.key}",
                "tls.private-key: the private key `\(at)/locked.key` wants a passphrase"
            ),
            (
                "{certificate: server.pem, private-key: renewed.key}",
                "tls.private-key: the private key `\(at)/renewed.key` does not belong to the first certificate of `\(at)/server"
            ),
            ("{certificate: reversed.pem, private-key: server.key}", "does not belong to the first certificate"),
            (
                "{certificate: expired.pem, private-key: expired.key}",
                "tls.certificate: the certificate `\(at)/expired.pem` expired at 20"
            ),
            ("{\(Self.pair), client-certificates: maybe}", "allowed are `none`, `optional`, `required`"),
            ("{\(Self.pair), client-certificates: required}", "tls.client-certificates: `client-authorities` is missing"),
            ("{\(Self.pair), client-certificates: optional}", "`client-authorities` is missing"),
            (
                "{\(Self.pair), client-authorities: authority.pem}",
                "tls.client-authorities: nothing is done with `client-authorities`"
            ),
            ("{\(Self.pair), client-authorities: authority.pem, client-certificates: none}", "nothing is done with"),
            (
                "{\(Self.pair), client-authorities: text.pem, client-certificates: required}",
                "tls.client-authorities: the file `\(at)/text.pem` holds no certificate"
            ),
            ("{\(Self.pair), minimum-version: 1.1}", "tls.minimum-version: found `1.1`; allowed are `1.2`, `1.3`"),
            ("{\(Self.pair), minimum-version: 2}", "found `2`; allowed are"),
            ("{\(Self.pair), handshake-timeout: 10}", "found `10`; a duration from 100ms to 10m"),
            ("{\(Self.pair), handshake-timeout: 99ms}", "found `99ms`"),
            ("{\(Self.pair), handshake-timeout: 601s}", "found `601s`"),
        ]
        for (section, expected) in table {
            let found = complaints(parse(made, listener: "tls: \(section)"))
            let parts = expected.split(separator: "|")
            #expect(found.count == parts.count, "\(section): \(found)")
            #expect(zip(found, parts).allSatisfy { $0.contains($1) }, "\(section): \(found)")
        }
    }

    @Test func wrongLinesOfASideAreNamed() async throws {
        let made = try await folder()
        let at = made.folder
        let table: [(String, String)] = [
            (
                "{url: 'http://a:1', tls: {}}",
                "f.yaml:3:36: sides.legacy.tls: `tls` stands under an `http://` side: write `https://`"
            ),
            ("{url: 'http://a:1', tls: {server-name: a}}", "stands under an `http://` side"),
            ("{url: 'https://a', tls: {}}", "the port is missing"),
            ("{url: 'https://a:1/v1'}", "`https://HOST:PORT` alone"),
            ("{url: 'https://u@a:1'}", "names and passwords"),
            (
                "{url: 'https://a:1', tls: {verify: false}}",
                "sides.legacy.tls.verify: unknown key; allowed here are `authorities`"
            ),
            ("{url: 'https://a:1', tls: {authoritys: x}}", "did you mean `authorities`?"),
            ("{url: 'https://a:1', tls: {authorities: none.pem}}", "sides.legacy.tls.authorities: there is no file"),
            (
                "{url: 'https://a:1', tls: {authorities: text.pem}}",
                "sides.legacy.tls.authorities: the file `\(at)/text.pem` holds no certificate"
            ),
            ("{url: 'https://a:1', tls: {certificate: client.pem}}", "sides.legacy.tls: `private-key` is missing"),
            ("{url: 'https://a:1', tls: {private-key: client.key}}", "sides.legacy.tls: `certificate` is missing"),
            (
                "{url: 'https://a:1', tls: {certificate: client.pem, private-key: server.key}}",
                "sides.legacy.tls.private-key: the private key"
            ),
            (
                "{url: 'https://a:1', tls: {server-name: 127.0.0.1}}",
                "sides.legacy.tls.server-name: found `127.0.0.1`; a host's name is expected"
            ),
            ("{url: 'https://a:1', tls: {server-name: '::1'}}", "a host's name is expected"),
            ("{url: 'https://a:1', tls: {server-name: a b}}", "a host's name is expected"),
            ("{url: 'https://a:1', tls: {server-name: ''}}", "found ``; a host's name is expected"),
            ("{url: 'https://a:1', tls: {server-name: a..b}}", "a host's name is expected"),
        ]
        for (side, expected) in table {
            let found = complaints(parse(made, legacy: side))
            #expect(found.count == 1 && found[0].contains(expected), "\(side): \(found)")
        }
    }

    @Test func allComplaintsComeAtOnce() async throws {
        let made = try await folder()
        let found = complaints(
            parse(
                made, listener: "tls: {certificate: none.pem, private-key: none.key, minimum-version: 9}\nshare: 101",
                legacy: "{url: 'https://a:1', tls: {authorities: none.pem}}"))
        #expect(found.count == 5, "\(found)")
    }

    @Test func whatIsRightIsRead() async throws {
        let made = try await folder()
        let plain = try parse(made).get().plan
        #expect(plain.tls == nil && plain.legacy.tls == SideTLS() && plain.candidate.tls == nil)
        #expect(plain.legacy.url == "https://a:1" && plain.candidate.url == "http://b:1")

        let least = try #require(try parse(made, listener: "tls: {\(Self.pair)}").get().plan.tls)
        #expect(least.clientCertificates == .none && least.minimumVersion == .tls12 && least.handshakeTimeoutMs == 10_000)
        let oneFile = try parse(made, listener: "tls: {certificate: both.pem, private-key: both.pem}").get().plan.tls
        #expect(oneFile == least)

        let authorities = try TLSAuthorities(pem: try made.bytes(made.certificate("authority")))
        let whole = try parse(
            made,
            listener: "tls: {\(Self.pair), client-authorities: authority.pem, client-certificates: required, "
                + "minimum-version: 1.3, handshake-timeout: 2s}",
            legacy: "{url: 'https://a:1', tls: {authorities: \(made.folder)/authority.pem, certificate: client.pem, "
                + "private-key: client.key, server-name: bank.example}}"
        ).get().plan
        #expect(whole.tls?.clientCertificates == .required(authorities))
        #expect(whole.tls?.minimumVersion == .tls13 && whole.tls?.handshakeTimeoutMs == 2_000)
        #expect(whole.legacy.tls?.authorities == authorities && whole.legacy.tls?.serverName == "bank.example")
        #expect(whole.legacy.tls?.identity != nil)
    }

    @Test func onlyTurningItOnOrOffTakesARestart() async throws {
        let made = try await folder()
        let plain = try parse(made).get()
        let server = try parse(made, listener: "tls: {\(Self.pair)}").get()
        let renewed = try parse(made, listener: "tls: {certificate: renewed.pem, private-key: renewed.key}").get()
        #expect(server.plan.tls != renewed.plan.tls)
        #expect(renewed.keysNeedingRestart(comparedWith: server) == [])
        #expect(server.keysNeedingRestart(comparedWith: plain) == ["tls"])
        #expect(plain.keysNeedingRestart(comparedWith: server) == ["tls"])
    }
}
