import CaseMatrix
import Comparison

/// The answers to the calls of one step (or to one read-back), of both sides and of the rules.
struct AnswerSet {
    var labels: [String]
    var operations: [String]
    var legacy: [SideTranscript.Answer]
    var candidate: [SideTranscript.Answer]
    var expected: [ExpectedAnswer]?

    /// Those steps and read-backs that both sides answered in full.
    static func sets(of plan: CasePlan, legacy: SideRun, candidate: SideRun, expected: ExpectedRow?) -> [AnswerSet] {
        let legacyAnswers = Dictionary(legacy.answers.map { ($0.label, $0) }, uniquingKeysWith: { first, _ in first })
        let candidateAnswers = Dictionary(candidate.answers.map { ($0.label, $0) }, uniquingKeysWith: { first, _ in first })
        func set(_ calls: [CaseCall], _ expected: [ExpectedAnswer]?) -> AnswerSet? {
            let legacy = calls.compactMap { legacyAnswers[$0.label] }
            let candidate = calls.compactMap { candidateAnswers[$0.label] }
            guard legacy.count == calls.count, candidate.count == calls.count else { return nil }
            return AnswerSet(
                labels: calls.map(\.label), operations: calls.map(\.operation), legacy: legacy, candidate: candidate,
                expected: expected)
        }
        let steps = plan.steps.enumerated().compactMap { index, step in
            set(step.calls, expected.map { $0.steps.indices.contains(index) ? $0.steps[index] : [] })
        }
        let readBack = plan.readBack.compactMap { call in set([call], expected?.readBack[call.label].map { [$0] }) }
        return steps + readBack
    }

    /// With the candidate's answers in the order in which they differ least from the legacy's: both then go by the legacy's labels.
    func aligned(_ comparing: any RowComparing, _ rules: [ResponseRules]) -> AnswerSet {
        let pairing = StepPairing.best(operations: operations) { left, right in
            comparing.differences(legacy[left], candidate[right], rules[left]).count
        }
        var set = self
        set.candidate = pairing.map { candidate[$0] }
        return set
    }

    /// The two sides against each other.
    func differences(_ comparing: any RowComparing, _ rules: [ResponseRules]) -> [AnswerFinding] {
        labels.indices.flatMap { findings($0, comparing.differences(legacy[$0], candidate[$0], rules[$0])) }
    }

    /// One side's answers against what the rules say.
    func departures(
        of answers: [SideTranscript.Answer], _ comparing: any RowComparing, _ rules: [ResponseRules]
    ) -> [AnswerFinding] {
        guard let expected, expected.count == answers.count else { return [] }
        func compared(_ index: Int, _ rule: Int) -> [Difference] {
            guard let wanted = Expectation.wanted(expected[rule], of: answers[index]) else { return [] }
            return comparing.differences(wanted, answers[index], rules[index])
        }
        let pairing = StepPairing.best(operations: operations) { compared($0, $1).count }
        return pairing.enumerated().flatMap { index, rule in findings(index, compared(index, rule)) }
    }

    private func findings(_ index: Int, _ differences: [Difference]) -> [AnswerFinding] {
        differences.map { difference in
            AnswerFinding(label: labels[index], operation: operations[index], place: labels[0], difference: difference)
        }
    }
}
