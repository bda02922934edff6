import Alerting
import Comparison
import ShadowProxy
import Testing

@testable import ProxyConfiguration
@testable import RuleFiles

@Suite struct PlanTests {
    private static let frame = "listen: '[::1]:0'\nsides: {legacy: {url: 'http://a:1/'}, candidate: {url: 'HTTP://b:65535'}}\n"

    private func parse(_ lines: String) throws -> CountersignConfiguration {
        try CountersignConfiguration.parse(
            text: Self.frame + lines, named: "f", environment: ["S": " whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\n"])
    }

    @Test func leavingEverythingOutGivesTheDefaultsOfThePlan() throws {
        let configuration = try parse("")
        #expect(configuration.plan.listen == Endpoint(host: "::1", port: 0))
        #expect(configuration.plan.legacy.endpoint == Endpoint(host: "a", port: 1))
        #expect(configuration.plan.candidate.endpoint == Endpoint(host: "b", port: 65_535))
        #expect(configuration.plan.lanes == 1 && !configuration.plan.trusted && configuration.plan.candidateShare == 0)
        #expect(configuration.plan.legacy.answerTimeoutMs == 10_000 && configuration.plan.limits.bodyBytesMax == 1_048_576)
        #expect(configuration.evidence.redactHeaders.contains("authorization") && configuration.channels.isEmpty)
        #expect(configuration.stateDirectory == "countersign-state")
    }

    @Test(arguments: [
        ("0", 0), ("100", 100_000), ("100.000", 100_000), ("12.5", 12_500), ("0.001", 1), ("12.5%", 12_500), ("99.999", 99_999),
    ])
    func percentagesAreExact(text: String, expected: Int) throws {
        #expect(try parse("share: \(text)").plan.candidateShare == expected)
    }

    @Test(arguments: ["", "%", ".5", "5.", "1.2.3", "1.0000", "100.001", "101", "-0", "+1", "1e1", "१"])
    func otherPercentagesAreRefused(text: String) { #expect(Quantities.thousandthsOfPercent(text) == nil) }

    @Test(arguments: [("1ms", 1), ("2s", 2_000), ("5m", 300_000), ("1h", 3_600_000), ("30d", 2_592_000_000), ("0ms", 0)])
    func durations(text: String, expected: Int) {
        #expect(Quantities.milliseconds(text) == expected)
        #expect(Quantities.milliseconds(Quantities.text(milliseconds: expected)) == expected)
    }

    @Test(arguments: ["", "5", "ms", "1.5s", "-1s", "1 s", "1S", "1sec", "99999999999999999999ms", "9223372036854775807s"])
    func otherDurationsAreRefused(text: String) { #expect(Quantities.milliseconds(text) == nil) }

    @Test(arguments: [("0B", 0), ("512B", 512), ("64KiB", 65_536), ("1MiB", 1_048_576), ("2GiB", 2_147_483_648)])
    func sizes(text: String, expected: Int) {
        #expect(Quantities.bytes(text) == expected)
        #expect(Quantities.bytes(Quantities.text(bytes: expected)) == expected)
    }

    @Test func aSafePOSTMayBeRead() throws {
        let plan = try parse("operations: [{name: search, method: POST, path: /search, mode: read, safe: true, sample: 2.5}]")
            .plan
        #expect(plan.operations[0].mode == .read && plan.operations[0].sample == 2_500 && plan.operations[0].order == .none)
    }

    @Test func writesKeepTheirKeysOrderUnlessToldOtherwise() throws {
        let plan = try parse(
            """
            operations:
              - {name: a, method: POST, path: '/a/{id}', mode: mirrored-write, key: [path.id, header.X-Account]}
              - {name: b, method: PUT, path: /b, mode: mirrored-write, order: none}
            """
        ).plan
        #expect(plan.operations[0].order == .key && plan.operations[0].keys == [.path("id"), .header("x-account")])
        #expect(plan.operations[1].order == .none)
    }

    @Test func anOperationsRulesComeOnTopOfTheDefaults() throws {
        let plan = try parse(
            """
            defaults: {headers: [ETag], problems: [code, title], severity: minor, rules: [{path: [$.a, $.b], severity: critical}]}
            operations:
              - {name: a, method: GET, path: /a, mode: read}
              - name: b
                method: GET
                path: /b
                mode: read
                compare:
                  headers: []
                  nesting: 9
                  rules:
                    - {path: $.a, tolerance: {absolute: 0.10, relative: 0.5}, severity: major}
                    - {path: $.t, time-within: 2s}
            """
        ).plan
        let (a, b) = (plan.operations[0].rules, plan.operations[1].rules)
        #expect(
            a.headers == ["etag"] && a.problemMembers == ["code", "title"] && a.defaultSeverity == .minor && a.rules.count == 2)
        #expect(b.headers == [] && b.problemMembers == ["code", "title"] && b.depthMax == 9)
        #expect(
            b.rules == a.rules + [
                Rule(
                    path: try PathPattern("$.a"), action: .tolerance(absolute: ExactDecimal("0.1"), relative: ExactDecimal("0.5"))
                ),
                Rule(path: try PathPattern("$.a"), action: .severity(.major)),
                Rule(path: try PathPattern("$.t"), action: .timeWithin(milliseconds: 2_000)),
            ])
        #expect(plan.unknownRules.rules == a.rules)
    }

