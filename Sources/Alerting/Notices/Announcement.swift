import Comparison
import Verdicts

/// Writes notices of incidents, in one transaction: for each channel that a route names, one notice of all that is new in a group, or, beyond
/// the channel's bound, a line of its next digest.
struct Announcement {
    private let settings: AlertSettings
    private let connection: any SQLConnection
    private let now: Int64
    private let standing: NoticeStanding?
    private let mutes: Mutes
    private let disabled: Set<String>

    /// - Parameter at: now, microseconds since 1970.
    init(settings: AlertSettings, connection: any SQLConnection, at now: Int64) throws {
        self.settings = settings
        self.connection = connection
        self.now = now
        standing = settings.standing(now)
        mutes = try Mutes(at: now, connection)
        disabled = Set(try ChannelState.all(connection).filter { $0.disabledAt != nil }.map(\.channel))
    }

    /// Tells a group's news if any of it can't wait.
    ///
    /// - Returns: whether there was something to tell.
    func tellUrgent(of group: String) throws -> Bool {
        try tellDue(of: group, try Incident.live(connection, group: group).filter { $0.group == group })
    }

    /// Tells a group's news when it is due: at once if any is critical and new, else after the group's wait and interval.
    ///
    /// - Parameter incidents: the live ones of the group.
    @discardableResult
    func tellDue(of group: String, _ incidents: [Incident]) throws -> Bool {
        let pace = settings.pace
        var news: [(Incident, IncidentStep)] = []
        for incident in incidents {
            guard let step = incident.step(now: now, pace) else { continue }
            if mutes.mute(incident) {
                // What opened and was resolved unheard stays so.
                if step == .resolved { try end(incident) }
                continue
            }
            news.append((incident, step))
        }
        guard !news.isEmpty else { return false }
        let isUrgent = news.contains { $0.0.isUrgent(pace) }
        if !isUrgent {
            let last = try connection.rows("SELECT last_at FROM alert_group WHERE name = ?", [.text(group)]).first?.integer(0)
            let free = last.map { $0 + Int64(pace.groupIntervalMs) * 1_000 } ?? 0
            guard let due = news.map({ $0.0.due($0.1, pace) }).min(), now >= max(due, free) else { return false }
        }
        try tell(news, group: group, isUrgent: false)
        return true
    }

    /// A rollback was told before the evidence was kept that it rests on: it is told again, with that.
    func tellShown(_ rollback: Incident) throws {
        try tell([(rollback, .updated)], group: rollback.group, isUrgent: true, at: settings.standing(rollback.life.openedAt))
    }

    private func end(_ incident: Incident) throws {
        var incident = incident
        guard incident.life.toldStep == nil else { return }
        incident.life.toldStep = .resolved
        try incident.save(connection)
    }

    /// - Parameters:
    ///   - isUrgent: whether no bound puts it off. Critical news has a higher bound than the rest in any case.
    ///   - kind: nil: the most important step of what is told.
    ///   - place: where the rollout stood when it happened; nil: as the settings say.
    func tell(
        _ news: [(Incident, IncidentStep)], group: String, isUrgent: Bool, as kind: Notice.Kind? = nil,
        at place: NoticeStanding? = nil
    ) throws {
        var items: [(item: Notice.Item, receivers: Set<String>, standing: NoticeStanding?)] = []
        for (incident, step) in news.sorted(by: { Self.isGraver($0, $1) }) {
            var incident = try incident.withExhibit(connection)
            let own = place ?? standing(of: incident, step)
            let receivers = settings.receivers(of: incident, own, disabled: disabled)
            incident.life.sequence += 1
            items.append((Notice.Item(incident: incident, step: step, sequence: incident.life.sequence), receivers, own))
            incident.noteTold(step, to: receivers, at: now)
            try incident.save(connection)
        }
        for channel in settings.channels {
            let mine = items.filter { $0.receivers.contains(channel.name) }
            for start in stride(from: 0, to: mine.count, by: Notice.itemsMax) {
                let part = mine[start..<min(start + Notice.itemsMax, mine.count)]
                try post(part.map(\.item), channel, group, kind, isUrgent, part.first?.standing)
            }
        }
        try connection.execute(
            "INSERT INTO alert_group (name, last_at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last_at = excluded.last_at",
            [.text(group), .integer(now)])
        settings.pass(.noticeWritten)
    }

