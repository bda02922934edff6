public import Comparison
public import Verdicts

/// An event of the rollout, told like an incident. Its evidence, if any, is that of the mismatch that led to it.
public struct RolloutIncident: Sendable, Hashable {
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case rollback
        case kill
        case promotion
        case approval
        case warning
        case retired

        /// Stays open until the rollout goes on; the others are told once.
        public var staysOpen: Bool { self == .rollback || self == .kill }
    }

    public var kind: Kind
    /// Critical for a rollback and a kill.
    public var severity: Severity
    /// The rollout plan's name.
    public var plan: String
    /// What happened, in one sentence.
    public var summary: String
    /// Whose mismatches are muted while it is open; empty: all.
    public var operations: [String]
    /// Where the mismatch was that led to it, without indices: it is shown with the event, being muted by it.
    public var place: String?
    public var affectedKeys: Int?
    /// Where the rollout stood when it happened; nil: as the settings say.
    public var standing: NoticeStanding?
    /// Microseconds since 1970.
    public var at: Int64

    public init(
        kind: Kind, severity: Severity? = nil, plan: String, summary: String, operations: [String] = [], place: String? = nil,
        affectedKeys: Int? = nil, standing: NoticeStanding? = nil, at: Int64
    ) {
        self.kind = kind
        self.severity = severity ?? (kind.staysOpen ? .critical : .minor)
        self.plan = plan
        self.summary = summary
        self.operations = operations
        self.place = place
        self.affectedKeys = affectedKeys
        self.standing = standing
        self.at = at
    }

    /// Of what stays open there is one for each plan; what is told once is each time another.
    var fingerprint: String {
        let mark = kind.rawValue + (kind.staysOpen ? "" : " \(at) \(summary)")
        let difference = Difference(path: mark, genericPath: mark, kind: .status, primary: nil, shadow: nil)
        return Fingerprint.of(operation: "rollout \(plan)", differences: [difference])
    }
}

/// What an incident keeps of the rollout's event.
struct RolloutMark: Sendable, Hashable, Codable {
    var kind: RolloutIncident.Kind
    var plan: String
    var operations: [String]
    var affectedKeys: Int?
    /// Where the mismatch was that it still has to show; nil once it does, or where there is none.
    var place: MismatchPlace?
}

/// Where an operation's answers differ, without indices.
struct MismatchPlace: Sendable, Hashable, Codable {
    var operation: String
    var path: String
}

extension IncidentDesk {
    /// Tells of a rollout's event at once; no silence hides it. A rollback or kill passes every bound of notices, stays open, and mutes the
    /// mismatches of its operations, until ``resolveRollout(plan:_:reason:at:on:)``. One that comes again while it is open mutes those of
    /// both times.
    ///
    /// - Returns: the incident's id.
    public func tell(_ event: RolloutIncident, on connection: any SQLConnection) throws -> String {
        try connection.lock(IncidentDesk.lock)
        var incident = try Incident.fetch(connection, fingerprint: event.fingerprint) ?? Incident(opening: event)
        var operations = event.operations
        let place = event.place.flatMap { path in event.operations.first.map { MismatchPlace(operation: $0, path: path) } }
        if incident.life.state == .resolved {
            incident.life.reopen(at: event.at)
        } else if let open = incident.rollout {
            let isOfAll = open.operations.isEmpty || operations.isEmpty
            operations = isOfAll ? [] : Set(open.operations + operations).sorted()
        }
        incident.count += 1
        incident.isRaised = true
        incident.lastSeen = max(incident.lastSeen, event.at)
        incident.cause = event.summary
        incident.severity = event.severity
        incident.rollout = RolloutMark(
            kind: event.kind, plan: event.plan, operations: operations, affectedKeys: event.affectedKeys, place: place)
        try incident.hideExhibit(connection)
        // Where its evidence is not kept yet, it is shown when it comes.
        if let place { try incident.showLatest(at: place, connection) }
        let announcement = try Announcement(settings: settings, connection: connection, at: event.at)
        if event.kind.staysOpen {
            let step: IncidentStep = incident.life.toldStep == nil ? .opened : .updated
            try announcement.tell([(incident, step)], group: incident.group, isUrgent: true, at: event.standing)
        } else {
            incident.life.resolve(at: event.at, because: "told once")
            try announcement.tell(
                [(incident, .resolved)], group: incident.group, isUrgent: false, as: .rollout(event.kind), at: event.standing)
        }
        return incident.id
    }

    /// What stood in the rollout's way is gone: its open rollbacks, or its open kills, are resolved, and told so.
    ///
    /// - Returns: whether there were any.
    @discardableResult
    public func resolveRollout(
        plan: String, _ kind: RolloutIncident.Kind, reason: String, at microseconds: Int64, on connection: any SQLConnection
    ) throws -> Bool {
        try connection.lock(IncidentDesk.lock)
        let open = try Incident.live(connection).filter {
            $0.rollout?.plan == plan && $0.rollout?.kind == kind && $0.life.state == .open
        }
        let announcement = try Announcement(settings: settings, connection: connection, at: microseconds)
        for var incident in open {
            incident.life.resolve(at: microseconds, because: reason)
            try announcement.tell([(incident, .resolved)], group: incident.group, isUrgent: true)
        }
        return !open.isEmpty
    }
}
