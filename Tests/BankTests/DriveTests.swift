import FixtureGeneration
import InterestContract
import LoadDriver
import TestKit
import Testing

/// Runs against a scripted side and against the real pair, bounded by their number of requests.
@Suite struct DriveTests {
    private static func plan(_ target: String, requests: Int, mix: String, connections: Int = 4) throws -> DrivePlan {
        DrivePlan(
            target: target, accounts: try FixtureGenerator.accounts(seed: 1, count: 500), requests: requests,
            lengthMilliseconds: 0,
            connections: connections, runID: "t", mix: try CallMix(parsing: mix), clock: BusinessClock(), timeoutMs: 60_000)
    }

    @Test func theHoldersOfTheFirstAccountsSayWhatTheyBelongTo() async throws {
        let stub = try await StubSide.start { _ in [.send(StubAnswer.json(200, "{}"))] }
        var plan = try Self.plan("http://127.0.0.1:\(stub.port)", requests: 600, mix: "accounts=5,transfers=5")
        plan.accounts = Array(plan.accounts.prefix(10))
        plan.audiences = DriveAudiences(
            header: "X-Audience", groups: [.init(claim: "team", accounts: 2), .init(claim: "staff", accounts: 3)])
        var claims: [String: String] = [:]
        for (index, account) in plan.accounts.enumerated() where index < 5 { claims[account.id] = index < 2 ? "team" : "staff" }
        _ = try await LoadDriver.run(plan)
        try await stub.shutdown()
        var seen: Set<String> = []
        for request in stub.seen {
            let account =
                request.method == "GET"
                ? String(request.target.split(separator: "/").last ?? "")
                : String(request.bodyText.split(separator: "\"").dropFirst(3).first ?? "")
            #expect(request.header("X-Audience") == claims[account], "\(account)")
            seen.insert(request.header("X-Audience") ?? "-")
        }
        #expect(seen == ["team", "staff", "-"])
    }

    @Test func countsAnswersRefusalsAndSilence() async throws {
        let stub = try await StubSide.start { request in
            if request.target.hasSuffix("/interest") { return [.send(StubAnswer.json(200, "{}"))] }
            if request.target.hasSuffix("/interest-payouts") {
                return [.send(StubAnswer.problem(409, code: "ALREADY_PAID_TODAY"))]
            }
            if request.target.hasSuffix("/transactions") { return [.send(StubAnswer.json(201, "{}"))] }
            if request.target.hasSuffix("/closure") { return [.send(StubAnswer.bytes(500, body: Array("no JSON".utf8)))] }
            return [.reset]
        }
        let mix = "previews=4,payouts=3,deposits=2,closures=1,accounts=1"
        let report = try await LoadDriver.run(try Self.plan("http://127.0.0.1:\(stub.port)", requests: 400, mix: mix))
        try await stub.shutdown()
        #expect(report.sent == 400 && report.answered + report.failed == 400 && !report.stopped)
        #expect(Set(report.answers.keys) == ["200", "201", "409 ALREADY_PAID_TODAY", "500"])
        #expect(report.moneyAnswers == (report.answers["200"] ?? 0) + (report.answers["201"] ?? 0))
        #expect(report.failed > 0 && report.failures.keys.allSatisfy { $0 == "reset" || $0 == "refused" }, "\(report.failures)")
        #expect(report.latency.count == UInt64(report.answered))
        #expect(report.calls.map(\.kind) == [.previews, .payouts, .deposits, .closures, .accounts])
        #expect(report.text.contains("409 ALREADY_PAID_TODAY") && report.text.contains("no answer: reset"))
        for request in stub.seen {
            #expect(request.header("X-Request-Time").flatMap { WireInstant($0) } != nil)
            #expect((request.header("Idempotency-Key") != nil) == (request.method == "POST"))
        }
    }

    /// No coordinated omission: while one answer is held back, those that are due wait, and their wait is counted.
    @Test func waitingForAConnectionIsPartOfTheLatency() async throws {
        let held = Latch()
        let stub = try await StubSide.start { request in
            (request.index == 0 ? [.await(held)] : []) + [.send(StubAnswer.json(200, "{}"))]
        }
        let plan = try Self.plan("http://127.0.0.1:\(stub.port)", requests: 9, mix: "previews=1", connections: 1)
        let driving = Task { try await LoadDriver.run(plan) }
        try await eventually("the first request") { stub.seen.count == 1 }
        held.open()
        let report = try await driving.value
        try await stub.shutdown()
        #expect(report.answered == 9)
        // All were due at the start: the median waited for the first, which took longest from sending. A histogram's values are
        // exact to three digits.
        #expect(report.latency.p50 + report.latency.p50 / 100 + 1 >= report.fromSending.max)
        #expect(report.fromSending.p50 <= report.fromSending.max)
        #expect(stub.connectionsAccepted == 1)
    }

    @Test func aCancelledRunReportsWhatItSent() async throws {
        let held = Latch()
        let stub = try await StubSide.start { _ in [.await(held), .send(StubAnswer.json(200, "{}"))] }
        let plan = try Self.plan("http://127.0.0.1:\(stub.port)", requests: 100, mix: "previews=1", connections: 3)
        let driving = Task { try await LoadDriver.run(plan) }
        try await eventually("three requests under way") { stub.seen.count == 3 }
        driving.cancel()
        held.open()
        let report = try await driving.value
        try await stub.shutdown()
        // What is under way is waited for; a slot that came free before the signal was seen may have been used once more.
        #expect(report.stopped && report.sent == report.answered)
        #expect((3...99).contains(report.sent))
    }

    @Test(arguments: ["ftp://127.0.0.1", "127.0.0.1:80"])
    func refusesTargetsThatAreNoAddress(target: String) async throws {
        let plan = try Self.plan(target, requests: 1, mix: "previews=1")
        await #expect(throws: DriveError.self) { try await LoadDriver.run(plan) }
    }

    /// The real thing: one connection, so that both see the same order, and the same split of answers on both sides.
    @Test func bothServicesAnswerTheSameRunAlike() async throws {
        let accounts = try FixtureGenerator.accounts(seed: 1, count: 700)
        try await RunningPair.run(.init(accounts: accounts)) { pair in
            var reports: [DriveReport] = []
            for target in [pair.legacy, pair.payout] {
                let plan = DrivePlan(
                    target: target, accounts: accounts, requests: 600, lengthMilliseconds: 0, connections: 1, runID: "t",
                    mix: try CallMix(parsing: "previews=60,payouts=20,deposits=5,withdrawals=5,transfers=5,closures=2,accounts=3")
                )
                reports.append(try await LoadDriver.run(plan))
            }
            #expect(reports[0].failed == 0 && reports[0].sent == 600)
            #expect(reports[0].answers == reports[1].answers)
            for (one, other) in zip(reports[0].calls, reports[1].calls) { #expect(one.answers == other.answers) }
            #expect(reports[0].moneyAnswers > 150)
        }
    }
}
