public import GRDB
public import Verdicts

/// Turns evidence into incidents: one for each fingerprint. The first sight writes a notice for every channel, in the transaction
/// that keeps the evidence; repeats are folded into counts. So an alert that counts as raised is on disk.
///
/// - A mismatch that follows from an earlier one of the same key (`cascadeOf`) is counted with that one's incident.
/// - Noise (the primary disagrees with itself) is counted and raises nothing.
public struct IncidentDesk: EvidenceObserver {
    private let settings: AlertSettings
    private let wakeCourier: @Sendable () -> Void

    /// - Parameter wakeCourier: called after each transaction that kept evidence.
    public init(settings: AlertSettings, wakeCourier: @escaping @Sendable () -> Void) {
        self.settings = settings
        self.wakeCourier = wakeCourier
    }

    public func observe(_ batch: [Evidence], in db: Database) throws {
        for evidence in batch where IncidentDesk.concerns(evidence) { try file(evidence, db) }
        if let first = batch.first { try forgetRoots(before: first.recordedAtMicroseconds - IncidentDesk.rootsKept, db) }
    }

    public func committed() { wakeCourier() }

    private static func concerns(_ evidence: Evidence) -> Bool {
        evidence.trouble != .other || evidence.persistence == .noise
    }

    /// Counts one piece of evidence, and raises its incident when it is the first.
    private func file(_ evidence: Evidence, _ db: Database) throws {
        if let root = evidence.cascadeOf, root != evidence.id, var incident = try rootIncident(root, db) {
            incident.cascades += 1
            incident.lastSeen = max(incident.lastSeen, evidence.recordedAtMicroseconds)
            incident.severity = max(incident.severity, evidence.severity)
            return try incident.save(db)
        }
        var incident = try Incident.fetch(db, fingerprint: evidence.fingerprint) ?? Incident(opening: evidence)
        incident.lastSeen = max(incident.lastSeen, evidence.recordedAtMicroseconds)
        if evidence.persistence == .noise {
            incident.noise += 1
            return try incident.save(db)
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
            try raise(incident, evidence, db)
        }
        try incident.save(db)
        if evidence.verdict == .mismatch {
            try db.execute(
                sql: "INSERT OR REPLACE INTO incident_root (evidence, fingerprint) VALUES (?, ?)",
                arguments: [evidence.id, incident.fingerprint])
        }
    }

    /// A week: a mismatch whose root is older speaks for itself.
    private static let rootsKept: Int64 = 7 * 86_400_000_000

    /// Roots are named by time-ordered ids (UUID version 7), whose first 48 bits are milliseconds.
    private func forgetRoots(before: Int64, _ db: Database) throws {
        guard before > 0 else { return }
        let digits = String(before / 1_000, radix: 16)
        let stamp = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        let oldest = stamp.prefix(8) + "-" + stamp.dropFirst(8)
        try db.cachedStatement(sql: "DELETE FROM incident_root WHERE evidence < ?").execute(arguments: [String(oldest)])
    }

    private func rootIncident(_ evidence: String, _ db: Database) throws -> Incident? {
        guard
            let fingerprint = try String.fetchOne(
                db, sql: "SELECT fingerprint FROM incident_root WHERE evidence = ?", arguments: [evidence])
        else { return nil }
        return try Incident.fetch(db, fingerprint: fingerprint)
    }

    private func raise(_ incident: Incident, _ evidence: Evidence, _ db: Database) throws {
        let notice = IncidentNotice(incident: incident, evidence: evidence, settings: settings)
        for channel in settings.channels {
            try NoticeRow.insert(
                db, webhookID: "\(incident.id)_\(evidence.id)_\(channel.name)", channel: channel.name,
                fingerprint: incident.fingerprint,
                body: notice.body(for: channel.format), nowMicroseconds: evidence.recordedAtMicroseconds)
        }
    }
}
