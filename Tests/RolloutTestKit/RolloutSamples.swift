public import Migration
import Synchronization

/// A clock that stands until a test moves it.
public final class HeldClock: Sendable {
    private let time: Mutex<Instant>

    public init(_ milliseconds: Int64 = 1_772_000_000_000) { time = Mutex(Instant(milliseconds: milliseconds)) }

    public var now: Instant { time.withLock { $0 } }
    public func advance(milliseconds: Int64) { time.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) } }
}

extension RolloutPlan {
    /// Shadow, staff 10 and 100, all 50 and 100. Good rate 5 %, bad rate 50 %: some ten matches promote.
    public static func sample(
        name: String = "payout", approvals: [ApprovalDemand] = [], keys: RollbackPolicy.WrittenKeys = .return, stageMs: Int = 0,
        freezes: [FreezeWindow] = []
    ) -> RolloutPlan {
        let policy = PromotionPolicy(
            operations: [
                OperationRates(
                    name: "payout", good: Share(thousandths: 5_000) ?? .none, bad: Share(thousandths: 50_000) ?? .none)
            ], criticalPlaces: [CriticalPlace("$.netInterest")])
        func stage(_ share: Int) -> Stage {
            Stage(
                candidate: Share(thousandths: share) ?? .none, times: StageTimes(minimumMs: stageMs), approvals: approvals)
        }
        return RolloutPlan(
            name: name, salt: Salt("0123456789abcdef"),
            audiences: [
                Audience(name: "staff", claims: ["staff"], stages: [stage(10_000), stage(100_000)], promotion: policy),
                Audience(name: "all", takesEveryone: true, stages: [stage(50_000), stage(100_000)], promotion: policy),
            ], retirement: approvals, rollback: RollbackPolicy(writtenKeys: keys), freezes: freezes)
    }
}

extension Person {
    public static let kim = Person(name: "kim", role: "operator")
    public static let lee = Person(name: "lee", role: "operator")
    public static let mo = Person(name: "mo", role: "risk")
}
