import NIOCore
import NIOPosix
import Testing

@testable import loadbench

/// Over real sockets: the generator against a stub side.
@Suite struct LoadRunTests {
    private func run(_ pace: LoadPlan.Pace, against behaviour: Behaviour, connections: Int = 4) async throws -> LoadReport {
        let answers = SideAnswers(
            body: SideAnswers.payout(variant: "0"), largeBody: SideAnswers.statement(bytes: 300_000, variant: "0"))
        let loops = MultiThreadedEventLoopGroup.singleton
        let side = try await SideServer.listen(
            on: Endpoint(host: "127.0.0.1", port: 0),
            plan: SidePlan(behaviour: behaviour, answers: answers, delayMilliseconds: 1), loop: loops.next()
        ).get()
        let target = Endpoint(host: "127.0.0.1", port: side.localAddress?.port ?? 0)
        let composer = RequestComposer(
            method: "POST", path: .payouts, body: Array("{}".utf8), host: target.description,
            accounts: AccountSequence(accounts: 10, seed: 1), run: "test")
        var plan = LoadPlan(target: target, connections: connections, pace: pace, composer: composer)
        plan.timeoutMilliseconds = 500
        let report = try await LoadRun.start(plan, on: loops.next()).report.get()
        try await side.close().get()
        return report
    }

    @Test(arguments: [1, 3, 4, 1_000])
    func exactlySoMany(requests: Int) async throws {
        let report = try await run(.closed(requests: requests), against: .healthy, connections: min(4, requests))
        #expect(report.sent == requests)
        #expect(report.answered == requests)
        #expect(report.statuses == ["2xx": requests])
        #expect(report.failed == 0)
        #expect(report.latencyMicroseconds.p50 > 0)
    }

    @Test func openLoop() async throws {
        let instants = DueInstants(rate: 1_000, milliseconds: 300)
        let report = try await run(.due(instants, warmUpMilliseconds: 100), against: .healthy)
        #expect(report.warmUpAnswered == 100)
        #expect(report.answered == 200)
        #expect(report.failed == 0)
    }

    @Test(arguments: [Behaviour.slow, .large])
    func othersThatAnswer(behaviour: Behaviour) async throws {
        let report = try await run(.closed(requests: 20), against: behaviour)
        #expect(report.statuses == ["2xx": 20])
    }

    @Test(arguments: [(Behaviour.reset, FailureKind.reset), (.endless, .badAnswer), (.webhookDead, .timeout)])
    func trouble(behaviour: Behaviour, failure: FailureKind) async throws {
        let report = try await run(.closed(requests: 4), against: behaviour)
        #expect(report.answered == 0)
        #expect(report.failures == [failure.rawValue: 4])
        #expect(report.lost >= 4)
    }

    @Test func nobodyListens() async throws {
        let loops = MultiThreadedEventLoopGroup.singleton
        let taken = try await ServerBootstrap(group: loops).bind(host: "127.0.0.1", port: 0).get()
        let port = taken.localAddress?.port ?? 0
        try await taken.close().get()
        let composer = RequestComposer(method: "GET", path: .payouts, body: [], host: "h", accounts: .hot, run: "r")
        let plan = LoadPlan(
            target: Endpoint(host: "127.0.0.1", port: port), connections: 2, pace: .closed(requests: 2), composer: composer)
        await #expect(throws: Unavailable.self) { try await LoadRun.start(plan, on: loops.next()).report.get() }
    }
}
