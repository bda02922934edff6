internal import Migration

/// A step that the shared store is asked for. It stands on this proxy's disk until the answer is there: if that never comes, the store may
/// have taken the step all the same, and then it is this proxy that tells of it.
struct AskedStep: Sendable, Hashable, Codable {
    /// After so long nobody waits for it any more, milliseconds.
    static let patienceMs: Int64 = 600_000

    var untold: UntoldStep
    /// The log's last sequence number before.
    var after: Int
    var at: Instant

    /// Nil when nobody is told of it, or the log does not tell whether it was taken.
    init?(_ actions: [RolloutAction], after: Int, at: Instant) {
        guard let untold = UntoldStep(actions), untold.firstEntry != nil else { return nil }
        self.untold = untold
        self.after = after
        self.at = at
    }

    /// Whether it was taken, by what was written to the log since.
    func stands(in entries: some Sequence<AuditEntry>) -> Bool {
        guard let first = untold.firstEntry else { return false }
        return entries.contains { $0.action == first.action && $0.actor == first.actor && $0.time == at.description }
    }
}

extension UntoldStep {
    /// What its first entry in the log is told by, besides its time.
    fileprivate var firstEntry: (action: String, actor: String)? {
        for case .audit(let entry) in actions { return (entry.action, entry.person?.name ?? "countersign") }
        return nil
    }
}
