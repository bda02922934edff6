public import Comparison
import GRDB
public import Verdicts

/// Everything known about one kind of disagreement: all evidence with the same fingerprint.
public struct Incident: Sendable {
    public var fingerprint: String
    public var operation: String
    /// The trouble's name: `mismatch`, `shadow-error`, `shadow-timeout`, `diverged`.
    public var kind: String
    /// The first untolerated difference's path without indices; empty where nothing was compared.
    public var path: String
    public var differenceKind: String?
    public var severity: Severity
    /// Microseconds since 1970.
    public var firstSeen: Int64
    public var lastSeen: Int64
    public var count: Int
    /// Later mismatches of the same keys that followed from one of these.
    public var cascades: Int
    /// Times that the primary disagreed with itself there; they raise no alert.
    public var noise: Int
    /// Of the latest evidence.
    public var persistence: Persistence
    /// Id of the evidence that opened it.
    public var sampleEvidence: String
    public var legacyValue: String?
    public var candidateValue: String?
    public var cause: String?
    /// Whether its notices are written; false while only noise was seen.
    public var isRaised: Bool

    /// The id that receivers see.
    public var id: String { "inc_" + fingerprint }

    /// A new incident that begins with this evidence.
    init(opening evidence: Evidence) {
        let first = evidence.differences.first { !$0.tolerated }
        let primaryIsLegacy = (evidence.primary?.side ?? evidence.shadow?.side.other ?? .legacy) == .legacy
        fingerprint = evidence.fingerprint
        operation = evidence.operation
        kind = (evidence.persistence == .noise ? Trouble.mismatch : evidence.trouble).rawValue
        path = first?.genericPath ?? ""
        differenceKind = first?.kind.rawValue
        severity = evidence.severity
        firstSeen = evidence.recordedAtMicroseconds
        lastSeen = evidence.recordedAtMicroseconds
        count = 0
        cascades = 0
        noise = 0
        persistence = evidence.persistence
        sampleEvidence = evidence.id
        legacyValue = primaryIsLegacy ? first?.primary : first?.shadow
        candidateValue = primaryIsLegacy ? first?.shadow : first?.primary
        cause = evidence.cause
        isRaised = false
    }

    init(_ row: Row) {
        fingerprint = row["fingerprint"]
        operation = row["operation"]
        kind = row["kind"]
        path = row["path"]
        differenceKind = row["difference_kind"]
        severity = Severity(rawValue: row["severity"] as String) ?? .major
        firstSeen = row["first_seen"]
        lastSeen = row["last_seen"]
        count = row["count"]
        cascades = row["cascades"]
        noise = row["noise"]
        persistence = Persistence(rawValue: row["persistence"] as String) ?? .unconfirmed
        sampleEvidence = row["sample_evidence"]
        legacyValue = row["legacy_value"]
        candidateValue = row["candidate_value"]
        cause = row["cause"]
        isRaised = row["raised"]
    }

    func save(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO incident (fingerprint, operation, kind, path, difference_kind, severity, first_seen, last_seen,
                    count, cascades, noise, persistence, sample_evidence, legacy_value, candidate_value, cause, raised)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                fingerprint, operation, kind, path, differenceKind, severity.rawValue, firstSeen, lastSeen, count, cascades,
                noise,
                persistence.rawValue, sampleEvidence, legacyValue, candidateValue, cause, isRaised,
            ])
    }

    static func fetch(_ db: Database, fingerprint: String) throws -> Incident? {
        try Row.fetchOne(db, sql: "SELECT * FROM incident WHERE fingerprint = ?", arguments: [fingerprint]).map(Incident.init)
    }
}
