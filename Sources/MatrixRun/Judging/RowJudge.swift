public import CaseMatrix
public import Comparison
import RunRecords

/// The objects that make a verdict: the very same in the self-test, the run and the positive control.
public struct Judgement: Sendable {
    public var comparing: any RowComparing
    public var classifying: any CaseClassifying
    public var excusing: any QuirkExcusing

    public init(
        comparing: any RowComparing = ExactComparing(), classifying: any CaseClassifying = ThreeWayClassifying(),
        excusing: any QuirkExcusing = NoExceptions()
    ) {
        self.comparing = comparing
        self.classifying = classifying
        self.excusing = excusing
    }
}

/// What the rules (the oracle) have to say to a row.
public enum RulesStatement: Sendable, Hashable {
    /// The suite has no oracle: the legacy alone says what is right.
    case none
    case expects(ExpectedRow)
    /// It should have said something and did not: one sentence.
    case failed(String)
}

/// Judges rows of one suite.
public struct RowJudge: Sendable {
    public var judgement: Judgement
    public var suiteName: String
    public var rules: @Sendable (String) -> ResponseRules
    public var violations: @Sendable (SideTranscript, CasePlan) -> [InvariantViolation]

    public init(_ judgement: Judgement, suite: any RunnableSuite) {
        self.init(
            judgement, suiteName: suite.name, rules: { suite.rules(for: $0) },
            violations: { suite.brokenInvariants(in: $0, of: $1) })
    }

    public init(
        _ judgement: Judgement, suiteName: String, rules: @escaping @Sendable (String) -> ResponseRules,
        violations: @escaping @Sendable (SideTranscript, CasePlan) -> [InvariantViolation]
    ) {
        self.judgement = judgement
        self.suiteName = suiteName
        self.rules = rules
        self.violations = violations
    }

    public func judge(
        _ plan: CasePlan, legacy: SideRun, candidate: SideRun, rules statement: RulesStatement
    ) -> RowVerdict {
        var answers: [RowVerdict.AnswerOutcome] = []
        let findings = findings(plan, legacy: legacy, candidate: candidate, statement, &answers)
        if findings.isClean, judgement.classifying.classify(findings) == .agree {
            return RowVerdict(
                outcome: .agree, operation: suiteName, title: "agree", differences: [], violations: [], note: nil,
                signature: FailureSignature(), answers: answers)
        }
        return VerdictWording(plan: plan, suiteName: suiteName, findings: findings, answers: answers)
            .verdict(judgement, dimensions: plan.values)
    }

    private func findings(
        _ plan: CasePlan, legacy: SideRun, candidate: SideRun, _ statement: RulesStatement,
        _ answers: inout [RowVerdict.AnswerOutcome]
    ) -> RowFindings {
        var findings = RowFindings()
        if let failure = legacy.failure { findings.unanswered.append("legacy: \(failure)") }
        if let failure = candidate.failure { findings.unanswered.append("candidate: \(failure)") }
        if case .failed(let sentence) = statement { findings.unanswered.append("oracle: \(sentence)") }

        let expected: ExpectedRow? = if case .expects(let row) = statement { row } else { nil }
        let sets = AnswerSet.sets(of: plan, legacy: legacy, candidate: candidate, expected: expected)
        for unaligned in sets {
            let rules = unaligned.operations.map(self.rules)
            let set = unaligned.aligned(judgement.comparing, rules)
            let before = findings
            findings.between += set.differences(judgement.comparing, rules)
            if set.expected != nil {
                findings.legacy += set.departures(of: set.legacy, judgement.comparing, rules)
                findings.candidate += set.departures(of: set.candidate, judgement.comparing, rules)
            }
            let found =
                findings.between.dropFirst(before.between.count) + findings.legacy.dropFirst(before.legacy.count)
                + findings.candidate.dropFirst(before.candidate.count)
            for (label, operation) in zip(set.labels, set.operations) {
                let own = found.filter { $0.label == label }
                answers.append(
                    RowVerdict.AnswerOutcome(
                        operation: operation, isMismatch: !own.isEmpty,
                        isCritical: own.contains { $0.difference.severity == .critical }))
            }
            if let count = set.expected?.count, count != set.labels.count {
                findings.unanswered.append(
                    "oracle: it gave \(count) answers to the step of \(set.labels.joined(separator: ", "))")
            }
        }
        // What a side that stopped half-way left behind says nothing about the rules.
        if legacy.failure == nil { findings.legacyViolations = violations(legacy.transcript, plan) }
        if candidate.failure == nil { findings.candidateViolations = violations(candidate.transcript, plan) }
        return findings
    }
}
