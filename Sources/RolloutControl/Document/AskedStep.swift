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

    /// Nil when nobody is told of it, or the log would not tell whether it was taken: that the evidence suffices has no entry, and is then told
    /// by nobody.
    init?(_ actions: [RolloutAction], after: Int, at: Instant) {
        guard let untold = UntoldStep(actions), !untold.entries.isEmpty else { return nil }
        self.untold = untold
        self.after = after
        self.at = at
    }

    /// Whether it was taken as it was meant, by what was written to the log since: all of its entries, and no others of its moment.
    func stands(in log: some Sequence<AuditEntry>) -> Bool {
        let meant = untold.entries
        let actors = Set(meant.map(\.actor))
        let found = log.filter { $0.time == at.description && actors.contains($0.actor) }
        return found.map { UntoldStep.Entry(action: $0.action, actor: $0.actor) } == meant
    }
}

extension UntoldStep {
    /// What an entry in the log is told by, besides its time.
    fileprivate struct Entry: Hashable {
        var action: String
        var actor: String
    }

    fileprivate var entries: [Entry] {
        actions.compactMap { action in
            guard case .audit(let entry) = action else { return nil }
            return Entry(action: entry.action, actor: entry.person?.name ?? "countersign")
        }
    }
}
