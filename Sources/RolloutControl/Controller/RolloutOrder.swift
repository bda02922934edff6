internal import Migration

/// What a person may order.
public enum RolloutOrder: String, Sendable, Hashable, CaseIterable {
    case promote, approve, pause, resume, rollback, kill, release, retire

    /// Whether it says nothing without a reason.
    public var needsReason: Bool {
        switch self {
        case .pause, .resume, .rollback, .kill, .retire: true
        case .promote, .approve, .release: false
        }
    }

    /// Any of these roles will do.
    public var roles: Set<AdminRole> {
        switch self {
        case .promote, .pause, .resume, .rollback, .retire: [.operator]
        case .approve: [.approver]
        case .kill, .release: [.operator, .approver]
        }
    }

    func event(by person: Person, reason: String, stage: String? = nil) -> RolloutEvent {
        switch self {
        case .promote: .promotionRequested(by: person)
        case .approve: .approved(by: person, stage: stage)
        case .pause: .pause(by: person, reason: reason)
        case .resume: .resume(by: person, reason: reason)
        case .rollback: .rollback(.ordered(by: person, reason: reason))
        case .kill: .kill(by: person, reason: reason)
        case .release: .release(by: person)
        case .retire: .retire(by: person, reason: reason)
        }
    }
}
