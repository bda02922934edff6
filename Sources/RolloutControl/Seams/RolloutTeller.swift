public import Migration

/// Brings a rollout's notices to people. It must return soon: a notice is stored, not delivered, when it does.
public protocol RolloutTeller: Sendable {
    /// - Parameters:
    ///   - audience: The audience that is moving, `all` for the shadow of a plan with one audience alone.
    ///   - stage: `shadow`, `staff 90/10`: where the rollout stands once the notice is true; of a rollback or kill, where it stood.
    ///   - head: Of the audit log, the entry of this very event included.
    ///   - stop: What a rollback or kill took with it; empty for everything else.
    func tell(
        _ notice: RolloutNotice, kind: RolloutNoticeKind, audience: String, stage: String, head: AuditHead, stop: StopFacts
    ) async
}

/// What is known of a rollback or kill beyond its sentence.
public struct StopFacts: Sendable, Hashable {
    /// Keys that the candidate had written when its share was taken away.
    public var affectedKeys: Int?
    /// Whose mismatches led to a rollback; empty where it concerns all of them.
    public var operations: [String]
    /// Where the critical mismatch was that led to it, without indices: `$.lines[].debit`.
    public var place: String?

    public init(affectedKeys: Int? = nil, operations: [String] = [], place: String? = nil) {
        self.affectedKeys = affectedKeys
        self.operations = operations
        self.place = place
    }
}

/// What a notice is about.
public enum RolloutNoticeKind: String, Sendable, Hashable, Codable, CaseIterable {
    case rollback, kill, promotion, approval, warning, retired, resumed, released
}
