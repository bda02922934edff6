import Migration
import RuleFiles

/// `rollback`
enum RollbackReader {
    static func read(_ value: YAMLValue?) -> RollbackPolicy? {
        guard let section = value?.section(PlanKeys.rollback) else { return nil }
        let keys = section.required("written-keys", "`keep` or `return`; nobody but you can know which one is right")?
            .choice(RollbackPolicy.WrittenKeys.allCases)
        let row = section["failures-in-a-row"]?.integer(in: 1...1_000)
        let ratio = section["error-ratio"]?.integer(in: 2...1_000)
        let every = section["error-false-alarm-every"]?.integer(in: 100...1_000_000_000)
        guard let keys else { return nil }
        var policy = RollbackPolicy(writtenKeys: keys)
        if let row { policy.failuresInARow = row }
        if let ratio { policy.errorRatio = ratio }
        if let every { policy.errorFalseAlarmEvery = every }
        return policy
    }
}
