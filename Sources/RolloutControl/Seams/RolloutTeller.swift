public import Migration

/// Brings a rollout's notices to people. It must return soon: a notice is stored, not delivered, when it does.
public protocol RolloutTeller: Sendable {
    /// - Parameters:
    ///   - audience: The audience that is moving, `all` for the shadow of a plan with one audience alone.
    ///   - stage: `shadow`, `staff 90/10`: where the rollout stands once the notice is true; of a rollback or kill, where it stood.
    ///   - head: Of the audit log, the entry of this very event included.
    ///   - affectedKeys: Keys that the candidate had written when its share was taken away; nil for everything else.
    ///   - operations: Whose mismatches led to a rollback; empty where it concerns all of them, and for everything else.
    func tell(
        _ notice: RolloutNotice, kind: RolloutNoticeKind, audience: String, stage: String, head: AuditHead, affectedKeys: Int?,
        operations: [String]
    ) async
}

/// What a notice is about.
public enum RolloutNoticeKind: String, Sendable, Hashable, Codable, CaseIterable {
    case rollback, kill, promotion, approval, warning, retired, resumed, released
}
