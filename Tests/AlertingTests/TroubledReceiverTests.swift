import Alerting
import Foundation
import Outbound
import Synchronization
import TestKit
import Testing
import Verdicts

@Suite("Receivers in trouble")
struct TroubledReceiverTests {
    private func channel(_ port: Int, name: String = "ops") -> AlertChannel {
        AlertChannel(name: name, url: "http://127.0.0.1:\(port)/hook", networks: AlertingFixture.loopback)
    }

    private func courier(_ fixture: AlertingFixture, _ time: TestTime, _ client: OutboundClient, timeoutMs: Int = 15_000)
        -> Courier
    {
        Courier(
            store: fixture.store, channels: fixture.settings.channels, client: client, nowMicroseconds: { time.microseconds },
            jitterPermille: { 0 }, timeoutMs: timeoutMs)
    }

    @Test(
        "down for sixty seconds by the true schedule: delivered at the fourth try, two and a half minutes after the first",
        arguments: Engine.allCases)
    func downForAMinute(engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start()
        try await receiver.side.goAway()
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.side.port)])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        let courier = courier(fixture, time, client)
        var tried: [Int64] = []
        for second in Int64(0)..<200 {
            let before = try await fixture.book.statistics().attempts
            if second == 60 { try await receiver.side.comeBack() }
            await courier.deliverDue()
            if try await fixture.book.statistics().attempts > before { tried.append(second) }
            time.advance(seconds: 1)
        }
        #expect(tried == [0, 5, 35, 155])
        #expect(receiver.notices.count == 1)
        try await receiver.side.shutdown()
    }

    @Test(
        "one that is slow, that closes mid-answer, or that resets is tried again, with the same id",
        arguments: ["slow", "cut", "reset"], Engine.allCases)
    func unfinished(trouble: String, engine: Engine) async throws {
        let side = try await StubSide.start { request in
            guard request.index == 0 else { return [.send(StubAnswer.json(200, "{}"))] }
            return switch trouble {
            case "slow": [.silence]
            case "cut": [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8)), .bareClose]
            default: [.reset]
            }
        }
        let fixture = try await AlertingFixture(engine, channels: [channel(side.port)])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        let courier = courier(fixture, time, client, timeoutMs: 300)
        #expect(await courier.deliverDue() == time.microseconds + 5_000_000)
        time.advance(seconds: 5)
        #expect(await courier.deliverDue() == nil)
        #expect(side.seen.count == 2 && Set(side.seen.map { $0.header("webhook-id") }).count == 1)
        try await side.shutdown()
    }

    @Test("an answer without end is read to the bound and no further; its status counts", arguments: Engine.allCases)
    func endless(engine: Engine) async throws {
        let side = try await StubSide.start { _ in
            [.send(Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8)), .endless(Array(repeating: 0x41, count: 8_192))]
        }
        let fixture = try await AlertingFixture(engine, channels: [channel(side.port)])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        #expect(await courier(fixture, TestTime(), client).deliverDue() == nil)
        #expect(try await fixture.book.statistics().delivered == 1)
        try await side.shutdown()
    }

    @Test("a redirect is a failure, and the place it names is not asked", arguments: Engine.allCases)
    func redirect(engine: Engine) async throws {
        let other = try await WebhookReceiver.start()
        let side = try await StubSide.start { _ in
            [.send(StubAnswer.bytes(302, body: [], headers: [("Location", other.url)]))]
        }
        let fixture = try await AlertingFixture(engine, channels: [channel(side.port)])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        await courier(fixture, TestTime(), client).deliverDue()
        #expect(other.notices.isEmpty)
        #expect(try await fixture.book.notices(state: .dead).first?.lastOutcome?.contains("redirects are not followed") == true)
        try await side.shutdown()
        try await other.side.shutdown()
    }

    @Test("410 disables the channel: nothing is sent, the fallback hears of it, until it is enabled", arguments: Engine.allCases)
    func gone(engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start { $0.index == 0 ? 410 : 200 }
        let other = try await WebhookReceiver.start()
        let channels = [channel(receiver.side.port), channel(other.side.port, name: "other")]
        let fixture = try await AlertingFixture(engine, channels: channels) { settings in
            settings.routes = [AlertRoute(severities: ["critical"], channels: ["ops"])]
            settings.fallback = ["other"]
        }
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        let courier = courier(fixture, time, client)
        let log = Mutex<[String]>([])
        let keeper = IncidentKeeper(
            store: fixture.store, desk: fixture.desk, reading: { nil }, log: { line in log.withLock { $0.append(line) } },
            nowMicroseconds: { time.microseconds })
        try await fixture.observe([AlertingFixture.evidence("e1"), AlertingFixture.evidence("e2", operation: "preview")])
        await courier.deliverDue()
        #expect(receiver.notices.count == 1)
        #expect(try await fixture.book.notices(state: .dead).count == 2)
        let state = try await fixture.book.channelStates().first { $0.channel == "ops" }
        #expect(state?.disabledAt == time.microseconds && state?.disabledBecause?.hasPrefix("HTTP 410") == true)
        // What comes now goes to the fallback, and so does the word of the channel itself.
        try await fixture.observe([AlertingFixture.evidence("e3", operation: "transfer")])
        try await keeper.tick()
        time.advance(seconds: 30)
        try await keeper.tick()
        await courier.deliverDue()
        #expect(receiver.notices.count == 1)
        let told = other.notices.map(\.bodyText)
        #expect(told.count == 2 && told.contains { $0.contains("transfer") } && told.contains { $0.contains("channel-disabled") })
        // Whatever becomes of the channels, the log has it, once.
        #expect(log.withLock { $0.map { $0.contains("alerts enable ops") } } == [true])
        // A dead letter waits for the channel.
        let dead = try #require(try await fixture.book.notices(state: .dead).last)
        #expect(try await fixture.book.replay(dead.id))
        await courier.deliverDue()
        #expect(receiver.notices.count == 1)
        #expect(try await fixture.book.enable("ops"))
        #expect(try await !fixture.book.enable("ops"))
        let late = Courier(store: fixture.store, channels: channels, client: client)
        await late.deliverDue()
        #expect(receiver.notices.count == 2)
        time.advance(seconds: 300)
        try await keeper.tick()
        #expect(try await fixture.book.incidents().first { $0.kind == "channel-disabled" }?.life.state == .resolved)
        try await receiver.side.shutdown()
        try await other.side.shutdown()
    }

    @Test(
        "five failures in a row let the receiver rest; once it is back, what waited comes in one digest",
        arguments: Engine.allCases)
    func breaker(engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start { $0.index < 6 ? 500 : 200 }
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.side.port)])
        try await fixture.observe((0..<12).map { AlertingFixture.evidence("e\($0)", operation: "kind-\($0)") })
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        let courier = courier(fixture, time, client)
        #expect(await courier.deliverDue() == time.microseconds + 60_000_000)
        #expect(receiver.notices.count == 5)
        time.advance(seconds: 59)
        await courier.deliverDue()
        #expect(receiver.notices.count == 5)
        time.advance(seconds: 1)
        #expect(await courier.deliverDue() == time.microseconds + 120_000_000)
        #expect(receiver.notices.count == 6)
        time.advance(seconds: 120)
        #expect(await courier.deliverDue() == nil)
        #expect(receiver.notices.count == 8)
        let digest = try #require(receiver.notices.last?.bodyText)
        #expect(digest.contains("incident.digest") && digest.components(separatedBy: #""step":"opened""#).count == 12)
        #expect(try await fixture.book.statistics().delivered == 13)
        #expect(try await fixture.book.notices(state: .waiting).isEmpty)
        try await receiver.side.shutdown()
    }

    @Test("429 with Retry-After leaves the whole channel alone for so long", arguments: Engine.allCases)
    func leftAlone(engine: Engine) async throws {
        let side = try await StubSide.start { request in
            request.index == 0
                ? [.send(StubAnswer.bytes(429, body: [], headers: [("Retry-After", "120")]))]
                : [.send(StubAnswer.json(200, "{}"))]
        }
        let fixture = try await AlertingFixture(engine, channels: [channel(side.port)])
        try await fixture.observe([AlertingFixture.evidence("e1"), AlertingFixture.evidence("e2", operation: "preview")])
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        let courier = courier(fixture, time, client)
        await courier.deliverDue()
        time.advance(seconds: 119)
        await courier.deliverDue()
        #expect(side.seen.count == 1)
        time.advance(seconds: 1)
        await courier.deliverDue()
        #expect(side.seen.count == 3)
        try await side.shutdown()
    }

    @Test("two secrets sign, the new one first", arguments: Engine.allCases)
    func rotation(engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start()
        var channel = channel(receiver.side.port)
        channel.secrets = [Array(0..<32), Array(32..<64)]
        let fixture = try await AlertingFixture(engine, channels: [channel])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        await courier(fixture, TestTime(), client).deliverDue()
        let notice = try #require(receiver.notices.first)
        let id = try #require(notice.header("webhook-id"))
        let expected = channel.secrets.map {
            WebhookSignature.header(id: id, timestamp: 1_770_000_000, body: notice.bodyText, secrets: [$0])
        }
        #expect(notice.header("webhook-signature") == expected.joined(separator: " "))
        #expect(notice.header("content-type") == "application/cloudevents+json; charset=utf-8")
        try await receiver.side.shutdown()
    }
}