    /// A disagreement may have ended its stage before anybody was told of it.
    private func standing(of incident: Incident, _ step: IncidentStep) -> NoticeStanding? {
        switch step {
        case .opened: settings.standing(incident.life.openedAt)
        case .updated where incident.isGraver: settings.standing(incident.life.disagreedAt)
        case .updated, .resolved: standing
        }
    }

    private func post(
        _ items: [Notice.Item], _ channel: AlertChannel, _ group: String, _ kind: Notice.Kind?, _ isUrgent: Bool,
        _ standing: NoticeStanding?
    ) throws {
        guard let lead = items.first else { return }
        let isCritical = items.contains { $0.incident.isUrgent(settings.pace) }
        guard
            try isUrgent || ChannelState.takePlace(channel.name, settings.pace, isCritical: isCritical, now: now, connection)
        else {
            for item in items { try DigestItem(channel: channel.name, item, at: now).save(connection) }
            return
        }
        let notice = Notice(
            id: "\(lead.incident.id)_\(Self.opener(lead, now))_\(channel.name)", kind: kind ?? Self.kind(of: items), at: now,
            channel: channel.name, group: group, items: items, standing: standing)
        try NoticeRow.insert(notice, format: channel.format, isDisabled: disabled.contains(channel.name), connection)
    }

    /// What a notice's id is made of, besides incident and channel: the same whoever writes it, and another after a store was set back.
    private static func opener(_ item: Notice.Item, _ now: Int64) -> String {
        let incident = item.incident
        if item.step == .opened, !incident.sampleEvidence.isEmpty { return incident.sampleEvidence }
        return "\(item.sequence)-\(now)"
    }

    private static func kind(of items: [Notice.Item]) -> Notice.Kind {
        for step in [IncidentStep.opened, .updated] where items.contains(where: { $0.step == step }) { return .incident(step) }
        return .incident(.resolved)
    }

    private static func isGraver(_ one: (Incident, IncidentStep), _ other: (Incident, IncidentStep)) -> Bool {
        let order: [IncidentStep] = [.opened, .updated, .resolved]
        let steps = (order.firstIndex(of: one.1) ?? 0, order.firstIndex(of: other.1) ?? 0)
        if steps.0 != steps.1 { return steps.0 < steps.1 }
        if one.0.severity != other.0.severity { return one.0.severity > other.0.severity }
        return one.0.life.openedAt < other.0.life.openedAt
    }

    // MARK: Digests and heartbeats

    /// Tells together what was beyond a channel's bound, once the bound allows a notice again.
    func tellDigests() throws {
        for channel in settings.channels {
            let waiting = try DigestItem.waiting(for: channel.name, Notice.itemsMax, connection)
            guard !waiting.isEmpty, try ChannelState.takePlace(channel.name, settings.pace, now: now, connection) else {
                continue
            }
            let items = try waiting.compactMap { try $0.item(connection) }
            for item in waiting { try item.delete(connection) }
            guard let lead = items.first else { continue }
            let notice = Notice(
                id: "digest_\(lead.incident.fingerprint)_\(lead.sequence)-\(now)_\(channel.name)", kind: .digest, at: now,
                channel: channel.name, group: nil, items: items, standing: standing)
            try NoticeRow.insert(notice, format: channel.format, isDisabled: disabled.contains(channel.name), connection)
        }
    }

    /// Writes the heartbeats that are due. One that was not delivered yet makes room for the next.
    func beat() throws {
        for channel in settings.channels where !disabled.contains(channel.name) {
            guard let seconds = channel.heartbeatSeconds, seconds > 0 else { continue }
            let turn = now / (seconds * 1_000_000)
            guard try ChannelState.takeBeat(channel.name, turn, connection) else { continue }
            let notice = Notice(
                id: "heartbeat_\(turn)_\(seconds)_\(channel.name)", kind: .heartbeat(everySeconds: seconds), at: now,
                channel: channel.name, group: nil, items: [], standing: standing)
            try connection.execute(
                "DELETE FROM notice WHERE channel = ? AND kind = 'heartbeat' AND (claimed_by IS NULL OR claimed_until <= ?)",
                [.text(channel.name), .integer(now)])
            try NoticeRow.insert(notice, format: channel.format, isDisabled: false, connection)
        }
    }
}
