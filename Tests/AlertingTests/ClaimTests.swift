import Alerting
import Outbound
import TestKit
import Testing

/// Several couriers over one store, as proxies that share their state have.
@Suite("Claims of notices")
struct ClaimTests {
    private func channel(_ url: String) -> AlertChannel {
        AlertChannel(name: "ops", url: url, networks: AlertingFixture.loopback)
    }

    private func courier(
        _ fixture: AlertingFixture, _ instance: String, _ url: String, _ time: TestTime, _ client: OutboundClient
    ) -> Courier {
        Courier(
            store: fixture.store, channels: [channel(url)], client: client, instance: instance, claimMicroseconds: 30_000_000,
            nowMicroseconds: { time.microseconds }, jitterPermille: { 0 })
    }

    @Test("four couriers at once deliver each notice once", arguments: Engine.allCases)
    func onceEach(engine: Engine) async throws {
        let receiver = try await WebhookReceiver.start()
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.url)]) { $0.pace.noticesMax = 24 }
        try await fixture.observe((0..<24).map { AlertingFixture.evidence("e\($0)", operation: "operation-\($0)") })
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        await withTaskGroup(of: Void.self) { group in
            for instance in ["a", "b", "c", "d"] {
                let courier = courier(fixture, instance, receiver.url, time, client)
                group.addTask { await courier.deliverDue() }
            }
        }
        let ids = receiver.notices.map { $0.header("webhook-id") }
        #expect(ids.count == 24 && Set(ids).count == 24)
        #expect(try await fixture.book.statistics().delivered == 24)
        try await receiver.side.shutdown()
    }

    @Test("a claim keeps others away until it runs out; then the notice goes again, with the same id", arguments: Engine.allCases)
    func takenOver(engine: Engine) async throws {
        let latch = Latch()
        let stuck = try await StubSide.start { _ in [.await(latch), .send(StubAnswer.json(200, "{}"))] }
        let receiver = try await WebhookReceiver.start()
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.url)])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        let held = courier(fixture, "a", "http://127.0.0.1:\(stuck.port)/hook", time, client)
        let other = courier(fixture, "b", receiver.url, time, client)
        let first = Task { await held.deliverDue() }
        try await eventually("the first courier's attempt") { stuck.seen.count == 1 }

        let end = time.microseconds + 30_000_000
        time.advance(seconds: 29)
        #expect(await other.deliverDue() == end)
        #expect(receiver.notices.isEmpty)
        time.advance(seconds: 1)
        #expect(await other.deliverDue() == nil)
        #expect(receiver.notices.map { $0.header("webhook-id") } == stuck.seen.map { $0.header("webhook-id") })

        // The first one's answer comes after all: it has nothing to say any more.
        latch.open()
        _ = await first.value
        #expect(try await fixture.book.statistics().attempts == 1)
        #expect(try await fixture.book.statistics().delivered == 1)
        try await stuck.shutdown()
        try await receiver.side.shutdown()
    }

    @Test("a courier that is started again goes on at once with what it had claimed", arguments: Engine.allCases)
    func ownClaim(engine: Engine) async throws {
        let latch = Latch()
        let stuck = try await StubSide.start { _ in [.await(latch), .send(StubAnswer.json(200, "{}"))] }
        let receiver = try await WebhookReceiver.start()
        let fixture = try await AlertingFixture(engine, channels: [channel(receiver.url)])
        try await fixture.observe([AlertingFixture.evidence("e1")])
        let client = OutboundClient()
        defer { client.close() }
        let time = TestTime()
        let first = courier(fixture, "a", "http://127.0.0.1:\(stuck.port)/hook", time, client)
        let cut = Task { await first.deliverDue() }
        try await eventually("the first attempt") { stuck.seen.count == 1 }
        await courier(fixture, "a", receiver.url, time, client).deliverDue()
        #expect(receiver.notices.count == 1)
        latch.open()
        _ = await cut.value
        try await stuck.shutdown()
        try await receiver.side.shutdown()
    }
}
