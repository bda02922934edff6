import Alerting
import Foundation
import Outbound
import Synchronization
import TestKit
import Testing
import Verdicts

/// Time as the test says.
final class TestTime: Sendable {
    private let now = Mutex<Int64>(1_770_000_000_000_000)
    var microseconds: Int64 { now.withLock { $0 } }
    func advance(seconds: Int64) { now.withLock { $0 += seconds * 1_000_000 } }
}

@Suite("Delivery of notices")
struct CourierTests {
    let secret: [UInt8] = Array(0..<32)

    private func channel(_ url: String, name: String = "ops", signed: Bool = true, allowPrivate: Bool = true) -> AlertChannel {
        AlertChannel(
            name: name, url: url, secrets: signed ? [secret] : [], networks: allowPrivate ? AlertingFixture.loopback : [])
    }

    private func courier(_ fixture: AlertingFixture, _ time: TestTime, _ client: OutboundClient) -> Courier {
        Courier(
            store: fixture.store, channels: fixture.settings.channels, client: client,
            nowMicroseconds: { time.microseconds },
            jitterPermille: { 0 })
    }

    @Test("a notice arrives once, signed, with its id; the next round has nothing to do", arguments: Engine.allCases)
    func deliversOnce(engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start()
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.url)])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        let courier = courier(fixture, time, client)
        #expect(await courier.deliverDue() == nil)
        #expect(await courier.deliverDue() == nil)
        let notices = receiver.notices
        #expect(notices.count == 1)
        let notice = try #require(notices.first)
        let id = try #require(notice.header("webhook-id"))
        let timestamp = try #require(notice.header("webhook-timestamp").flatMap(Int64.init))
        #expect(
            notice.header("webhook-signature")
                == WebhookSignature.header(id: id, timestamp: timestamp, body: notice.bodyText, secrets: [secret]))
        #expect(timestamp == 1_770_000_000)
        #expect(try await fixture.book.statistics().delivered == 1)
        try await receiver.side.shutdown()
    }

    @Test(
        "500, 503, 429, 408, 425 are tried again with the same id; then 200 ends it", arguments: [500, 503, 429, 408, 425],
        Engine.allCases)
    func retries(status: Int, engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start { $0.index == 0 ? status : 200 }
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.url)])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        let courier = courier(fixture, time, client)
        #expect(await courier.deliverDue() == time.microseconds + 5_000_000)
        time.advance(seconds: 4)
        await courier.deliverDue()
        #expect(receiver.notices.count == 1)
        time.advance(seconds: 1)
        #expect(await courier.deliverDue() == nil)
        #expect(Set(receiver.notices.map { $0.header("webhook-id") }).count == 1)
        #expect(receiver.notices.count == 2)
        #expect(try await fixture.book.statistics() == statistics(delivered: 1, attempts: 2))
        try await receiver.side.shutdown()
    }

    @Test("Retry-After is honoured when it is longer than the schedule", arguments: Engine.allCases)
    func retryAfter(engine: Engine) async throws {
        let side = try await StubSide.start { request in
            request.index == 0
                ? [.send(StubAnswer.bytes(429, body: [], headers: [("Retry-After", "120")]))]
                : [.send(StubAnswer.json(200, "{}"))]
        }
        let fixture = try await AlertingFixture(engine, channels: [channel("http://127.0.0.1:\(side.port)/hook")])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        let courier = courier(fixture, time, client)
        #expect(await courier.deliverDue() == time.microseconds + 120_000_000)
        time.advance(seconds: 119)
        await courier.deliverDue()
        #expect(side.seen.count == 1)
        time.advance(seconds: 1)
        await courier.deliverDue()
        #expect(side.seen.count == 2)
        try await side.shutdown()
    }

    @Test(
        "302, 400 and 404 end as dead letters with the reason, and can be replayed", arguments: [302, 400, 404],
        Engine.allCases)
    func deadLetters(status: Int, engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start { $0.index == 0 ? status : 200 }
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.url)])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        let courier = courier(fixture, TestTime(), client)
        #expect(await courier.deliverDue() == nil)
        let dead = try await fixture.book.notices(state: .dead)
        #expect(dead.count == 1)
        #expect(dead.first?.lastOutcome?.hasPrefix("HTTP \(status)") == true)
        let id = try #require(dead.first?.id)
        #expect(try await fixture.book.replay(id))
        #expect(try await !fixture.book.replay(id + 1_000))
        let late = Courier(store: fixture.store, channels: fixture.settings.channels, client: client)
        await late.deliverDue()
        #expect(receiver.notices.count == 2)
        #expect(try await fixture.book.statistics().delivered == 1)
        try await receiver.side.shutdown()
    }

    @Test("a receiver that is down gets the notice when it is back, from a database opened anew", arguments: Engine.allCases)
    func downAndRestart(engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start()
        try await receiver.side.goAway()
        let folder = try TemporaryDirectory()
        let place = try await engine.place(in: folder)
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        do {
            let fixture = try await AlertingFixture(engine, channels: [channel(receiver.url)], at: place)
            try await fixture.observe([AlertingFixture.evidence("e1")])
            #expect(await courier(fixture, time, client).deliverDue() == time.microseconds + 5_000_000)
        }
        try await receiver.side.comeBack()
        time.advance(seconds: 5)
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.url)], at: place)
        await courier(fixture, time, client).deliverDue()
        #expect(receiver.notices.count == 1)
        try await receiver.side.shutdown()
    }

    @Test("a dead channel keeps nobody else waiting, and gives up after nine tries", arguments: Engine.allCases)
    func channelsAreIndependent(engine: Engine) async throws {
        let good = try await WebhookReceiver.start()
        let bad = try await WebhookReceiver.start { _ in 500 }
        let fixture = try await AlertingFixture(
            engine, channels: [channel(bad.url, name: "bad"), channel(good.url, name: "good")])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        let courier = courier(fixture, time, client)
        for _ in 0..<12 {
            await courier.deliverDue()
            time.advance(seconds: 40_000)
        }
        #expect(good.notices.count == 1)
        #expect(bad.notices.count == 9)
        #expect(try await fixture.book.statistics() == statistics(delivered: 1, dead: 1, attempts: 10))
        try await good.side.shutdown()
        try await bad.side.shutdown()
    }

    @Test("a private receiver is refused unless the channel allows it", arguments: Engine.allCases)
    func privateReceiver(engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start()
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.url, allowPrivate: false)])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        await courier(fixture, TestTime(), client).deliverDue()
        #expect(receiver.notices.isEmpty)
        #expect(try await fixture.book.notices(state: .dead).count == 1)
        try await receiver.side.shutdown()
    }

    @Test("run delivers what is written while it waits, and ends when cancelled", arguments: Engine.allCases)
    func runs(engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start()
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.url)])
        let client = OutboundClient()
        defer { client.close() }
        let courier = Courier(store: fixture.store, channels: fixture.settings.channels, client: client)
        let running = Task { await courier.run() }
        let desk = IncidentDesk(settings: fixture.settings, wakeCourier: { courier.wake() })
        try await fixture.store.write { try desk.observe([AlertingFixture.evidence("e1")], on: $0) }
        _ = try await receiver.notices(atLeast: 1)
        running.cancel()
        await running.value
        try await receiver.side.shutdown()
    }

    @Test("a dead letter that another process puts back is found without a ring", arguments: Engine.allCases)
    func replayedElsewhere(engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start { $0.index == 0 ? 404 : 200 }
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.url)])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        let courier = Courier(
            store: fixture.store, channels: fixture.settings.channels, client: client, lookAgainMicroseconds: 2_000)
        let running = Task { await courier.run() }
        try await eventually("a dead letter") { try await fixture.book.statistics().dead == 1 }
        let dead = try #require(try await fixture.book.notices(state: .dead).first)
        #expect(try await fixture.book.replay(dead.id))
        let notices = try await receiver.notices(atLeast: 2)
        #expect(Set(notices.map { $0.header("webhook-id") }).count == 1)
        running.cancel()
        await running.value
        try await receiver.side.shutdown()
    }

    private func statistics(delivered: Int = 0, dead: Int = 0, attempts: Int) -> AlertBook.Statistics {
        var result = AlertBook.Statistics()
        result.incidents = 1
        result.delivered = delivered
        result.dead = dead
        result.attempts = attempts
        return result
    }
}
