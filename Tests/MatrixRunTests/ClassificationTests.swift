import CaseMatrix
import Comparison
import RunRecords
import Testing

@testable import MatrixRun

/// The table of classes, each line of it, by the judge that runs use.
@Suite struct ClassificationTests {
    struct Line: Sendable, CustomTestStringConvertible {
        var name: String
        var legacy: SideRun = Canary.run()
        var candidate: SideRun = Canary.run()
        var rules: RulesStatement = .none
        var legacyBreaks = false
        var candidateBreaks = false
        var outcome: CaseClass
        var testDescription: String { name }
    }

    static let off = Canary.run(Canary.answer.replacing("5479", with: "5480"))
    static let offToo = Canary.run(Canary.answer.replacing("5479", with: "5481"))
    static let account = Canary.run(Canary.answer.replacing("a-1", with: "a-2"))
    static let refusal = Canary.run(
        #"{"code":"FROZEN"}"#, status: 422, type: "application/problem+json")
    static let says = RulesStatement.expects(
        ExpectedRow(
            steps: [[ExpectedAnswer(status: 201, body: JSONTree(#"{"canaryGross":5479}"#))]], readBack: [:]))

    static let table: [Line] = [
        Line(name: "no rules, equal", outcome: .agree),
        Line(name: "no rules, different", candidate: off, outcome: .candidateWrong),
        Line(
            name: "no rules, different, the legacy breaks an invariant", candidate: off, legacyBreaks: true, outcome: .legacyQuirk
        ),
        Line(
            name: "no rules, different, both break one", candidate: off, legacyBreaks: true, candidateBreaks: true,
            outcome: .bothWrong),
        Line(name: "no rules, equal, both break one", legacyBreaks: true, candidateBreaks: true, outcome: .bothWrong),
        Line(name: "no rules, equal, the candidate breaks one", candidateBreaks: true, outcome: .candidateWrong),
        Line(name: "as the rules say", rules: says, outcome: .agree),
        Line(name: "the candidate departs", candidate: off, rules: says, outcome: .candidateWrong),
        Line(name: "the legacy departs", legacy: off, rules: says, outcome: .legacyQuirk),
        Line(name: "both depart alike", legacy: off, candidate: off, rules: says, outcome: .bothWrong),
        Line(name: "all three differ", legacy: off, candidate: offToo, rules: says, outcome: .bothWrong),
        Line(name: "where the rules are silent it is the candidate", candidate: account, rules: says, outcome: .candidateWrong),
        Line(
            name: "a quirk, and something else that the rules are silent on", legacy: off, candidate: account, rules: says,
            outcome: .bothWrong),
        Line(name: "the candidate refuses", candidate: refusal, rules: says, outcome: .candidateWrong),
        Line(name: "the legacy refuses", legacy: refusal, rules: says, outcome: .legacyQuirk),
        Line(name: "the candidate says nothing", candidate: SideRun(failure: "reset"), rules: says, outcome: .error),
        Line(name: "the legacy says nothing", legacy: SideRun(failure: "reset"), rules: says, outcome: .error),
        Line(name: "the oracle says nothing", rules: .failed("gone"), outcome: .error),
        Line(
            name: "the oracle answers other calls than were made", rules: .expects(ExpectedRow(steps: [[]], readBack: [:])),
            outcome: .error),
    ]

    @Test(arguments: table)
    func classes(_ line: Line) {
        // The candidate's answers are marked by their type, which says nothing about their content.
        var candidate = line.candidate
        for index in candidate.answers.indices { candidate.answers[index].contentType? += "; charset=utf-8" }
        let judge = RowJudge(Judgement(), suiteName: "table", rules: { Canary.rules(for: $0) }) { transcript, _ in
            let isCandidate = transcript.answers.contains { $0.contentType?.hasSuffix("utf-8") == true }
            return (isCandidate ? line.candidateBreaks : line.legacyBreaks)
                ? [InvariantViolation(name: "n", sentence: "n (1 ≠ 2)")] : []
        }
        let verdict = judge.judge(Canary.plan, legacy: line.legacy, candidate: candidate, rules: line.rules)
        #expect(verdict.outcome == line.outcome)
    }

    @Test("a difference carries the values of all three")
    func values() throws {
        let judge = RowJudge(Judgement(), suiteName: "s", rules: { Canary.rules(for: $0) }, violations: { _, _ in [] })
        let three = judge.judge(Canary.plan, legacy: Self.off, candidate: Self.offToo, rules: Self.says)
        let difference = try #require(three.differences.first)
        #expect(difference.path == "$.canaryGross")
        #expect(difference.legacy == "5480")
        #expect(difference.candidate == "5481")
        #expect(difference.expected == "5479")
        #expect(three.title == "canary: $.canaryGross differs")
        #expect(three.operation == "canary")

        let quirk = judge.judge(Canary.plan, legacy: Self.off, candidate: Canary.run(), rules: Self.says)
        #expect(quirk.differences.map(\.expected) == ["5479"])
        #expect(quirk.differences.map(\.candidate) == ["5479"])

        let alike = judge.judge(Canary.plan, legacy: Self.off, candidate: Self.off, rules: Self.says)
        #expect(alike.differences.map(\.legacy) == ["5480"])
        #expect(alike.differences.map(\.candidate) == ["5480"])
        #expect(alike.differences.map(\.expected) == ["5479"])
    }

    @Test("a read-back that differs is the suite's, not an operation's")
    func readBack() {
        let judge = RowJudge(Judgement(), suiteName: "extended", rules: { Canary.rules(for: $0) }, violations: { _, _ in [] })
        let verdict = judge.judge(
            Canary.plan, legacy: Canary.run(), candidate: Canary.run(journal: #"{"lines":[]}"#), rules: .none)
        #expect(verdict.operation == "extended")
        #expect(verdict.signature.operation == "canaryJournal")
    }
}
