internal import CaseMatrix
public import RunRecords

/// The verifier's check of itself: pairs with known verdicts go through the very objects that will judge the run.
public enum SelfTest {
    public static func run(_ judgement: Judgement) -> SelfTestRecord {
        let judge = RowJudge(judgement, suiteName: "self-test", rules: { Canary.rules(for: $0) }, violations: { _, _ in [] })
        let broken = RowJudge(judgement, suiteName: "self-test", rules: { Canary.rules(for: $0) }) { transcript, _ in
            // Stands for any invariant that a suite could have.
            transcript.answers.isEmpty ? [] : [InvariantViolation(name: "canary", sentence: "canary (1 ≠ 2)")]
        }
        var failures = CanaryBattery.all.compactMap { failure(of: $0, judge) }
        let invariant = Canary(
            name: "both break an invariant", legacy: Canary.run(), candidate: Canary.run(), must: .classes([.bothWrong]))
        if let sentence = failure(of: invariant, broken) { failures.append(sentence) }
        return SelfTestRecord(checks: CanaryBattery.all.count + 1, failures: failures)
    }

    private static func failure(of canary: Canary, _ judge: RowJudge) -> String? {
        let verdict = judge.judge(Canary.plan, legacy: canary.legacy, candidate: canary.candidate, rules: canary.rules)
        switch canary.must {
        case .classes(let classes):
            if classes.contains(verdict.outcome) { return nil }
            let wanted = classes.map(\.rawValue).sorted().joined(separator: " or ")
            return "“\(canary.name)” was judged \(verdict.outcome.rawValue), not \(wanted)."
        case .difference(let path, let legacy, let candidate):
            guard let difference = verdict.differences.first(where: { $0.answer == "canary" && $0.path == path }) else {
                return "“\(canary.name)”: no difference was listed at \(path)."
            }
            if difference.legacy == legacy, difference.candidate == candidate { return nil }
            return "“\(canary.name)”: at \(path) the legacy is said to have \(difference.legacy ?? "nothing") and the candidate "
                + "\(difference.candidate ?? "nothing"), and it is \(legacy ?? "nothing") and \(candidate ?? "nothing")."
        }
    }
}
