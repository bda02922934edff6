import Synchronization

/// Faults that only act while the service answers many payouts itself: what no comparison in the shadow can show, since a mirrored payout is
/// not one of its own.
extension Faults {
    /// - Parameter above: own payouts in the last second from which on the faults act; nil: always. Only interest can wait for load.
    static func apply(_ names: [String], above payoutsPerSecond: Int?) throws(FaultRefusal) -> Policies {
        let faulty: Policies
        do { faulty = try apply(names) } catch { throw FaultRefusal(description: error.description) }
        guard let payoutsPerSecond else { return faulty }
        if let refusal = refusal(ofLoadFor: names) { throw refusal }
        var policies = Policies()
        let load = OwnPayouts(above: payoutsPerSecond)
        let (plain, wrong) = (policies.interest, faulty.interest)
        policies.interest.period = { load.isHigh ? wrong.period($0, $1) : plain.period($0, $1) }
        policies.interest.runs = { load.isHigh ? wrong.runs($0, $1) : plain.runs($0, $1) }
        policies.interest.scheduled = { load.isHigh ? wrong.scheduled($0, $1) : plain.scheduled($0, $1) }
        policies.interest.wonPpm = { load.isHigh ? wrong.wonPpm($0, $1) : plain.wonPpm($0, $1) }
        policies.interest.gross = { load.isHigh ? wrong.gross($0, $1) : plain.gross($0, $1) }
        policies.posting.carryOut = { plan in
            if plan.call == .payout, plan.isAuthoritative { load.note() }
            return plan
        }
        return policies
    }

    /// Why these can't wait for load; nil when they can.
    public static func refusal(ofLoadFor names: [String]) -> FaultRefusal? {
        let others = catalogue.filter { fault in
            names.contains(fault.name) && (fault.policy != .interest || fault.name == "carry-the-fraction")
        }
        guard let first = others.first else { return nil }
        return FaultRefusal(description: "the fault `\(first.name)` can't wait for load; those of the policy `interest` can")
    }
}

/// Faults were asked for that can't be had.
public struct FaultRefusal: Error, Sendable, CustomStringConvertible {
    public let description: String
}

/// The payouts of the last second that were the service's own.
private final class OwnPayouts: Sendable {
    private let above: Int
    private let times = Mutex([ContinuousClock.Instant]())

    init(above: Int) { self.above = above }

    var isHigh: Bool { times.withLock { Self.forget(&$0, before: .now) } > above }

    func note() {
        let now = ContinuousClock.now
        times.withLock { times in
            times.append(now)
            Self.forget(&times, before: now)
        }
    }

    @discardableResult
    private static func forget(_ times: inout [ContinuousClock.Instant], before now: ContinuousClock.Instant) -> Int {
        times.removeFirst(times.prefix { now - $0 > .seconds(1) }.count)
        return times.count
    }
}
