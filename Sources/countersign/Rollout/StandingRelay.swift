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

    /// Nil where no plan is carried out.
    var standing: NoticeStanding? {
        guard let standing = controller.withLock({ $0 })?.standing else { return nil }
        return NoticeStanding(stage: standing.stage, audience: standing.audience, auditHead: standing.head.description)
    }
}
