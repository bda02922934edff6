internal import Synchronization
public import Verdicts

/// Lets incidents live on: counts what speaks against them, tells what is due (groups after their wait and interval, what is still open
/// again, what is resolved), digests, and heartbeats. Proxies that share a store each have one; whoever comes first tells, once.
public final class IncidentKeeper: Sendable {
    private let store: any SQLStore
    private let desk: IncidentDesk
    private let reading: @Sendable () async -> VerifierReading?
    private let name: String
    private let wakeCourier: @Sendable () -> Void
    private let nowMicroseconds: @Sendable () -> Int64
    private let beats: Bool
    private let isOver: @Sendable (RolloutIncident.Kind) -> Bool
    private let log: @Sendable (String) -> Void
    private let state = Mutex(State())

    private struct State {
        /// Why nothing is kept now, as last logged.
        var trouble: String?
        /// When old rows are looked for next, microseconds since 1970.
        var deletesAt: Int64 = 0
        var doubts = DoubtWatch()
        /// Channels that are disabled, as last logged: where all of them are, nobody is told.
        var disabled: Set<String> = []
    }

    /// - Parameters:
    ///   - desk: the store's.
    ///   - reading: what this proxy has counted; nil: nothing to say now.
    ///   - name: the proxy's, where several share the store.
    ///   - beats: whether it writes heartbeats; of two stores of one proxy, one does.
    ///   - wakeCourier: called after notices were written.
    ///   - isOver: whether a rollback or kill that is open in this store is over by now: of a store that hears of it only while the shared
    ///     one is away.
    ///   - log: hears once that nothing is kept, and once that it is well again; and of each channel that is disabled.
    public init(
        store: any SQLStore, desk: IncidentDesk, reading: @escaping @Sendable () async -> VerifierReading?,
        name: String = "", beats: Bool = true, wakeCourier: @escaping @Sendable () -> Void = {},
        isOver: @escaping @Sendable (RolloutIncident.Kind) -> Bool = { _ in false },
        log: @escaping @Sendable (String) -> Void = { _ in },
        nowMicroseconds: @escaping @Sendable () -> Int64 = SystemTime.microseconds
    ) {
        self.store = store
        self.desk = desk
        self.reading = reading
        self.name = name
        self.beats = beats
        self.wakeCourier = wakeCourier
        self.isOver = isOver
        self.log = log
        self.nowMicroseconds = nowMicroseconds
    }

    /// Keeps until cancelled. While the store is away nothing is told, and nothing is resolved.
    public func run() async {
        while !Task.isCancelled {
            await look()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// A tick whose failure is logged, once for as long as it is the same.
    func look() async {
        do {
            try await tick()
            note(nil)
        } catch {
            guard !Task.isCancelled else { return }
            note("incidents are not kept, and what is due is not told: \(error)")
        }
    }

    private func note(_ trouble: String?) {
        let isChange = state.withLock { state in
            defer { state.trouble = trouble }
            return state.trouble != trouble
        }
        if isChange { log(trouble ?? "incidents are kept again") }
    }

    /// One look at everything.
    public func tick() async throws {
        let settings = desk.settings
        let now = nowMicroseconds()
        let beats = beats && settings.channels.contains { $0.heartbeatSeconds != nil }
        let hasWork = try await store.read { try Self.hasWork($0) }
        let deletes = state.withLock { $0.deletesAt <= now }
        let reading = await reading()
        let doubts = state.withLock { $0.doubts.look(reading?.keysUnverified, at: now) }
        guard beats || hasWork || deletes || doubts != nil else { return }
        let (desk, isOver, name) = (desk, isOver, name)
        let (isNews, disabled) = try await store.write { connection in
            try connection.lock(IncidentDesk.lock)
            let before = try Self.lastNotice(connection)
            let disabled = try desk.noteDisabledChannels(at: now, on: connection)
            if let doubts { try desk.noteUnverifiedKeys(doubts, of: name, at: now, on: connection) }
            try desk.resolveRollouts(at: now, on: connection, where: isOver)
            var live = try Incident.live(connection)
            if let reading {
                live = try CleanCounts(connection, at: now).advance(reading, live, resolveAfter: settings.pace.resolveAfter)
            }
            let announcement = try Announcement(settings: settings, connection: connection, at: now)
            for (group, incidents) in Dictionary(grouping: live, by: \.group).sorted(by: { $0.key < $1.key }) {
                try announcement.tellDue(of: group, incidents)
            }
            try announcement.tellDigests()
            if beats { try announcement.beat() }
            let isNews = try Self.lastNotice(connection) != before
            if deletes { try OldRows.delete(now: now, connection) }
            return (isNews, disabled)
        }
        let unlogged = state.withLock { state in
            defer { state.disabled = disabled }
            return disabled.subtracting(state.disabled)
        }
        for cause in unlogged.sorted() { log(cause) }
        if let doubts { state.withLock { $0.doubts.noted(doubts) } }
        if deletes { state.withLock { $0.deletesAt = now + OldRows.everyMicroseconds } }
        guard isNews else { return }
        settings.pass(.committed)
        wakeCourier()
    }

    /// Whether a look may change anything: a quiet proxy need not write each second.
    private static func hasWork(_ connection: any SQLConnection) throws -> Bool {
        try !connection.rows(
            """
            SELECT 1 FROM incident WHERE raised <> 0 AND (state = 'open' OR told_step IS NULL OR told_step <> 'resolved')
            UNION ALL SELECT 1 FROM digest_item UNION ALL SELECT 1 FROM channel_state WHERE disabled_at IS NOT NULL LIMIT 1
            """
        ).isEmpty
    }

    private static func lastNotice(_ connection: any SQLConnection) throws -> Int64 {
        try connection.rows("SELECT max(id) FROM notice").first?.integerIfAny(0) ?? 0
    }
}

extension IncidentDesk {
    /// Of rollbacks and kills that were told here while nobody could tell them for all, and whose end others were told.
    func resolveRollouts(
        at now: Int64, on connection: any SQLConnection, where isOver: (RolloutIncident.Kind) -> Bool
    ) throws {
        for incident in try Incident.live(connection) where incident.life.state == .open {
            guard let rollout = incident.rollout, rollout.kind.staysOpen, isOver(rollout.kind) else { continue }
            try resolveRollout(plan: rollout.plan, rollout.kind, reason: "the rollout goes on", at: now, on: connection)
        }
    }
}
