import Comparison
import NIOCore
import NIOPosix

/// Comparisons of large bodies, on a bounded pool of threads that all lanes share. The result comes back to the lane.
struct OffLaneComparison {
    private let threads: NIOThreadPool
    private(set) var waiting = 0

    init(threads: NIOThreadPool) { self.threads = threads }
}

extension OffLaneComparison {
    /// False when the lane's bound is reached: then nothing happens.
    mutating func compare(
        _ primary: SideAnswer, _ shadow: SideAnswer, operation: CompiledOperation, lane: Lane,
        then body: @escaping @Sendable (ComparisonOutcome) -> Void
    ) -> Bool {
        guard waiting < lane.plan.plan.limits.comparisonsWaitingMax else { return false }
        waiting += 1
        threads.submit { _ in
            // Also when the pool is shutting down: an answer is owed.
            var comparator = AnswerComparator()
            let outcome = comparator.compare(primary, shadow, by: operation)
            lane.loop.execute {
                lane.offLane.waiting -= 1
                body(outcome)
            }
        }
        return true
    }
}
