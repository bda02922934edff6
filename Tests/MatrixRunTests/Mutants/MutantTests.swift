import Foundation
import Gate
import RunRecords
import TestKit
import Testing

@testable import MatrixRun

/// Each mutant of the verifier must show in the run's record: in the self-test, or in a positive control that stays silent.
@Suite struct MutantTests {
    struct Mutant: Sendable, CustomTestStringConvertible {
        var name: String
        var judgement: Judgement
        var testDescription: String { name }
    }

    static let mutants: [Mutant] = [
        Mutant(name: "always equal", judgement: Judgement(comparing: AlwaysEqual())),
        Mutant(name: "skips the last array item", judgement: Judgement(comparing: Blinded.skipsLastItem)),
        Mutant(name: "numbers as Double", judgement: Judgement(comparing: Blinded.numbersAsDouble)),
        Mutant(name: "extra members ignored", judgement: Judgement(comparing: IgnoresAddedMembers())),
        Mutant(name: "sides swapped", judgement: Judgement(comparing: SidesSwapped())),
        Mutant(name: "status alone", judgement: Judgement(comparing: StatusAlone())),
        Mutant(name: "read-backs forgotten", judgement: Judgement(comparing: ForgetsReadBacks())),
        Mutant(name: "timeout counted as match", judgement: Judgement(classifying: TimeoutIsMatch())),
        Mutant(name: "agreement is truth", judgement: Judgement(classifying: AgreementIsTruth())),
        Mutant(name: "the legacy is blamed", judgement: Judgement(classifying: BlamesLegacy())),
        Mutant(name: "a wildcard exception", judgement: Judgement(excusing: WildcardException())),
    ]

    @Test(arguments: mutants)
    func selfTest(_ mutant: Mutant) {
        let record = SelfTest.run(mutant.judgement)
        #expect(!record.failures.isEmpty)
        #expect(record.checks > 20)
    }

    @Test func theRealOnePasses() {
        #expect(SelfTest.run(Judgement()).failures == [])
        let book = ExceptionBook([ExceptionTests.exception(path: "$.gross", operation: "payout")], today: "2026-11-24")
        #expect(SelfTest.run(Judgement(excusing: book)).failures == [])
    }

    /// On an equal pair, where a blind verifier would say what a seeing one says.
    @Test(arguments: mutants)
    func run(_ mutant: Mutant) async throws {
        let bank = try await StubBank.start()
        var sample = SampleRun()
        sample.judgement = mutant.judgement
        let record = try await sample.run(bank.url, bank.url).record
        #expect(record.selfTest?.failures.isEmpty == false)
        #expect(record.totals.compared == 0)
        #expect(record.totals.notRun == record.totals.planned)
        #expect(RunExit(record) == .selfTest)
        // And the gate, which knows only the record, is red.
        #expect(gate(record) == 4)
        try await bank.side.shutdown()
    }

    /// What the self-test would not know, the control sees in the run's own answers.
    @Test(arguments: [
        Mutant(name: "always equal", judgement: Judgement(comparing: AlwaysEqual())),
        Mutant(name: "skips the last array item", judgement: Judgement(comparing: Blinded.skipsLastItem)),
        Mutant(name: "status alone", judgement: Judgement(comparing: StatusAlone())),
        Mutant(name: "read-backs forgotten", judgement: Judgement(comparing: ForgetsReadBacks())),
    ])
    func control(_ mutant: Mutant) async throws {
        let (legacy, candidate) = (try await StubBank.start(), try await StubBank.start())
        let outcome = try await SampleRun().run(legacy.url, candidate.url)
        #expect(outcome.record.positiveControl?.fired == true)
        let suite = SampleSuite()
        #expect(!ControlProbe.fire(outcome.rows, RowJudge(mutant.judgement, suite: suite)).fired)
        #expect(!ControlProbe.fire([], RowJudge(Judgement(), suite: suite)).fired)
        try await legacy.side.shutdown()
        try await candidate.side.shutdown()
    }

    @Test("an empty run passes for nobody")
    func empty() async throws {
        let bank = try await StubBank.start()
        var sample = SampleRun()
        sample.rows = []
        let record = try await sample.run(bank.url, bank.url).record
        #expect(record.totals.planned == 0)
        #expect(record.positiveControl?.fired == false)
        #expect(RunExit(record) == .inconclusive)
        #expect(gate(record) != 0)
        try await bank.side.shutdown()
    }

    private func gate(_ record: RunRecord) -> Int {
        GateReport.judge([record], under: GatePolicy(), at: Date(), program: "test").decision.exitCode
    }
}
