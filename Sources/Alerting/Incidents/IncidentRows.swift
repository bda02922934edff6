import Comparison
import Foundation
import Verdicts

/// Incidents as rows of their table.
extension Incident {
    private static let columns = """
        fingerprint, operation, kind, path, difference_kind, severity, first_seen, last_seen, count, cascades, noise, persistence, \
        sample_evidence, legacy_value, candidate_value, cause, raised, state, opened_at, disagreed_at, sequence, told_step, told_at, \
        told_count, told_severity, told_channels, clean, resolved_at, resolved_because, rollout
        """

    private init(_ row: SQLRow) throws {
        fingerprint = try row.text(0)
        operation = try row.text(1)
        kind = try row.text(2)
        path = try row.text(3)
        differenceKind = try row.textIfAny(4)
        severity = Severity(rawValue: try row.text(5)) ?? .major
        firstSeen = try row.integer(6)
        lastSeen = try row.integer(7)
        count = Int(try row.integer(8))
        cascades = Int(try row.integer(9))
        noise = Int(try row.integer(10))
        persistence = Persistence(rawValue: try row.text(11)) ?? .unconfirmed
        sampleEvidence = try row.text(12)
        legacyValue = try row.textIfAny(13)
        candidateValue = try row.textIfAny(14)
        cause = try row.textIfAny(15)
        isRaised = try row.flag(16)
        life = IncidentLife(openedAt: try row.integerIfAny(18) ?? firstSeen)
        life.state = IncidentLife.State(rawValue: try row.text(17)) ?? .open
        life.disagreedAt = try row.integerIfAny(19) ?? lastSeen
        life.sequence = Int(try row.integer(20))
        life.toldStep = try row.textIfAny(21).flatMap { IncidentStep(rawValue: $0) }
        life.toldAt = try row.integerIfAny(22)
        life.toldCount = Int(try row.integer(23))
        life.toldSeverity = try row.textIfAny(24).flatMap { Severity(rawValue: $0) }
        life.toldChannels = Set(NoticeJSON.decode([String].self, try row.text(25)) ?? [])
        life.clean = Int(try row.integer(26))
        life.resolvedAt = try row.integerIfAny(27)
        life.resolvedBecause = try row.textIfAny(28)
        rollout = try row.textIfAny(29).flatMap { NoticeJSON.decode(RolloutMark.self, $0) }
    }

    func save(_ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO incident (\(Self.columns))
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (fingerprint) DO UPDATE SET severity = excluded.severity, last_seen = excluded.last_seen,
                count = excluded.count, cascades = excluded.cascades, noise = excluded.noise, persistence = excluded.persistence,
                sample_evidence = excluded.sample_evidence, legacy_value = excluded.legacy_value,
                candidate_value = excluded.candidate_value, cause = excluded.cause, raised = excluded.raised,
                state = excluded.state, opened_at = excluded.opened_at, disagreed_at = excluded.disagreed_at,
                sequence = excluded.sequence, told_step = excluded.told_step, told_at = excluded.told_at,
                told_count = excluded.told_count, told_severity = excluded.told_severity,
                told_channels = excluded.told_channels, clean = excluded.clean, resolved_at = excluded.resolved_at,
                resolved_because = excluded.resolved_because, rollout = excluded.rollout
            """,
            [
                .text(fingerprint), .text(operation), .text(kind), .text(path), SQLValue(differenceKind),
                .text(severity.rawValue), .integer(firstSeen), .integer(lastSeen), SQLValue(count), SQLValue(cascades),
                SQLValue(noise), .text(persistence.rawValue), .text(sampleEvidence), SQLValue(legacyValue),
                SQLValue(candidateValue), SQLValue(cause), SQLValue(isRaised),
            ] + lifeValues)
        guard let exhibit else { return }
        try connection.execute(
            "UPDATE incident SET sample = ? WHERE fingerprint = ?", [.text(exhibit.json), .text(fingerprint)])
    }

    /// With what notices show of its evidence, which is read for them alone: it may be long, and an incident is counted often.
    func withExhibit(_ connection: any SQLConnection) throws -> Incident {
        var incident = self
        if incident.exhibit == nil {
            let row = try connection.rows("SELECT sample FROM incident WHERE fingerprint = ?", [.text(fingerprint)]).first
            incident.exhibit = IncidentExhibit(json: try row?.textIfAny(0))
        }
        return incident
    }

    private var lifeValues: [SQLValue] {
        [
            .text(life.state.rawValue), .integer(life.openedAt), .integer(life.disagreedAt), SQLValue(life.sequence),
            SQLValue(life.toldStep?.rawValue), SQLValue(life.toldAt), SQLValue(life.toldCount),
            SQLValue(life.toldSeverity?.rawValue), .text(NoticeJSON.encode(life.toldChannels.sorted())), SQLValue(life.clean),
            SQLValue(life.resolvedAt), SQLValue(life.resolvedBecause), SQLValue(rollout.map { NoticeJSON.encode($0) }),
        ]
    }

    static func fetch(_ connection: any SQLConnection, fingerprint: String) throws -> Incident? {
        try connection.rows("SELECT \(columns) FROM incident WHERE fingerprint = ?", [.text(fingerprint)]).first.map {
            try Incident($0)
        }
    }

    /// The latest first.
    static func latest(_ connection: any SQLConnection, _ limit: Int) throws -> [Incident] {
        try connection.rows(
            "SELECT \(columns) FROM incident ORDER BY last_seen DESC, fingerprint LIMIT ?", [SQLValue(limit)]
        ).map { try Incident($0) }
    }

    /// Those that are open, and those whose end has yet to be told; of one group or of all, in the order in which they opened.
    static func live(_ connection: any SQLConnection, group: String? = nil) throws -> [Incident] {
        let condition = group == nil ? "" : " AND operation = ?"
        return try connection.rows(
            """
            SELECT \(columns) FROM incident WHERE raised <> 0 AND (state = 'open' OR told_step IS NULL OR told_step <> 'resolved')\(condition)
            ORDER BY opened_at, fingerprint
            """, group.map { [.text($0)] } ?? []
        ).map { try Incident($0) }
    }
}
