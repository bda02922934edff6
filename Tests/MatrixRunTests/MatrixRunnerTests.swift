import CaseDesign
import CaseMatrix
import Comparison
import RunRecords
import TestKit
import Testing

@testable import MatrixRun

/// Whole runs against scripted sides.
@Suite struct MatrixRunnerTests {
    private func run(
        _ candidateFaults: StubBank.Faults = .init(), legacy legacyFaults: StubBank.Faults = .init(),
        _ sample: SampleRun = SampleRun()
    ) async throws -> MatrixRunner.Outcome {
        let (legacy, candidate) = (try await StubBank.start(legacyFaults), try await StubBank.start(candidateFaults))
        let outcome = try await sample.run(legacy.url, candidate.url)
        try await legacy.side.shutdown()
        try await candidate.side.shutdown()
        let totals = outcome.record.totals
        #expect(totals.planned == totals.compared + totals.errors + totals.notRun)
        #expect(totals.compared == totals.agreed + totals.excused + totals.mismatched + totals.flaky)
        return outcome
    }

    @Test func equal() async throws {
        let record = try await run().record
        #expect(record.totals.planned == 48)
        #expect(record.totals.agreed == 48)
        #expect(record.cases.isEmpty)
        #expect(record.heatMaps.isEmpty)
        #expect(record.positiveControl?.fired == true)
        #expect(record.selfTest?.failures == [])
        #expect(RunExit(record) == .agreed)
        #expect(record.operations.map(\.name) == ["journal", "payout"])
        #expect(record.dimensions.map(\.name) == ["amount", "state", "channel", "delivery"])
        #expect(record.dimensions[0].values.map(\.compared) == [12, 12, 12, 12])
    }

    @Test("a won more above an amount is found, and shrunk to that amount")
    func oneWon() async throws {
        var sample = SampleRun()
        sample.shrink = 3
        let outcome = try await run(.init(surplus: { $0 >= 77 ? 1 : 0 }), sample)
        let record = outcome.record
        // Eligible rows with 100 and with 2^53 + 1.
        #expect(record.totals.mismatched == 8)
        #expect(record.cases.allSatisfy { $0.outcome == .candidateWrong && $0.critical })
        #expect(record.cases.first?.title.contains("$.gross") == true)
        #expect(RunExit(record) == .mismatch)
        let found = try #require(outcome.shrunk.first)
        #expect(found.fingerprint == "payout $.credited, $.gross")
        #expect(found.minimal.values == [])
        #expect(found.minimal.curl.count == 2)
        #expect(found.minimal.curl[0].contains("/fixtures"))
        #expect(found.minimal.curl[0].contains("curl -sS -X POST -H 'Idempotency-Key: "))
        #expect(record.operations.first { $0.name == "payout" }?.critical == 8)
        #expect(record.heatMaps.contains { $0.down == "amount" && $0.across == "state" })
    }

