import CaseDesign
import RunRecords
import TestKit
import Testing

@testable import MatrixRun

/// Hunting faults with kept answers of the legacy and the rules.
@Suite struct FaultHuntTests {
    private final class Field {
        let legacyBank: StubBank
        let legacy: SideCaller
        let hunt: FaultHunt

        init(suite: SampleSuite = SampleSuite()) async throws {
            legacyBank = try await StubBank.start()
            let equalBank = try await StubBank.start()
            legacy = SideCaller(.legacy, url: legacyBank.url)
            let equal = SideCaller(.candidate, url: equalBank.url)
            let planner = RowPlanner(suite, run: "p")
            let pair = PairRun(
                legacy: legacy, candidate: equal, oracle: StatedRules(), loading: suite.loading, settling: suite.settling)
            let runner = MatrixRunner(suite: suite, judgement: Judgement(), pair: pair, planner: planner)
            let rows = await runner.run(try planner.plan(suite.allRows)).rows
            equal.close()
            try await equalBank.side.shutdown()
            let proof = ProofSuite(suite: suite, planner: planner, oracle: StatedRules(), rows: rows)
            hunt = FaultHunt(suites: [proof], judgement: Judgement(), legacy: legacy, chunkRows: 6, seed: 1)
        }

        func hunt(_ name: String, _ faults: StubBank.Faults) async throws -> (record: FaultRecord, trouble: String?) {
            let bank = try await StubBank.start(faults)
            let candidate = SideCaller(.candidate, url: bank.url)
            let found = await hunt.hunt(SeededFault(name: name), candidate: candidate)
            candidate.close()
            try await bank.side.shutdown()
            return found
        }

        func end() async throws {
            legacy.close()
            try await legacyBank.side.shutdown()
        }
    }

    @Test func killedAndMissed() async throws {
        let field = try await Field()
        let calls = field.legacyBank.side.seen.count
        let (missed, _) = try await field.hunt("none", .init())
        #expect(!missed.killed)
        #expect(missed.rowsRun == 48)
        #expect(field.legacyBank.side.seen.count == calls, "a fault costs the candidate's side alone")

        let (surplus, trouble) = try await field.hunt("surplus", .init(surplus: { $0 == 1 ? 1 : 0 }))
        #expect(surplus.killed)
        #expect(trouble == nil)
        #expect(surplus.byComparison == "payout $.gross")
        let (silent, _) = try await field.hunt("silent", .init(postsNothing: true))
        #expect(silent.killed)

        // What killed before is tried first.
        let (again, _) = try await field.hunt("again", .init(surplus: { $0 == 1 ? 1 : 0 }))
        #expect(again.killed)
        #expect(again.rowsRun <= 6)
        #expect(again.byRow != nil)
        try await field.end()
    }

    @Test("what is seen once and never again kills nothing")
    func unconfirmed() async throws {
        let field = try await Field()
        let (record, _) = try await field.hunt("once", .init(wrongPayouts: 1))
        #expect(!record.killed)
        #expect(record.rowsRun == 48)
        try await field.end()
    }

    @Test("a candidate that went away is no kill and no miss")
    func gone() async throws {
        let field = try await Field()
        let (record, trouble) = try await field.hunt("gone", .init(payoutSteps: { [.reset] }))
        #expect(!record.killed)
        #expect(trouble != nil)
        try await field.end()
    }
}
