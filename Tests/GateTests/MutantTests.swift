import Foundation
import RunRecords
import Testing

@testable import Gate

/// Judges that are wrong, each in one way: the gate must find out before it believes them.
@Suite("Mutants of the gate")
struct MutantTests {
    struct Mutant: GateJudge, CustomStringConvertible {
        var description: String
        var runs: @Sendable (RunRecord) -> RunRecord = { $0 }
        var policy: @Sendable (GatePolicy) -> GatePolicy = { $0 }
        var decision: @Sendable (GateDecision) -> GateDecision = { $0 }
        var rules = GateRule.all

        func decide(_ runs: [RunRecord], under policy: GatePolicy, at now: Date) -> GateDecision {
            decision(PolicyJudge(rules: rules).decide(runs.map(self.runs), under: self.policy(policy), at: now))
        }
    }

    static func without(_ rule: String, _ description: String) -> Mutant {
        Mutant(description: description, rules: GateRule.all.filter { $0.name != rule })
    }

    static let mutants: [Mutant] = [
        without("compared", "an empty run passes"),
        without("mismatch", "mismatches are ignored"),
        without("mismatch-rate", "the bound is not computed"),
        without("critical", "critical is nothing special"),
        without("unreachable", "an unreachable side is ignored"),
        without("positive-control", "the control is not demanded"),
        without("self-test", "the self-test is not demanded"),
        without("operation-compared", "operations have no floor"),
        without("coverage", "coverage is not looked at"),
        without("errors", "errors are left out of the percentages"),
        without("flaky", "flaky rows pass"),
        without("not-run", "rows that were not run pass"),
        without("faults", "missed faults pass"),
        without("counts", "counts need not add up"),
        without("required", "required runs may be missing"),
        without("age", "runs of any age pass"),
        without("candidate", "runs of any build pass"),
        without("dimension-compared", "values have no floor"),
        without("excused", "exceptions may cover everything"),
        Mutant(description: "always passes", decision: { _ in GateDecision(reasons: [], inconclusivePasses: true) }),
        Mutant(
            description: "always fails",
            decision: {
                GateDecision(
                    reasons: $0.reasons + [GateReason(rule: "x", measured: "", required: "", tone: .failed, sentence: "")],
                    inconclusivePasses: false)
            }),
        Mutant(
            description: "the seen rate instead of its bound",
            policy: { policy in
                var policy = policy
                if policy.mismatches.rateMax != nil { policy.mismatches.confidence = Percentage(thousandths: 50_000) }
                return policy
            }),
        Mutant(
            description: "a silent control counts as none",
            runs: { run in
                var run = run
                if run.positiveControl?.fired == false { run.positiveControl?.fired = true }
                return run
            }),
        Mutant(
            description: "too little is waved through",
            policy: { policy in
                var policy = policy
                policy.inconclusivePasses = true
                return policy
            }),
        Mutant(
            description: "unreachable hides a mismatch",
            decision: { decision in
                var decision = decision
                if decision.reasons.contains(where: { $0.tone == .unreachable }) {
                    decision.verdict = .unreachable
                    decision.exitCode = 3
                }
                return decision
            }),
        Mutant(
            description: "the verdict is right and the exit status is not",
            decision: { decision in
                var decision = decision
                decision.exitCode = 0
                return decision
            }),
        Mutant(
            description: "only the first mismatch's operation counts",
            runs: { run in
                var run = run
                run.totals.agreed += run.totals.mismatched
                run.totals.mismatched = 0
                for index in run.operations.indices { run.operations[index].mismatched = 0 }
                return run
            }),
    ]

    @Test("Each turns the gate to exit 4, even over a sound run", arguments: mutants)
    func mutant(_ mutant: Mutant) {
        let decision = SampleRuns.report([SampleRuns.matrix()], judge: mutant).decision
        #expect(decision.exitCode == 4)
        #expect(decision.reasons.first?.rule == "gate-self-test")
    }

    @Test("Every rule has a canary: without it, the gate is untrusted", arguments: GateRule.all.map(\.name))
    func everyRule(_ name: String) {
        let mutant = Self.without(name, "without \(name)")
        #expect(SampleRuns.report([SampleRuns.matrix()], judge: mutant).decision.exitCode == 4)
    }

    @Test("The judge that is used passes its canaries")
    func sound() {
        let reasons = Canaries.check(PolicyJudge())
        #expect(reasons.map(\.tone) == [.passed])
    }
}