    @Test("an amount is bisected on the sides themselves")
    func bisected() async throws {
        var sample = SampleRun()
        sample.shrink = 1
        let outcome = try await run(.init(surplus: { $0 >= 50_000_001 ? 1 : 0 }), sample)
        let found = try #require(outcome.shrunk.first)
        #expect(
            found.minimal.values == [DimensionValue("amount", "9007199254740993"), DimensionValue("opening", "50000001")])
        #expect(found.minimal.fixture.contains(#""amount":50000001"#))
    }

    @Test("a right answer with nothing booked is found by the read-back")
    func postsNothing() async throws {
        let record = try await run(.init(postsNothing: true)).record
        #expect(record.totals.mismatched == 16)
        let once = record.cases.filter { $0.values.contains(DimensionValue("delivery", "once")) }
        #expect(once.count == 8)
        #expect(once.allSatisfy { $0.operation == "sample" && $0.differences.map(\.answer) == ["journal"] })
        #expect(once.allSatisfy { $0.differences.allSatisfy { $0.path == "$.lines[0]" && $0.candidate == nil } })
    }

    @Test func classes() async throws {
        let quirk = try await run(legacy: .init(ignoresFreeze: true)).record
        #expect(quirk.totals.mismatched == 32)
        #expect(quirk.cases.allSatisfy { $0.outcome == .legacyQuirk })
        let both = try await run(.init(ignoresFreeze: true), legacy: .init(ignoresFreeze: true)).record
        #expect(both.totals.mismatched == 32)
        #expect(both.cases.allSatisfy { $0.outcome == .bothWrong })
        var blind = SampleRun()
        blind.oracle = NoOracle()
        let unseen = try await run(.init(ignoresFreeze: true), legacy: .init(ignoresFreeze: true), blind).record
        #expect(unseen.totals.agreed == 48)
    }

    @Test("what is not there any more the second time is flaky, not a mismatch")
    func flaky() async throws {
        let record = try await run(.init(wrongPayouts: 1)).record
        #expect(record.totals.mismatched == 0)
        #expect(record.totals.flaky == 1)
        #expect(record.cases.map(\.outcome) == [.flaky])
        #expect(RunExit(record) == .inconclusive)
    }

    @Test("a side that refuses connections ends the run at once")
    func unreachable() async throws {
        let legacy = try await StubBank.start()
        let gone = try await StubBank.start()
        let url = gone.url
        try await gone.side.shutdown()
        var sample = SampleRun()
        sample.rows = (0..<40).flatMap { _ in SampleSuite().allRows }
        let record = try await sample.run(legacy.url, url).record
        #expect(record.unreachable.map(\.side) == ["candidate"])
        #expect(record.totals.compared == 0)
        #expect(record.totals.notRun > 1_000)
        #expect(RunExit(record) == .unreachable)
        #expect(legacy.side.seen.count < 400)
        try await legacy.side.shutdown()
    }

    @Test("a side that only ever hangs is given up after some calls")
    func slow() async throws {
        var sample = SampleRun()
        sample.timeoutMs = 300
        let record = try await run(.init(payoutSteps: { [.silence] }), sample).record
        #expect(record.unreachable.map(\.side) == ["candidate"])
        #expect(record.totals.compared == 0)
        #expect(record.totals.agreed == 0)
        #expect(RunExit(record) == .unreachable)
    }

    @Test("one account that is refused costs its own row alone")
    func refusedFixture() async throws {
        var sample = SampleRun()
        sample.suite.dimensions[0].values[1] = "-1"
        let record = try await run(.init(), sample).record
        #expect(record.totals.errors == 12)
        #expect(record.totals.agreed == 36)
        #expect(record.cases.allSatisfy { $0.outcome == .error && $0.note?.contains("MALFORMED_REQUEST") == true })
        #expect(RunExit(record) == .inconclusive)
    }

    @Test("a side that never settles is noted, and the read-backs decide")
    func settling() async throws {
        var sample = SampleRun()
        let field = try JSONField(try PathPattern("$.pending"))
        sample.suite.settling = Settling(path: "/totals", pointer: "$.pending", field: field, equals: "0", withinMs: 50)
        #expect(try await run(.init(), sample).record.remarks == [])
        sample.suite.settling?.equals = "7"
        let record = try await run(.init(), sample).record
        #expect(record.totals.agreed == 48)
        #expect(record.remarks.contains { $0.contains("legacy did not settle within 50 ms: $.pending was 0, not 7.") })
    }

    @Test("both sides get the same bytes")
    func sameBytes() async throws {
        let (legacy, candidate) = (try await StubBank.start(), try await StubBank.start())
        _ = try await SampleRun().run(legacy.url, candidate.url)
        func calls(_ bank: StubBank) -> [String] {
            bank.side.seen.map { seen in
                let headers = seen.headers.filter { $0[0].lowercased() != "host" }.map { $0.joined(separator: ": ") }
                return "\(seen.method) \(seen.target) \(headers.joined(separator: "|")) \(seen.bodyText)"
            }.sorted()
        }
        #expect(calls(legacy) == calls(candidate))
        #expect(legacy.side.seen.filter { $0.target == "/fixtures" }.count == 4)
        try await legacy.side.shutdown()
        try await candidate.side.shutdown()
    }

    @Test("a stop leaves the rest not run, and says so")
    func stopped() async throws {
        let bank = try await StubBank.start()
        let side = SideCaller(.legacy, url: bank.url)
        let other = SideCaller(.candidate, url: bank.url)
        let suite = SampleSuite()
        let pair = PairRun(legacy: side, candidate: other, oracle: NoOracle(), loading: suite.loading, settling: nil)
        let control = RunControl()
        control.stop()
        let planner = RowPlanner(suite, run: "s")
        let runner = MatrixRunner(suite: suite, judgement: Judgement(), pair: pair, planner: planner, control: control)
        let record = await runner.run(try planner.plan(suite.allRows)).record
        #expect(record.totals.notRun == 48)
        #expect(record.remarks.contains("The run was stopped: 48 of 48 rows were not run."))
        #expect(RunExit(record) == .inconclusive)
        side.close()
        other.close()
        try await bank.side.shutdown()
    }
}
