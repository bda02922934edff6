public import Migration

/// A rollback or kill that the lanes obey already and that has yet to be entered: into the audit log, or into the store that the proxies
/// share. It stands on this proxy's disk, so that a restart does not forget it.
public struct OwedStop: Sendable, Hashable, Codable {
    public enum Cause: Sendable, Hashable, Codable {
        case rollback(RollbackTrigger)
        case kill(by: Person, reason: String)
    }

    public var cause: Cause
    public var at: Instant
    /// For its entry.
    public var facts: [String: String] = [:]

    public var event: RolloutEvent {
        switch cause {
        case .rollback(let trigger): .rollback(trigger)
        case .kill(let person, let reason): .kill(by: person, reason: reason)
        }
    }

    /// Nil for an event that takes nothing away by itself.
    init?(_ event: RolloutEvent, at now: Instant) {
        switch event {
        case .rollback(let trigger): cause = .rollback(trigger)
        case .kill(let person, let reason): cause = .kill(by: person, reason: reason)
        case .verdict(let verdict) where verdict.decision == .reject: cause = .rollback(.rejected(reason: verdict.reason))
        default: return nil
        }
        at = now
    }
}
