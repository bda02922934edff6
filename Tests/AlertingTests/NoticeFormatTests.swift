import Comparison
import Foundation
import Testing
import Verdicts

@testable import Alerting

@Suite("Notices as their readers see them")
struct NoticeFormatTests {
    static let hostile = "<script>&\"'`$(rm -rf /)`\u{1B}[31m\u{0}<!channel> \\ \n ]]> 합계"

    private func notice(_ value: String) -> Notice {
        let evidence = AlertingFixture.evidence(
            "0199-e1", path: "$.name", primary: value, shadow: value + "x",
            headers: [["Idempotency-Key", value], ["Authorization", "Bearer s"]],
            body: #"{"note":"it's"}"#)
        let settings = AlertSettings(channels: [], legacyURL: "http://l", candidateURL: "http://c")
        var incident = Incident(opening: evidence)
        incident.exhibit = IncidentExhibit(evidence, settings: settings)
        return Notice(
            id: "inc_1_0199-e1_ops", kind: .incident(.opened), at: incident.firstSeen, channel: "ops", group: incident.group,
            items: [Notice.Item(incident: incident, step: .opened, sequence: 1)],
            standing: NoticeStanding(stage: "staff 90/10", audience: "staff", auditHead: "12:9f86d081"))
    }

    @Test("the generic body says what differs, where, how to see it again, and where the rollout stands")
    func generic() throws {
        let body = notice("99").body(for: .generic)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        #expect(json["specversion"] as? String == "1.0" && json["dataschema"] as? String == "urn:countersign:notice:2")
        #expect(json["type"] as? String == "incident.opened" && json["subject"] as? String == "payout")
        let data = try #require(json["data"] as? [String: Any])
        let incident = try #require((data["incidents"] as? [[String: Any]])?.first)
        #expect(incident["operation"] as? String == "payout" && incident["sequence"] as? Int == 1)
        #expect(incident["path"] as? String == "$.name")
        #expect(incident["legacy"] as? String == "99")
        #expect(incident["candidate"] as? String == "99x")
        #expect(incident["severity"] as? String == "critical")
        #expect((data["rollout"] as? [String: String])?["auditHead"] == "12:9f86d081")
        let reproduce = try #require(incident["reproduce"] as? [String: Any])
        let expected =
            "curl -sS -g --path-as-is -X POST -H 'Idempotency-Key: 99' -H 'X-Request-Time: 2026-03-02T00:00:00Z' "
            + #"--data-raw '{"note":"it'\''s"}' 'http://l/v1/accounts/1000-0000-0001/interest-payouts'"#
        #expect(reproduce["legacy"] as? String == expected)
        #expect(!body.contains("Bearer"))
    }

    @Test("hostile values stay data in every format", arguments: AlertFormat.allCases)
    func hostileValues(format: AlertFormat) throws {
        let body = notice(NoticeFormatTests.hostile).body(for: format)
        #expect(try JSONSerialization.jsonObject(with: Data(body.utf8)) is [String: Any])
        #expect(!body.unicodeScalars.contains { $0.value < 0x20 })
        if format == .slack {
            #expect(!body.contains("<!channel>"))
            #expect(!body.contains("<script>"))
        }
    }

    @Test("Slack's bounds hold however long a value is")
    func slackBounds() throws {
        let body = notice(String(repeating: "&가", count: 5_000)).body(for: .slack)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        let blocks = try #require(json["blocks"] as? [[String: Any]])
        #expect(blocks.count <= 50)
        for block in blocks {
            let text = (block["text"] as? [String: Any])?["text"] as? String ?? ""
            #expect(text.utf16.count <= (block["type"] as? String == "header" ? 150 : 3_000))
            for field in block["fields"] as? [[String: Any]] ?? [] {
                #expect((field["text"] as? String ?? "").utf16.count <= 2_000)
            }
        }
    }

    @Test(
        "for Alertmanager, what is told once fires for five minutes; a rollback until it is resolved",
        arguments: RolloutIncident.Kind.allCases)
    func alertmanagerStatus(kind: RolloutIncident.Kind) throws {
        let event = RolloutIncident(kind: kind, plan: "payouts", summary: "s", at: 1_770_000_000_000_000)
        var incident = Incident(opening: event)
        incident.rollout = RolloutMark(kind: kind, plan: "payouts", operations: [], affectedKeys: nil)
        func alert(_ step: IncidentStep) throws -> [String] {
            let notice = Notice(
                id: "n", kind: .incident(step), at: event.at, channel: "ops", group: incident.group,
                items: [Notice.Item(incident: incident, step: step, sequence: 1)], standing: nil)
            let json = try JSONSerialization.jsonObject(with: Data(notice.body(for: .alertmanager).utf8)) as? [String: Any]
            let alert = try #require((json?["alerts"] as? [[String: Any]])?.first)
            return [json?["status"], alert["status"], alert["endsAt"]].map { $0 as? String ?? "?" }
        }
        let endless = ["firing", "firing", "0001-01-01T00:00:00Z"]
        if kind.staysOpen { #expect(try alert(.opened) == endless) }
        incident.life.resolve(at: event.at, because: "over")
        let over =
            kind.staysOpen ? ["resolved", "resolved", "2026-02-02T02:40:00Z"] : ["firing", "firing", "2026-02-02T02:45:00Z"]
        #expect(try alert(.resolved) == over)
    }

    @Test("a write without an idempotency key has no command that would do it again")
    func noUnsafeCommand() {
        let evidence = AlertingFixture.evidence("e", headers: [["Content-Type", "application/json"]])
        let command = ReproducingCommand(
            evidence: evidence, settings: AlertSettings(channels: [], legacyURL: "http://l", candidateURL: "http://c"))
        #expect(command.legacy == nil)
        #expect(command.candidate == nil)
    }

    @Test("a caller's method and body can't make the command do something else")
    func hostileRequest() throws {
        var evidence = AlertingFixture.evidence("e", body: "@/etc/passwd")
        evidence.request.method = "P|reboot`id`"
        evidence.request.target = "/a/{1..9}/[x]?'$(id)"
        let settings = AlertSettings(channels: [], legacyURL: "http://l", candidateURL: "http://c")
        let command = try #require(ReproducingCommand(evidence: evidence, settings: settings).legacy)
        #expect(command.contains("-X 'P|reboot`id`' "))
        #expect(command.contains(" --data-raw '@/etc/passwd' "))
        #expect(command.hasPrefix("curl -sS -g "))
        #expect(command.hasSuffix(#" 'http://l/a/{1..9}/[x]?'\''$(id)'"#))
    }

    @Test("a shell reads the quoted text back as it was, whatever it holds")
    func quoting() throws {
        for text in ["plain", "it's", "$(date)", "`id`", "a\\b", "\"", "!!", "합계", "''"] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "printf %s " + ReproducingCommand.quoted(text)]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            process.waitUntilExit()
            #expect(String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == text)
        }
    }
}

