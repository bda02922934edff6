import Foundation
import Testing

@testable import Migration

@Suite("A stage's evidence")
struct StageEvidenceTests {
    private static func policy(
        operations: [String] = ["payout"], perKeyMax: Int = 10, keysMax: Int = 1_000_000
    ) -> PromotionPolicy {
        PromotionPolicy(
            operations: operations.map {
                OperationRates(name: $0, good: SamplePlans.share(1_000), bad: SamplePlans.share(5_000))
            },
            alpha: SamplePlans.share(10_000), beta: SamplePlans.share(10_000), perKeyMax: perKeyMax, keysMax: keysMax)
    }

    private func evidence(_ policy: PromotionPolicy, attempt: Int = 1) -> StageEvidence {
        StageEvidence(stage: StageAttempt(step: 1, attempt: attempt), basis: SamplePlans.basis, policy: policy)
    }

    /// Comparisons of so many keys, one each.
    private func add(
        _ count: Int, _ outcome: StageEvidence.Outcome, operation: Int = 0, from first: Int = 0, to evidence: inout StageEvidence
    ) {
        for key in first..<first + count { evidence.record(outcome, operation: operation, key: KeyMark(value: UInt64(key))) }
    }

    @Test("no traffic holds")
    func nothing() {
        let verdict = evidence(Self.policy()).verdict()
        #expect(verdict.decision == .hold)
        #expect(verdict.reason == "too little is known: nothing was compared of `payout`")
        #expect(evidence(Self.policy(operations: [])).verdict().decision == .hold)
    }

