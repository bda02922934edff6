import Verdicts

/// For a while, what fits it is not told: its evidence is stored and counted as ever. A rollout's events are never silenced.
public struct Silence: Sendable, Hashable {
    public var id: Int64
    /// Nil: of any operation.
    public var operation: String?
    /// Of an incident; nil: any.
    public var fingerprint: String?
    public var author: String
    public var reason: String
    /// Microseconds since 1970.
    public var startsAt: Int64
    public var endsAt: Int64
    /// Who ended it early.
    public var endedBy: String?

    private static let columns = "id, operation, fingerprint, author, reason, starts_at, ends_at, ended_by"

    private init(_ row: SQLRow) throws {
        id = try row.integer(0)
        operation = try row.textIfAny(1)
        fingerprint = try row.textIfAny(2)
        author = try row.text(3)
        reason = try row.text(4)
        startsAt = try row.integer(5)
        endsAt = try row.integer(6)
        endedBy = try row.textIfAny(7)
    }

    func fits(_ incident: Incident) -> Bool {
        guard incident.rollout == nil else { return false }
        return operation.map { $0 == incident.operation } ?? true && fingerprint.map { $0 == incident.fingerprint } ?? true
    }

    /// Those that hold at that instant; the latest first.
    static func holding(at microseconds: Int64, _ connection: any SQLConnection) throws -> [Silence] {
        try connection.rows(
            "SELECT \(columns) FROM silence WHERE starts_at <= ? AND ends_at > ? ORDER BY id DESC",
            [.integer(microseconds), .integer(microseconds)]
        ).map { try Silence($0) }
    }

    static func latest(_ connection: any SQLConnection, _ limit: Int) throws -> [Silence] {
        try connection.rows("SELECT \(columns) FROM silence ORDER BY id DESC LIMIT ?", [SQLValue(limit)]).map { try Silence($0) }
    }

    static func insert(
        operation: String?, fingerprint: String?, author: String, reason: String, from: Int64, to: Int64,
        _ connection: any SQLConnection
    ) throws -> Silence? {
        try connection.rows(
            """
            INSERT INTO silence (operation, fingerprint, author, reason, starts_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)
            RETURNING \(columns)
            """,
            [SQLValue(operation), SQLValue(fingerprint), .text(author), .text(reason), .integer(from), .integer(to)]
        ).first.map { try Silence($0) }
    }

    /// False when none of that id holds any more.
    static func end(_ id: Int64, by author: String, at microseconds: Int64, _ connection: any SQLConnection) throws -> Bool {
        try connection.rows(
            "UPDATE silence SET ends_at = ?, ended_by = ? WHERE id = ? AND ends_at > ? RETURNING id",
            [.integer(microseconds), .text(author), .integer(id), .integer(microseconds)]
        ).count == 1
    }
}

/// Why an incident is not told now.
struct Mutes {
    private let silences: [Silence]
    /// Of rollbacks and kills that are open: whose mismatches are theirs.
    private let rollouts: [RolloutMark]

    init(at microseconds: Int64, _ connection: any SQLConnection) throws {
        silences = try Silence.holding(at: microseconds, connection)
        rollouts = try connection.rows(
            "SELECT rollout FROM incident WHERE rollout IS NOT NULL AND state = 'open'"
        ).compactMap { NoticeJSON.decode(RolloutMark.self, try $0.text(0)) }
    }

    func mute(_ incident: Incident) -> Bool { isInhibited(incident) || silences.contains { $0.fits(incident) } }

    private func isInhibited(_ incident: Incident) -> Bool {
        incident.kind == Trouble.mismatch.rawValue
            && rollouts.contains { $0.operations.isEmpty || $0.operations.contains(incident.operation) }
    }
}
