import Alerting
import Migration
import RolloutControl
import Synchronization

/// Says where the rollout stands to what is made before it.
final class StandingRelay: Sendable {
    private let controller = Mutex<RolloutController?>(nil)

    func set(_ controller: RolloutController) { self.controller.withLock { $0 = controller } }

    /// Whether a rollback's latch, or a kill switch, is off; false while nobody knows.
    func isOver(_ kind: RolloutIncident.Kind) -> Bool {
        guard let standing = controller.withLock({ $0 })?.standing else { return false }
        return kind == .kill ? !standing.isKilled : standing.latchReason == nil
    }

    /// As it was at that moment, microseconds since 1970, as far as the stage before is known; nil where no plan is carried out.
    ///
    /// What a rollback was for happened at the stage that it ended.
    func standing(at microseconds: Int64) -> NoticeStanding? {
        guard let standing = controller.withLock({ $0 })?.standing else { return nil }
        let head = standing.head.description
        if let past = standing.past, Instant(milliseconds: microseconds / 1_000) < past.endedAt {
            return NoticeStanding(stage: past.stage, audience: past.audience, auditHead: head)
        }
        return NoticeStanding(stage: standing.stage, audience: standing.audience, auditHead: head)
    }
}