    @Test func secretsComeFromTheEnvironmentTrimmed() throws {
        let configuration = try parse(
            "alerts: {channels: [{name: c, url: 'https://x/', secret: {env: S}}, {name: d, url: 'https://x/', secret: none}]}")
        #expect(configuration.channels.map(\.secret) == ["whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", nil])
    }

    @Test func alertsAreReadWhole() throws {
        let configuration = try parse(
            """
            operations: [{name: payout, method: GET, path: /p, mode: read}]
            alerts:
              channels:
                - {name: a, url: 'http://10.0.0.1/', secret: {env: S}, previous-secret: {env: S}, allow-http: true,
                   allow-networks: [10.0.0.0/8, '::1'], heartbeat: 90s, format: alertmanager}
                - {name: b, url: 'https://x/', secret: none}
              routes:
                - {severity: [critical, major], operation: payout, stage: all, audience: [staff, beta], channels: [a, b]}
              fallback: b
              group-wait: 0s
              group-interval: 1m
              repeat-interval: 1h
              resolve-after: 7
              rate: {notices: 3, per: 1s}
            """)
        let channel = configuration.channels[0]
        #expect(channel.previousSecret == channel.secret && channel.secret != nil && channel.heartbeatMs == 90_000)
        #expect(channel.allowNetworks == ["10.0.0.0/8", "::1"] && channel.format == .alertmanager)
        let rules = configuration.alertRules
        #expect(
            rules.routes == [
                AlertRoute(
                    severities: ["critical", "major"], operations: ["payout"], stages: ["all"], audiences: ["staff", "beta"],
                    channels: ["a", "b"])
            ])
        #expect(rules.fallback == ["b"])
        var pace = AlertPace()
        pace.groupWaitMs = 0
        pace.groupIntervalMs = 60_000
        pace.repeatIntervalMs = 3_600_000
        pace.resolveAfter = 7
        pace.noticesMax = 3
        pace.noticesPerMs = 1_000
        #expect(rules.pace == pace)
    }

    @Test func slackNeedsNoSecret() throws {
        #expect(
            try parse("alerts: {channels: [{name: s, url: 'https://hooks.slack.com/x', format: slack}]}").channels[0].secret
                == nil)
    }

    @Test func theFirstMinuteWithoutAFileComparesEveryRead() {
        let configuration = CountersignConfiguration.comparingReads(
            listen: Endpoint(host: "l", port: 1), admin: Endpoint(host: "l", port: 2),
            legacy: SidePlan(endpoint: Endpoint(host: "a", port: 1)),
            candidate: SidePlan(endpoint: Endpoint(host: "b", port: 1)), stateDirectory: "s")
        #expect(configuration.plan.unknownSafeMode == .read && configuration.plan.operations.isEmpty)
    }

    @Test func restartsAreAskedForOnlyWhereNeeded() throws {
        let running = try parse("lanes: 1\nshare: 5")
        #expect(try parse("lanes: 2\nshare: 6\ntrusted: true").keysNeedingRestart(comparedWith: running) == ["trusted", "lanes"])
        #expect(try parse("share: 6").keysNeedingRestart(comparedWith: running) == [])
        #expect(try parse("store: {url: 'postgres://h/d'}").keysNeedingRestart(comparedWith: running) == ["store"])
    }

    @Test func filesOfRulesAloneAreRead() throws {
        let rules = try RulesFile.parse(text: "rules: [{path: $.a, ignore: true}]", named: "r")
        #expect(rules.rules == [Rule(path: try PathPattern("$.a"), action: .ignore)])
        #expect(throws: ConfigurationError.self) { try RulesFile.parse(text: "rule: []", named: "r") }
        #expect(throws: ConfigurationError.self) { try RulesFile.parse(text: "", named: "r") }
    }

    @Test(arguments: [("shaer", "share"), ("lisen", "listen"), ("operation", "operations"), ("Salt", "salt"), ("qqqqq", nil)])
    func nearestWords(word: String, expected: String?) {
        #expect(NearestWord.to(word, among: ConfigurationKeys.top.keys) == expected)
    }

    @Test func aStoreIsReadWithItsDefaults() throws {
        let frame = "listen: 127.0.0.1:1\nsides: {legacy: {url: 'http://a:1'}, candidate: {url: 'http://b:1'}}\n"
        func store(_ text: String) throws -> SharedStoreSettings? {
            try CountersignConfiguration.parse(
                text: frame + text, named: "f.yaml", environment: ["STORE": "postgresql://u:secret@h/d\n"]
            ).store
        }
        #expect(try store("") == nil)
        let plain = try #require(try store("store: {url: 'postgres://u@h/d?schema=s'}"))
        #expect(plain.address == "postgres://u@h/d?schema=s" && plain.instance == nil)
        #expect(plain.alertAfterMs == 10_000 && plain.keyWindowMs == 300_000 && plain.claimMs == 30_000)
        let whole = try #require(
            try store("store: {url: {env: STORE}, instance: p-1, alert-after: 2s, key-window: 1m, claim: 20s}"))
        #expect(whole.address == "postgresql://u:secret@h/d" && whole.instance == "p-1")
        #expect(whole.alertAfterMs == 2_000 && whole.keyWindowMs == 60_000 && whole.claimMs == 20_000)
    }
}
