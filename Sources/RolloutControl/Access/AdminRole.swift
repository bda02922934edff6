/// What a token lets its bearer do on the admin port. Every role may look.
public enum AdminRole: String, Sendable, Hashable, Codable, CaseIterable {
    case viewer
    /// Moves the rollout: promote, pause, resume, roll back, kill, release, retire.
    case `operator`
    /// Approves in the plan's roles, and may throw the kill switch and be one of the two who release it.
    case approver
}
