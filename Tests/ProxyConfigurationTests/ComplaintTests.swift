import Comparison
import Foundation
import ShadowProxy
import Testing

@testable import ProxyConfiguration
@testable import RuleFiles

/// What is refused, where it is said to stand, and that the sentence names the mend.
@Suite struct ComplaintTests {
    private static let sides = "sides: {legacy: {url: 'http://a:1'}, candidate: {url: 'http://b:1'}}\n"

    private func problems(_ text: String, environment: [String: String] = [:]) -> [ConfigurationProblem] {
        do throws(ConfigurationError) {
            _ = try CountersignConfiguration.parse(text: text, named: "f.yaml", environment: environment)
            return []
        } catch {
            return error.problems
        }
    }

    /// The one complaint about a line added to a file that is right without it.
    private func complaint(_ line: String, environment: [String: String] = [:]) -> String {
        problems("listen: 127.0.0.1:1\n" + Self.sides + line + "\n", environment: environment).map(\.description).joined(
            separator: "\n")
    }

    @Test func theFrameItselfIsRight() { #expect(complaint("") == "") }

    @Test(arguments: [
        ("shaer: 5", "f.yaml:3:1: shaer: unknown key; did you mean `share`?"),
        ("zzz: 5", "f.yaml:3:1: zzz: unknown key; allowed here are `listen`, `tls`, `trusted`,"),
        ("share: 101", "f.yaml:3:8: share: found `101`; a percentage from 0 to 100 with at most three places"),
        ("share: 0.0001", "found `0.0001`; a percentage"), ("share: -1", "found `-1`"), ("share: 100.001", "found `100.001`"),
        ("share: 1e1", "found `1e1`"),
        ("lanes: 0", "lanes: found `0`; a whole number from 1 to 64"), ("lanes: 65", "found `65`"), ("lanes: two", "found `two`"),
        ("lanes: '2'", "found `2`"),
        ("trusted: yes", "found `yes`; `true` or `false`"), ("trusted: [true]", "found a list; `true` or `false`"),
        ("salt:", "found nothing; a text is expected"), ("limits: 5", "found `5`; a mapping is expected with the keys `head`"),
        ("limits: {body: 1MB}", "limits.body: found `1MB`; a size from 1KiB to 1GiB is expected, as `512B`"),
        ("limits: {body: 1023B}", "found `1023B`"), ("limits: {body: 1048576}", "found `1048576`; a size"),
        ("limits: {drain: 5}", "found `5`; a duration from 0ms to 10m"),
        ("limits: {drain: 601s}", "found `601s`"),
        ("limits: {body: 64MiB}", "`shadow-backlog-bytes` (16MiB) is smaller than one `body` (64MiB)"),
        ("unknown-reads: mirrored-write", "allowed are `never`, `read`"),
        ("admin: 127.0.0.1:1", "`listen` and `admin` are the same address"),
        ("admin: 127.0.0.1", "the port is missing"), ("admin: 127.0.0.1:65536", "`65536` is not a port"),
        ("admin: http://x:1", "without a scheme"),
        ("admin: '::1:80'", "written `[::1]:7000`"),
        ("share: 0\nrollout: {plan: p.yaml}", "share: with `rollout` the plan says which share the candidate has"),
        ("rollout: {}", "rollout: `plan` is missing"), ("rollout: p.yaml", "a mapping is expected with the keys `plan`"),
        ("rollout: {plan: p, audience: {}}", "rollout.audience: `header` is missing"),
        ("rollout: {plan: p, audience: {header: 'a b'}}", "`a b` is not a header's name"),
        ("rollout: {plan: p, audience: {header: X-A}}", "rollout.audience: anybody could send this header"),
        ("rollout: {plan: p, audience: {header: X-A, proof: {header: X-B}}}", "rollout.audience.proof: `secret` is missing"),
        ("rollout: {plan: p, automatic: yes}", "found `yes`; `true` or `false`"),
        ("rollout: {plan: p, hand-over: {wait: 61s}}", "a duration from 0ms to 1m"),
        ("rollout: {plan: p, hand-over: {waiting-max: 10001}}", "a whole number from 0 to 10000"),
        ("rollout: {plan: p, candidate-build: {}}", "either `header` or `text`"),
        ("rollout: {plan: p, candidate-build: {header: A, text: b}}", "either `header` or `text`"),
        ("store: {instance: a}", "store: `url` is missing"),
        ("store: {url: 'mysql://x/y'}", "store.url: a store's address begins with `postgres://`"),
        ("store: {url: 'postgres://u:secret@h/d'}", "store.url: a password never stands in the file"),
        ("store: {url: {env: S}}", "the environment variable `S` is not set"),
        ("store: {url: 'postgres://h/d', instance: 'a b'}", "store.instance: an instance's name has 1 … 63 characters"),
        ("store: {url: 'postgres://h/d', alert-after: 10ms}", "store.alert-after: found `10ms`; a duration from 1s to 1h"),
        ("evidence: {retention: 36h}", "whole days"),
        ("evidence: {redact: [id]}", "evidence.redact[0]: `id`, character 1: a path begins with `$`"),
        ("evidence: {redaction-key: {env: K}}", "the environment variable `K` is not set"),
        ("evidence: {redaction-key: {}}", "either `env` or `file`"),
        ("evidence: {redact-headers: ['a b']}", "`a b` is not a header's name"),
        ("share: 5\nshare: 6", "the same key stands twice in one mapping: `share`"), ("share: [", "this is not YAML"),
        ("defaults: {rules: [{path: $.a, ignore: true, severity: minor}]}", "what is ignored is not looked at"),
        ("defaults: {rules: [{path: $.a}]}", "the rule says nothing about its path"),
        ("defaults: {rules: [{ignore: true}]}", "`path` is missing"),
        ("defaults: {rules: [{path: a, ignore: true}]}", "defaults.rules[0].path: `a`, character 1: a path begins"),
        ("defaults: {rules: [{path: $.a, ignroe: true}]}", "did you mean `ignore`?"),
        ("defaults: {rules: [{path: $.a, ignore: false}]}", "leave it out"),
        ("defaults: {rules: [{path: $.a, tolerance: {}}]}", "`absolute` or `relative` is missing"),
        ("defaults: {rules: [{path: $.a, tolerance: {absolute: -1}}]}", "not below 0"),
        ("defaults: {rules: [{path: $.a, tolerance: {relative: 1}}]}", "a share below 1"),
        ("defaults: {rules: [{path: $.a, tolerance: 5}]}", "found `5`; a mapping is expected"),
        ("defaults: {rules: [{path: $.a, pattern: '(a'}]}", "the closing `)` is missing"),
        ("defaults: {rules: [{path: $.a, time-within: 2}]}", "found `2`; a duration"),
        ("defaults: {rules: [{path: $.a, as-set: true, keyed-by: id}]}", "either `as-set` or `keyed-by`"),
        ("defaults: {severity: bad}", "allowed are `minor`, `major`, `critical`"),
        ("defaults: {rules: {}}", "a list is expected"),
    ])
    func aWrongLineIsNamed(line: String, expected: String) {
        let found = complaint(line)
        #expect(found.contains(expected), "\(found)")
        #expect(found.split(separator: "\n").count == (line.contains("ignroe") ? 2 : 1), "\(found)")
    }

    @Test(arguments: [
        ("https://b:1", "a system can't be compared with itself"), ("a:1", "written `http://HOST:PORT` or `https://HOST:PORT`"),
        ("http://a", "the port is missing"), ("http://a:1/v1", "`http://HOST:PORT` alone"),
        ("http://a:0", "a side's port is 1"), ("http://u:p@a:1", "names and passwords"),
        ("http://b:1", "a system can't be compared with itself"), ("http://:1", "is not a host name"),
    ])
    func sidesAreHostsAndPorts(url: String, expected: String) {
        let found = problems("listen: a:1\nsides: {legacy: {url: '\(url)'}, candidate: {url: 'http://b:1'}}").map(\.description)
        #expect(found.count == 1 && found[0].contains(expected), "\(found)")
    }

    @Test(arguments: [
        ("{name: a, method: GET, path: /a, mode: reed}", "allowed are `read`, `mirrored-write`, `never`; did you mean `read`?"),
        ("{name: a, method: get, path: /a, mode: read}", "written in capitals"),
        ("{name: a, method: TRACE, path: /a, mode: never}", "never passed on"),
        ("{name: a, method: GET, path: a, mode: read}", "a path begins with `/`"),
        ("{name: a, method: GET, path: '/a?b', mode: read}", "no query"),
        ("{name: a, method: GET, path: '/a{id}', mode: read}", "one whole segment"),
        ("{name: a, method: GET, path: '/{id}/{id}', mode: read}", "stands twice"),
        ("{name: a, method: GET, path: '/{id}', mode: read, key: path.idd}", "no placeholder `{idd}`; it has `{id}`"),
        ("{name: a, method: GET, path: /a, mode: read, key: path.id}", "it has none"),
        ("{name: a, method: GET, path: /a, mode: read, key: id}", "found `id`; a key comes from"),
        ("{name: a, method: POST, path: /a, mode: mirrored-write, key: 'body.$.a[]'}", "only names"),
        ("{name: a, method: GET, path: /a, mode: read, key: body.$.a}", "has no body"),
        ("{name: a, method: POST, path: /a, mode: mirrored-write, order: key}", "`key` is needed"),
        ("{name: a, method: POST, path: /a, mode: mirrored-write}", "`key` is needed"),
        ("{name: a, method: GET, path: /a, mode: read, order: key}", "`order: key` needs a `key`"),
        ("{name: a, method: POST, path: /a, mode: read}", "say `safe: true`, else it is a `mirrored-write`"),
        ("{name: a, method: GET, path: /a, mode: read, safe: true}", "safe by itself"),
        ("{name: a, method: GET, path: /a, mode: mirrored-write, order: none}", "`GET` is not a write"),
        ("{name: a, method: POST, path: /a, mode: mirrored-write, order: none, sample: 5}", "never sampled away"),
        ("{name: a, method: POST, path: /a, mode: never, sample: 5}", "leave it out"),
        (
            "{name: a, method: GET, path: /a, mode: read, read-back: '/{key}', key: header.x}",
            "only a `mirrored-write` is read back"
        ),
        ("{name: a, method: POST, path: /a, mode: mirrored-write, key: header.x, read-back: /a}", "a path with `{key}`"),
        ("{name: a, method: POST, path: /a, mode: mirrored-write, order: none, read-back: '/{key}'}", "`key`, which is missing"),
        ("{name: a, method: POST, path: /a, mode: mirrored-write, key: header.x, not-done: [{code: X}]}", "`status` is missing"),
        ("{name: a, method: POST, path: /a, mode: mirrored-write, key: header.x, not-done: [{status: 200}]}", "from 300 to 599"),
        ("{name: a, method: POST, path: /a, mode: mirrored-write, key: [header.x, header.X]}", "stands twice"),
        ("{name: a, method: GET, path: /a}", "`mode` is missing"),
        (
            "{name: a, method: GET, path: /a, mode: read}, {name: a, method: GET, path: /b, mode: read}",
            "operations[1].name: another operation is named `a`"
        ),
        (
            "{name: a, method: GET, path: '/{x}', mode: read}, {name: b, method: GET, path: /b, mode: read}",
            "operations[1].path: no request ever comes here: `a`"
        ),
    ])
    func operationsAreChecked(list: String, expected: String) {
        let found = complaint("operations: [\(list)]")
        #expect(found.contains(expected), "\(found)")
        #expect(found.split(separator: "\n").count == 1, "\(found)")
    }

    @Test(arguments: [
        ("{name: c, url: 'https://x/', secret: whsec_abc}", "a secret never stands in the file"),
        ("{name: c, url: 'https://x/'}", "`secret` is missing"),
        ("{name: c, url: 'ftp://x/', secret: none}", "begins with `https://`"),
        ("{name: c, url: 'https://x/', secret: none, allow-networks: 169.254.0.0/16}", "never reached"),
        ("{name: c, url: 'https://x/', secret: none, allow-networks: ['fe80::/10']}", "never reached"),
        ("{name: c, url: 'http://u:p@x/', secret: none}", "a name or password"),
        ("{name: c, url: 'https://x/', secret: {env: BAD}}", "is not `whsec_`"),
        ("{name: c, url: 'https://x/', secret: {env: BAD}, previous-secret: {env: GOOD}}", "is not `whsec_`"),
        ("{name: c, url: 'https://x/', secret: {env: SHORT}}", "24 to 64 bytes"),
        ("{name: c, url: 'https://x/', secret: {file: /nowhere/at/all}}", "can't be read"),
        ("{name: c, url: 'https://x/', secret: {env: A, file: B}}", "either `env` or `file`"),
        ("{name: c, url: 'https://x/', secret: none, format: teams}", "allowed are `generic`, `slack`"),
        (
            "{name: c, url: 'https://x/', secret: none}, {name: c, url: 'https://y/', secret: none}",
            "another channel is named `c`"
        ),
        ("{name: c, url: 'http://x/', secret: none}", "say `allow-http: true`"),
        ("{name: c, url: 'https://x/', secret: none, allow-networks: 10.0.0.1/8}", "a network is written as `10.1.0.0/16`"),
        ("{name: c, url: 'https://x/', secret: none, previous-secret: {env: GOOD}}", "beside a `secret`"),
        ("{name: c, url: 'https://x/', secret: none, heartbeat: 9s}", "a duration from 10s to 1d"),
        ("{name: c, url: 'https://x/', secret: none, heartbeat: 10500ms}", "of whole seconds"),
        ("{name: c d, url: 'https://x/', secret: none}", "ASCII without spaces"),
    ])
    func channelsAreCheckedAndSecretsNeverShown(list: String, expected: String) {
        let found = complaint(
            "alerts: {channels: [\(list)]}",
            environment: [
                "BAD": "hunter2hunter2", "SHORT": "whsec_aHVudGVyMg==", "GOOD": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
            ])
        #expect(found.contains(expected), "\(found)")
        #expect(!found.contains("takes its place") || expected.hasPrefix("beside"), "of a secret that is refused: \(found)")
        #expect(!found.contains("hunter2") && !found.contains("whsec_abc") && !found.contains("aHVudGVy"))
    }

    @Test(arguments: [
        ("routes: [{channels: a}]", "alerts.routes: `fallback` is missing"),
        (
            "routes: [{severity: grave, channels: a}], fallback: a",
            "alerts.routes[0].severity: found `grave`; a severity is one of"
        ),
        ("routes: [{operation: nothing, channels: a}], fallback: a", "alerts.routes[0].operation: found `nothing`"),
        ("routes: [{channels: b}], fallback: a", "alerts.routes[0].channels: found `b`; a channel is one of `a`"),
        ("routes: [{severity: minor}], fallback: a", "`channels` is missing"),
        ("fallback: [a, b]", "alerts.fallback[1]: found `b`"),
        ("group-wait: 61m", "alerts.group-wait: found `61m`; a duration from 0ms to 1h"),
        ("repeat-interval: 59s", "alerts.repeat-interval: found `59s`"),
        ("resolve-after: 0", "alerts.resolve-after: found `0`"),
        ("rate: {notices: 0}", "alerts.rate.notices: found `0`"),
    ])
    func routesAndPaceAreChecked(text: String, expected: String) {
        let found = complaint("alerts: {channels: [{name: a, url: 'https://x/', secret: none}], \(text)}")
        #expect(found.contains(expected), "\(found)")
        #expect(found.split(separator: "\n").count == 1, "\(found)")
    }

    @Test func everythingThatIsWrongIsSaidAtOnceInOrder() {
        let found = problems("listen: x\nlanes: 99\nsides: {legacy: {url: 'ftp://a:1'}}\noperations:\n  - {name: a}\nzzz: 1\n")
        #expect(found.map(\.line) == found.map(\.line).sorted())
        #expect(Set(found.map(\.key)) == ["listen", "lanes", "sides", "sides.legacy.url", "operations[0]", "zzz"], "\(found)")
        #expect(found.count == 8)
    }

    @Test func filesThatCannotBeReadAreNamed() {
        let error = #expect(throws: ConfigurationError.self) { try CountersignConfiguration.load(path: "/nowhere/at/all.yaml") }
        #expect(error?.description.hasPrefix("/nowhere/at/all.yaml: there is no such file") == true)
        #expect(problems("").map(\.message) == ["the file is empty"])
        #expect(problems("- a").map(\.message).first?.contains("a mapping is expected") == true)
    }
}
