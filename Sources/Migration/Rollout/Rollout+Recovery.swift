/// What the audit log knows and the state does not, after a crash between the two.
extension Rollout {
    /// Takes a rollback or a kill from its entry: the log goes before a state that has not heard of it. Other entries change nothing, for
    /// what raises a share and is in the log alone never came about.
    ///
    /// - Returns: whether it was one.
    public mutating func recover(_ entry: AuditEntry, at now: Instant) -> Bool {
        guard !state.isRetired else { return false }
        let reason = entry.details["reason"] ?? "no reason was given"
        switch entry.action {
        case "rolled-back":
            if state.latch == nil { state.latch = RolloutState.Stop(reason: reason, at: now) }
        case "killed":
            if state.kill == nil { state.kill = KillSwitch(thrownBy: entry.actor, reason: reason, at: now) }
        default: return false
        }
        state.step = 0
        _ = beginTry(now)
        return true
    }
}