@Suite("Standard Webhooks")
struct WebhookSignatureTests {
    @Test("the specification's example has the specification's signature")
    func example() throws {
        let secret = try #require(WebhookSignature.secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let header = WebhookSignature.header(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: #"{"test": 2432232314}"#, secrets: [secret])
        #expect(header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(
        "what is no secret is refused",
        arguments: ["", "whsec_", "whsec_!!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ="])
    func badSecrets(text: String) { #expect(WebhookSignature.secret(text) == nil) }
}

@Suite("When a notice is tried again")
struct DeliveryScheduleTests {
    @Test("the nth failure waits the nth delay, within its jitter; the ninth is the last")
    func delays() {
        let failed = DeliverySchedule.Outcome.failed("HTTP 500", retryAfterSeconds: nil)
        let seconds: [Int64] = [5, 30, 120, 300, 1_800, 7_200, 18_000, 36_000]
        for (index, delay) in seconds.enumerated() {
            for jitter: Int64 in [-200, 0, 200] {
                let expected = delay * (1_000_000 + 1_000 * jitter)
                #expect(
                    DeliverySchedule.next(after: failed, attempts: index + 1, jitterPermille: jitter)
                        == .again(afterMicroseconds: expected))
            }
        }
        #expect(DeliverySchedule.next(after: failed, attempts: 9, jitterPermille: 0) == .dead)
    }

    @Test("Retry-After: seconds and dates, never negative, at most a day")
    func retryAfter() {
        let now: Int64 = 1_770_000_000_000_000
        #expect(RetryAfter.seconds("120", nowMicroseconds: now) == 120)
        #expect(RetryAfter.seconds("-1", nowMicroseconds: now) == nil)
        #expect(RetryAfter.seconds("soon", nowMicroseconds: now) == nil)
        #expect(RetryAfter.seconds(nil, nowMicroseconds: now) == nil)
        #expect(RetryAfter.seconds("Mon, 02 Feb 2026 02:41:40 GMT", nowMicroseconds: now) == 100)
        #expect(RetryAfter.seconds("Mon, 02 Feb 2025 02:41:40 GMT", nowMicroseconds: now) == 0)
        let failed = DeliverySchedule.Outcome.failed("HTTP 429", retryAfterSeconds: 1_000_000)
        #expect(DeliverySchedule.next(after: failed, attempts: 1, jitterPermille: 0) == .again(afterMicroseconds: 86_400_000_000))
    }
}
