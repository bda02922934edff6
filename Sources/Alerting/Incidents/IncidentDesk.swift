public import GRDB
public import Verdicts

/// Turns evidence into incidents: one for each fingerprint. The first sight writes a notice for every channel, in the transaction
/// that keeps the evidence; repeats are folded into counts. So an alert that counts as raised is on disk.
///
/// - A mismatch that follows from an earlier one of the same key (`cascadeOf`) is counted with that one's incident.
/// - Noise (the primary disagrees with itself) is counted and raises nothing.
///
/// The same rules hold on every store. Where many write to one, an incident is read, changed and written under a lock: whoever comes second
/// finds it open.
public struct IncidentDesk: EvidenceObserver {
    private let settings: AlertSettings
    private let wakeCourier: @Sendable () -> Void

    /// - Parameter wakeCourier: called after each transaction that kept evidence.
    public init(settings: AlertSettings, wakeCourier: @escaping @Sendable () -> Void) {
        self.settings = settings
        self.wakeCourier = wakeCourier
    }

    public func observe(_ batch: [Evidence], in db: Database) throws { try observe(batch, on: SQLiteConnection(db)) }

    public func committed() { wakeCourier() }

    /// Files evidence in the transaction that stores it.
    ///
    /// - Parameter alerted: ids of evidence whose incident has been told elsewhere: one that it opens writes no notice.
    public func observe(_ batch: [Evidence], on connection: any SQLConnection, alerted: Set<String> = []) throws {
        let concerning = batch.filter(IncidentDesk.concerns)
        if !concerning.isEmpty { try connection.lock(IncidentDesk.lock) }
        for evidence in concerning { try file(evidence, connection, isAlerted: alerted.contains(evidence.id)) }
        if let first = batch.first { try forgetRoots(before: first.recordedAtMicroseconds - IncidentDesk.rootsKept, connection) }
    }

    /// Counts a warning, and raises its incident when it is the first.
    ///
    /// - Parameters:
    ///   - occurrences: how many times it is to be counted.
    ///   - microseconds: now, since 1970.
    public func warn(
        _ warning: IncidentWarning, occurrences: Int, at microseconds: Int64, on connection: any SQLConnection
    ) throws {
        try connection.lock(IncidentDesk.lock)
        var incident =
            try Incident.fetch(connection, fingerprint: warning.fingerprint) ?? Incident(opening: warning, at: microseconds)
        incident.count += occurrences
        incident.lastSeen = max(incident.lastSeen, microseconds)
        if !incident.isRaised {
            incident.isRaised = true
            try raise(IncidentNotice(warning: incident, cause: warning.cause), "\(microseconds)", microseconds, connection)
        }
        try incident.save(connection)
    }

    private static let lock = "incidents"

    private static func concerns(_ evidence: Evidence) -> Bool {
        evidence.trouble != .other || evidence.persistence == .noise
    }

    /// Counts one piece of evidence, and raises its incident when it is the first.
    private func file(_ evidence: Evidence, _ connection: any SQLConnection, isAlerted: Bool) throws {
        if let root = evidence.cascadeOf, root != evidence.id, var incident = try rootIncident(root, connection) {
            incident.cascades += 1
            incident.lastSeen = max(incident.lastSeen, evidence.recordedAtMicroseconds)
            incident.severity = max(incident.severity, evidence.severity)
            return try incident.save(connection)
        }
        var incident = try Incident.fetch(connection, fingerprint: evidence.fingerprint) ?? Incident(opening: evidence)
        incident.lastSeen = max(incident.lastSeen, evidence.recordedAtMicroseconds)
        if evidence.persistence == .noise {
            incident.noise += 1
            return try incident.save(connection)
        }
        incident.count += 1
        incident.severity = max(incident.severity, evidence.severity)
        incident.persistence = evidence.persistence
        if !incident.isRaised {
            let opened = Incident(opening: evidence)
            incident.sampleEvidence = opened.sampleEvidence
            incident.legacyValue = opened.legacyValue
            incident.candidateValue = opened.candidateValue
            incident.isRaised = true
            if !isAlerted {
                try raise(
                    IncidentNotice(incident: incident, evidence: evidence, settings: settings), evidence.id,
                    evidence.recordedAtMicroseconds, connection)
            }
        }
        try incident.save(connection)
        if evidence.verdict == .mismatch {
            try connection.execute(
                "INSERT INTO incident_root (evidence, fingerprint) VALUES (?, ?) ON CONFLICT (evidence) DO NOTHING",
                [.text(evidence.id), .text(incident.fingerprint)])
        }
    }

    /// A week: a mismatch whose root is older speaks for itself.
    private static let rootsKept: Int64 = 7 * 86_400_000_000

    /// Roots are named by time-ordered ids (UUID version 7), whose first 48 bits are milliseconds.
    private func forgetRoots(before: Int64, _ connection: any SQLConnection) throws {
        guard before > 0 else { return }
        let digits = String(before / 1_000, radix: 16)
        let stamp = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        let oldest = stamp.prefix(8) + "-" + stamp.dropFirst(8)
        try connection.execute("DELETE FROM incident_root WHERE evidence < ?", [.text(String(oldest))])
    }

    private func rootIncident(_ evidence: String, _ connection: any SQLConnection) throws -> Incident? {
        guard
            let row = try connection.rows("SELECT fingerprint FROM incident_root WHERE evidence = ?", [.text(evidence)]).first
        else { return nil }
        return try Incident.fetch(connection, fingerprint: try row.text(0))
    }

    /// - Parameter opener: what opened it, so that the notice's id is the same whoever writes it.
    private func raise(
        _ notice: IncidentNotice, _ opener: String, _ nowMicroseconds: Int64, _ connection: any SQLConnection
    ) throws {
        for channel in settings.channels {
            try NoticeRow.insert(
                connection, webhookID: "\(notice.incident.id)_\(opener)_\(channel.name)", channel: channel.name,
                fingerprint: notice.incident.fingerprint, body: notice.body(for: channel.format),
                nowMicroseconds: nowMicroseconds)
        }
    }
}