    /// α = β = 10 %, first try: thresholds ±ln 20, 73 matches promote.
    @Test("it promotes with the last comparison that is needed, not with the one before")
    func promotes() {
        var evidence = evidence(Self.policy())
        add(72, .match, to: &evidence)
        #expect(evidence.verdict().reason == "too little is known: `payout` needs 1 more without a mismatch")
        #expect(evidence.decision == .hold)
        add(1, .match, from: 72, to: &evidence)
        let verdict = evidence.verdict()
        #expect(verdict.decision == .promote)
        #expect(verdict.reason == "every operation is good: 73 comparisons over 1, 0 differed")
        #expect(
            verdict.operations.map(\.description) == [
                "payout: 73 compared, 0 mismatches; ratio -3.01 between -3.00 (promote) and 3.00 (reject): promote"
            ])
    }

    @Test("a stage in which the candidate answered too few callers itself holds, however much was compared")
    func answered() throws {
        var evidence = evidence(Self.policy())
        add(200, .match, to: &evidence)
        #expect(evidence.verdict().decision == .promote)
        var verdict = evidence.verdict(answeredMin: 2)
        #expect(verdict.decision == .hold && verdict.reason.contains("the candidate has answered nobody itself"))
        evidence.noteAnswered()
        verdict = evidence.verdict(answeredMin: 2)
        #expect(verdict.decision == .hold && verdict.reason.contains("the candidate has answered only 1 itself"))
        evidence = try JSONDecoder().decode(StageEvidence.self, from: JSONEncoder().encode(evidence))
        evidence.noteAnswered()
        #expect(evidence.verdict(answeredMin: 2).decision == .promote)
        add(200, .mismatch, from: 200, to: &evidence)
        #expect(evidence.verdict(answeredMin: 3).decision == .reject)
    }

    @Test("every operation must be good; one that nobody used holds")
    func allOperations() {
        var evidence = evidence(Self.policy(operations: ["payout", "preview"]))
        add(500, .match, to: &evidence)
        #expect(evidence.verdict().reason == "too little is known: nothing was compared of `preview`")
        add(72, .match, operation: 1, to: &evidence)
        #expect(evidence.verdict().decision == .hold)
        add(1, .match, operation: 1, from: 72, to: &evidence)
        #expect(evidence.verdict().decision == .promote)
    }

    @Test("a rejection stands, whatever comes after it", arguments: [StageEvidence.Outcome.mismatch, .candidateFailed])
    func rejects(outcome: StageEvidence.Outcome) {
        var evidence = evidence(Self.policy())
        add(1, outcome, to: &evidence)
        #expect(evidence.decision == .hold)
        add(1, outcome, from: 1, to: &evidence)
        #expect(evidence.decision == .reject)
        add(3_000, .match, from: 2, to: &evidence)
        let verdict = evidence.verdict()
        #expect(verdict.decision == .reject)
        #expect(verdict.reason == "`payout` is bad: 2 of 2 comparisons differed, where at most 1 % is good and 5 % is bad")
    }

    @Test("an operation that was good may turn bad before anybody promotes")
    func turnsBad() {
        var evidence = evidence(Self.policy())
        add(73, .match, to: &evidence)
        #expect(evidence.decision == .promote)
        add(1, .mismatch, from: 73, to: &evidence)
        #expect(evidence.decision == .hold)
        add(3, .mismatch, from: 74, to: &evidence)
        #expect(evidence.decision == .reject)
    }

    @Test("one critical mismatch rejects: of any operation, without a key, and beyond the cap")
    func critical() {
        for (operation, key) in [(0, KeyMark(value: 1)), (nil, KeyMark(value: 1)), (0, nil)] as [(Int?, KeyMark?)] {
            var evidence = evidence(Self.policy(perKeyMax: 1))
            add(80, .match, to: &evidence)
            #expect(evidence.decision == .promote)
            evidence.record(.criticalMismatch(place: "$.net"), operation: operation, key: key)
            #expect(evidence.decision == .reject)
            #expect(evidence.verdict().reason.hasPrefix("a critical mismatch at `$.net`"))
        }
    }

    @Test("a key counts up to its cap, matches and mismatches alike; what is left out is counted")
    func cap() {
        var evidence = evidence(Self.policy(operations: ["payout", "preview"], perKeyMax: 3))
        for _ in 0..<3 { add(1, .match, to: &evidence) }
        #expect(evidence.comparisons == 3)
        for _ in 0..<50 { add(1, .mismatch, to: &evidence) }
        for _ in 0..<50 { add(1, .match, to: &evidence) }
        #expect(evidence.comparisons == 3)
        #expect(evidence.decision == .hold)
        #expect(evidence.leftOut.beyondKeyCap == 100)
        #expect(evidence.leftOut.mismatchesBeyondKeyCap == 50)
        // Another operation of the same key has a cap of its own.
        add(1, .match, operation: 1, to: &evidence)
        #expect(evidence.comparisons == 4)
    }

    @Test("what names no key, too many keys, or an operation that nobody asked about is no evidence")
    func leftOut() {
        var evidence = evidence(Self.policy(keysMax: 2))
        add(3, .match, to: &evidence)
        add(1, .match, to: &evidence)
        evidence.record(.match, operation: 0, key: nil)
        evidence.record(.mismatch, operation: nil, key: KeyMark(value: 0))
        evidence.record(.mismatch, operation: 7, key: KeyMark(value: 0))
        #expect(evidence.comparisons == 3)
        #expect(evidence.leftOut.beyondKeysMax == 1)
        #expect(evidence.leftOut.withoutKey == 1)
        #expect(evidence.leftOut.otherOperations == 2)
        var keyless = self.evidence(Self.policy())
        keyless.record(.match, operation: 0, key: nil)
        #expect(keyless.verdict().reason == "too little is known: nothing was compared of `payout`; 1 comparisons named no key")
    }

    @Test("another build, other rules or another policy void it")
    func voided() {
        let evidence = evidence(Self.policy())
        #expect(evidence.speaks(of: SamplePlans.basis, under: Self.policy()))
        #expect(!evidence.speaks(of: EvidenceBasis(candidateBuild: "other", rules: "r1"), under: Self.policy()))
        #expect(!evidence.speaks(of: EvidenceBasis(candidateBuild: "c0ffee", rules: "r2"), under: Self.policy()))
        #expect(!evidence.speaks(of: SamplePlans.basis, under: Self.policy(perKeyMax: 11)))
    }

    @Test("a later try asks for more")
    func retries() {
        var needed: [Int] = []
        for attempt in 1...4 {
            var evidence = evidence(Self.policy(), attempt: attempt)
            var count = 0
            while evidence.decision == .hold {
                add(1, .match, from: count, to: &evidence)
                count += 1
            }
            needed.append(count)
        }
        // (ln 20, 40, 80, 160) / 0.04124296
        #expect(needed == [73, 90, 107, 124])
    }

    @Test("it survives a restart; a newer form and counts that can't be are refused")
    func restart() throws {
        var before = evidence(Self.policy(perKeyMax: 2))
        add(70, .match, to: &before)
        add(1, .mismatch, from: 70, to: &before)
        let data = try JSONEncoder().encode(before)
        var after = try JSONDecoder().decode(StageEvidence.self, from: data)
        #expect(after.verdict() == before.verdict())
        // The cap is remembered.
        add(1, .match, to: &after)
        add(1, .match, to: &after)
        #expect(after.comparisons == before.comparisons + 1)
        let text = String(decoding: data, as: UTF8.self)
        for (old, new) in [("\"schema\":1", "\"schema\":2"), ("\"comparisons\":71", "\"comparisons\":0")] {
            let spoilt = text.replacing(old, with: new)
            #expect(spoilt != text)
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(StageEvidence.self, from: Data(spoilt.utf8)) }
        }
    }

    @Test(
        "critical places",
        arguments: [
            ("$.net", "payout", "$.net", true), ("$.net", "payout", "$.network", false), ("$.net", "payout", "$.net.won", true),
            ("$.lines[].debit", "payout", "$.lines[12].debit", true), ("$.lines[*].debit", "payout", "$.lines[0].debit", true),
            ("$.lines[].debit", "payout", "$.lines[0].credit", false), ("$..amount", "payout", "$.a.b[3].amount", true),
            ("$..amount", "payout", "$.amounts", false), ("status", "payout", "status", true),
            ("payout $.net", "payout", "$.net", true), ("payout $.net", "preview", "$.net", false),
        ])
    func places(place: String, operation: String, found: String, takes: Bool) {
        let policy = PromotionPolicy(criticalPlaces: [CriticalPlace(place)])
        #expect(policy.isCritical(operation: operation, differencesAt: ["$.other", found]) == takes)
    }
}
