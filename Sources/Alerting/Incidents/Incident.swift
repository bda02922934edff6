public import Comparison
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

    /// A new incident of the verification itself, of which there is no evidence.
    init(opening warning: IncidentWarning, at microseconds: Int64) {
        fingerprint = warning.fingerprint
        operation = warning.operation
        kind = warning.kind
        path = ""
        differenceKind = nil
        severity = .minor
        firstSeen = microseconds
        lastSeen = microseconds
        count = 0
        cascades = 0
        noise = 0
        persistence = .unconfirmed
        sampleEvidence = ""
        legacyValue = nil
        candidateValue = nil
        cause = warning.cause
        isRaised = false
    }

    // MARK: Rows

    private static let columns = """
        fingerprint, operation, kind, path, difference_kind, severity, first_seen, last_seen, count, cascades, noise, persistence, \
        sample_evidence, legacy_value, candidate_value, cause, raised
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
    }

    func save(_ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO incident (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (fingerprint) DO UPDATE SET severity = excluded.severity, last_seen = excluded.last_seen,
                count = excluded.count, cascades = excluded.cascades, noise = excluded.noise, persistence = excluded.persistence,
                sample_evidence = excluded.sample_evidence, legacy_value = excluded.legacy_value,
                candidate_value = excluded.candidate_value, cause = excluded.cause, raised = excluded.raised
            """,
            [
                .text(fingerprint), .text(operation), .text(kind), .text(path), SQLValue(differenceKind),
                .text(severity.rawValue), .integer(firstSeen), .integer(lastSeen), SQLValue(count), SQLValue(cascades),
                SQLValue(noise), .text(persistence.rawValue), .text(sampleEvidence), SQLValue(legacyValue),
                SQLValue(candidateValue), SQLValue(cause), SQLValue(isRaised),
            ])
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
}
