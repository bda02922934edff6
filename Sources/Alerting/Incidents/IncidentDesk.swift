public import GRDB
public import Verdicts

/// Turns evidence into incidents: one for each fingerprint. What can't wait is told in the transaction that keeps the evidence, the rest by
/// the ``IncidentKeeper``; repeats are folded into counts. So an alert that counts as raised is on disk.
///
/// - A mismatch that follows from an earlier one of the same key (`cascadeOf`) is counted with that one's incident, while that is open.
/// - Noise (the primary disagrees with itself) is counted and raises nothing.
/// - A resolved incident that is seen again opens anew.
///
/// The same rules hold on every store. Where many write to one, an incident is read, changed and written under a lock: whoever comes second
/// finds it open.
public struct IncidentDesk: EvidenceObserver {
    let settings: AlertSettings
    private let wakeCourier: @Sendable () -> Void
    private let nowMicroseconds: @Sendable () -> Int64

    /// - Parameter wakeCourier: called after each transaction that kept evidence.
    public init(
        settings: AlertSettings, wakeCourier: @escaping @Sendable () -> Void,
        nowMicroseconds: @escaping @Sendable () -> Int64 = SystemTime.microseconds
    ) {
        self.settings = settings
        self.wakeCourier = wakeCourier
        self.nowMicroseconds = nowMicroseconds
    }

    public func observe(_ batch: [Evidence], in db: Database) throws { try observe(batch, on: SQLiteConnection(db)) }

    public func committed() {
        settings.pass(.committed)
        wakeCourier()
    }

    /// Files evidence in the transaction that stores it.
    ///
    /// - Parameter alerted: ids of evidence whose incident has been told elsewhere: one that it opens writes no notice.
    public func observe(_ batch: [Evidence], on connection: any SQLConnection, alerted: Set<String> = []) throws {
        settings.pass(.evidenceStored)
        let concerning = batch.filter(IncidentDesk.concerns)
        if !concerning.isEmpty { try connection.lock(IncidentDesk.lock) }
        var changed: Set<String> = []
        for evidence in concerning where try file(evidence, connection, isAlerted: alerted.contains(evidence.id)) {
            changed.insert(evidence.operation)
            settings.pass(.incidentWritten)
        }
        var shown: [Incident] = []
        for var rollback in concerning.isEmpty ? [] : try Incident.wanting(connection) {
            for evidence in concerning {
                guard rollback.show(evidence, settings: settings) else { continue }
                shown.append(rollback)
                break
            }
        }
        if !changed.isEmpty || !shown.isEmpty {
            // Now, not when it was recorded: what comes after an outage is under the silences and bounds of today.
            let announcement = try Announcement(settings: settings, connection: connection, at: nowMicroseconds())
            for rollback in shown { try announcement.tellShown(rollback) }
            for operation in changed.sorted() { _ = try announcement.tellUrgent(of: operation) }
        }
        if let first = batch.first { try forgetRoots(before: first.recordedAtMicroseconds - IncidentDesk.rootsKept, connection) }
    }

    /// Counts a warning, and raises its incident when it is the first. It is told once.
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
        if incident.life.state == .resolved { incident.life.reopen(at: microseconds) }
        incident.count += occurrences
        incident.lastSeen = max(incident.lastSeen, microseconds)
        incident.cause = warning.cause
        incident.severity = warning.severity
        incident.isRaised = true
        try incident.save(connection)
        if incident.life.toldStep == nil {
            _ = try Announcement(settings: settings, connection: connection, at: microseconds).tellUrgent(of: incident.group)
        }
    }

    static let lock = "incidents"

    private static func concerns(_ evidence: Evidence) -> Bool {
        evidence.trouble != .other || evidence.persistence == .noise
    }

    /// Counts one piece of evidence.
    ///
    /// - Returns: whether its incident opened or became graver, so that there is news of its operation.
    private func file(_ evidence: Evidence, _ connection: any SQLConnection, isAlerted: Bool) throws -> Bool {
        // After its root was resolved it speaks for itself: nobody would hear of it else.
        if let root = evidence.cascadeOf, root != evidence.id, var incident = try rootIncident(root, connection),
            incident.life.state == .open || evidence.recordedAtMicroseconds < incident.life.disagreedAt
        {
            incident.cascades += 1
            return try note(evidence, &incident, connection)
        }
        var incident = try Incident.fetch(connection, fingerprint: evidence.fingerprint) ?? Incident(opening: evidence)
        if evidence.persistence == .noise {
            incident.noise += 1
            incident.lastSeen = max(incident.lastSeen, evidence.recordedAtMicroseconds)
            try incident.save(connection)
            return false
        }
        incident.count += 1
        incident.persistence = evidence.persistence
        // What is older than the disagreement that was resolved is no new one.
        let isNews = incident.life.state == .resolved && evidence.recordedAtMicroseconds >= incident.life.disagreedAt
        if !incident.isRaised || isNews {
            let opened = Incident(opening: evidence)
            incident.sampleEvidence = opened.sampleEvidence
            incident.legacyValue = opened.legacyValue
            incident.candidateValue = opened.candidateValue
            incident.severity = opened.severity
            incident.exhibit = IncidentExhibit(evidence, settings: settings)
            incident.life.reopen(at: evidence.recordedAtMicroseconds)
            incident.isRaised = true
            if isAlerted { incident.noteToldElsewhere(at: evidence.recordedAtMicroseconds) }
        }
        let hasNews = try note(evidence, &incident, connection)
        if evidence.verdict == .mismatch {
            try connection.execute(
                "INSERT INTO incident_root (evidence, fingerprint) VALUES (?, ?) ON CONFLICT (evidence) DO NOTHING",
                [.text(evidence.id), .text(incident.fingerprint)])
        }
        return hasNews
    }

    private func note(_ evidence: Evidence, _ incident: inout Incident, _ connection: any SQLConnection) throws -> Bool {
        incident.lastSeen = max(incident.lastSeen, evidence.recordedAtMicroseconds)
        incident.severity = max(incident.severity, evidence.severity)
        incident.life.disagree(at: evidence.recordedAtMicroseconds)
        try incident.save(connection)
        return incident.isRaised && (incident.life.toldStep == nil || incident.isGraver)
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
}
