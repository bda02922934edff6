import RolloutControl
import RuleFiles
import ShadowProxy
import TestKit
import Testing

@testable import ProxyConfiguration

/// `admin` and `rollout`: what is read, and what is said of what is not right.
@Suite struct AdminComplaintTests {
    private static let environment = [
        "KIM": "0123456789abcdef-kim", "LEE": "0123456789abcdef-lee", "SHORT": "123456789012345", "JUST": "1234567890123456",
    ]

    private func parse(_ lines: String, directory: String = "") throws(ConfigurationError) -> CountersignConfiguration {
        try CountersignConfiguration.parse(
            text: "listen: 127.0.0.1:1\nsides: {legacy: {url: 'http://a:1'}, candidate: {url: 'http://b:1'}}\n" + lines,
            named: "f.yaml", environment: Self.environment, directory: directory)
    }

    private func complaints(_ lines: String) -> String {
        do throws(ConfigurationError) {
            _ = try parse(lines)
            return ""
        } catch {
            return error.problems.map(\.description).joined(separator: "\n")
        }
    }

    private static func token(_ line: String) -> String { "admin: {tokens: [{\(line)}]}" }

    @Test(arguments: [
        ("admin: 0.0.0.0:7001", "the admin port would be open to everybody who reaches `0.0.0.0`"),
        ("admin: 10.0.0.4:7001", "give it `tokens`"), ("admin: '[::]:7001'", "who reaches `::`"),
        ("admin: 127.0.0.1.evil.example:7001", "who reaches `127.0.0.1.evil.example`"),
        ("admin: {address: 10.0.0.4:7001}", "give it `tokens`"),
        ("admin: {address: 10.0.0.4:7001, tokens: []}", "the list is empty"),
        ("admin: {adress: 127.0.0.1:7001}", "did you mean `address`?"),
        (token("name: kim, role: operator, secret: {env: SHORT}"), "shorter than 16 bytes"),
        (token("name: kim, role: operator, secret: {env: NONE}"), "the environment variable `NONE` is not set"),
        (token("name: kim, role: operator, secret: 0123456789abcdef"), "a token never stands in the file"),
        (token("name: kim, role: root, secret: {env: KIM}"), "allowed are `viewer`, `operator`, `approver`"),
        (token("name: kim, secret: {env: KIM}"), "`role` is missing"),
        (token("role: viewer, secret: {env: KIM}"), "`name` is missing"),
        (token("name: kim, role: viewer"), "`secret` is missing"),
        (token("name: ' ', role: viewer, secret: {env: KIM}"), "a name of 1"),
        (token("name: kim, role: operator, approves-as: [risk], secret: {env: KIM}"), "only an `approver` approves"),
        (token("name: kim, role: approver, secret: {env: KIM}"), "name it in `approves-as`"),
        (
            "admin: {tokens: [{name: a, role: viewer, secret: {env: KIM}}, {name: a, role: viewer, secret: {env: LEE}}]}",
            "another token is named `a` already"
        ),
        (
            "admin: {tokens: [{name: a, role: viewer, secret: {env: KIM}}, {name: b, role: viewer, secret: {env: KIM}}]}",
            "it is the secret of `a` as well"
        ),
        ("admin: {tls: {certificate: none.pem, private-key: none.key}}", "there is no file `none.pem`"),
    ])
    func aWrongLineIsNamed(line: String, expected: String) {
        let found = complaints(line)
        #expect(found.contains(expected), "\(found)")
        #expect(!found.contains("0123456789abcdef"), "a secret shows")
    }

    @Test(arguments: [
        "admin: 127.0.0.1:7001", "admin: localhost:7001", "admin: '[::1]:7001'", "admin: 127.255.0.1:0",
        "admin: {address: 10.0.0.4:7001, tokens: [{name: kim, role: operator, secret: {env: KIM}}]}",
        "admin: {tokens: [{name: kim, role: [operator, approver], approves-as: risk, secret: {env: JUST}}]}",
    ])
    func aRightLineIsTaken(line: String) { #expect(complaints(line) == "") }

    @Test func tokensAreReadWithTheirRoles() throws {
        let settings = try parse(
            "admin: {tokens: [{name: kim, role: [operator, approver], approves-as: [risk, operations], secret: {env: KIM}}]}"
        ).adminSettings
        let kim = try #require(settings.access.bearer(of: "0123456789abcdef-kim"))
        #expect(kim.name == "kim" && kim.roles == [.operator, .approver] && kim.approvesAs == ["risk", "operations"])
        #expect(settings.access.bearer(of: "0123456789abcdef-lee") == nil)
    }

    @Test func clientCertificatesOpenThePortToOthersAndAServersAloneDoesNot() async throws {
        let made = try await TestCertificates.shared()
        let pair = "certificate: server.pem, private-key: server.key"
        let mutual = try parse(
            "admin: {address: 10.0.0.4:7001, tls: {\(pair), client-authorities: authority.pem}}", directory: made.folder)
        #expect(mutual.adminSettings.tls?.clientAuthoritiesPEM?.isEmpty == false)
        #expect(throws: ConfigurationError.self) {
            try parse("admin: {address: 10.0.0.4:7001, tls: {\(pair)}}", directory: made.folder)
        }
        #expect(try parse("admin: {tls: {\(pair)}}", directory: made.folder).adminSettings.tls != nil)
    }

    @Test func aRolloutIsReadWithItsDefaults() throws {
        let least = try #require(try parse("rollout: {plan: plan.yaml}", directory: "/etc/c").rollout)
        #expect(least.planFile == "/etc/c/plan.yaml" && least.audienceHeader == nil && !least.isAutomatic)
        #expect(least.handOverWaitMs == 5_000 && least.handOverWaitingMax == 32 && least.candidateBuild == .text("unnamed"))
        #expect(least.killFile(in: "state") == "state/kill-switch")
        let most = try #require(
            try parse(
                """
                rollout:
                  plan: /p.yaml
                  audience: {header: X-Claims, proof: {header: X-Gateway, secret: {env: KIM}}}
                  automatic: true
                  kill-file: /run/kill
                  hand-over: {wait: 250ms, waiting-max: 0}
                  candidate-build: {header: X-Build}
                """
            ).rollout)
        #expect(most.planFile == "/p.yaml" && most.audienceHeader == "x-claims" && most.isAutomatic)
        #expect(most.audienceProof?.header == "x-gateway" && (most.audienceProof?.secret.utf8.count ?? 0) >= 16)
        let behindGateway = try parse("trusted: true\nrollout: {plan: p, audience: {header: X-Claims}}").rollout
        #expect(behindGateway?.audienceHeader == "x-claims" && behindGateway?.audienceProof == nil)
        #expect(most.killFile(in: "state") == "/run/kill" && most.handOverWaitMs == 250 && most.handOverWaitingMax == 0)
        #expect(most.candidateBuild == .header("x-build"))
    }

    @Test func anotherRolloutOrOtherTokensNeedARestart() throws {
        let before = try parse("")
        #expect(try parse("rollout: {plan: p}").keysNeedingRestart(comparedWith: before) == ["rollout"])
        let tokens = try parse("admin: {tokens: [{name: kim, role: viewer, secret: {env: KIM}}]}")
        #expect(tokens.keysNeedingRestart(comparedWith: before) == ["admin"])
    }
}
