public import Comparison
public import Verdicts

/// Everything known about one kind of disagreement: all evidence with the same fingerprint.
public struct Incident: Sendable {
    public var fingerprint: String
    public var operation: String
    /// The trouble's name (`mismatch`, `shadow-error`, `shadow-timeout`, `diverged`), a warning's, or a rollout event's (`rollback`, `kill` …).
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
    /// Whether it is worth telling; false while only noise was seen.
    public var isRaised: Bool
    public var life: IncidentLife
    /// What notices show of the evidence that opened it: there as it opens, and in a notice. Nil where there is no evidence.
    var exhibit: IncidentExhibit?
    /// Of an incident that a rollout's event is.
    var rollout: RolloutMark?
    /// Whether it is an event of the rollout, which no silence hides.
    public var isOfRollout: Bool { rollout != nil }

    /// The id that receivers see.
    public var id: String { "inc_" + fingerprint }
    /// What is told together: the incidents of one operation, or the events of one rollout plan.
    public var group: String { rollout.map { "rollout \($0.plan)" } ?? operation }
    /// Whether it stays open until there is evidence against it. A warning is told once.
    var hasEvidence: Bool { Trouble(rawValue: kind) != nil }

    /// A new incident that begins with this evidence.
    init(opening evidence: Evidence) {
        let first = evidence.differences.first { !$0.tolerated }
        let primaryIsLegacy = evidence.primaryIsLegacy
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
        life = IncidentLife(openedAt: firstSeen)
    }

    /// A new incident of the verification itself, of which there is no evidence.
    init(opening warning: IncidentWarning, at microseconds: Int64) {
        self.init(
            fingerprint: warning.fingerprint, operation: warning.operation, kind: warning.kind, severity: warning.severity,
            at: microseconds, cause: warning.cause, isRaised: false)
    }

    /// A new incident that is an event of the rollout.
    init(opening event: RolloutIncident) {
        self.init(
            fingerprint: event.fingerprint, operation: event.plan, kind: event.kind.rawValue, severity: event.severity,
            at: event.at, cause: event.summary, isRaised: true)
    }

    /// One without evidence.
    private init(
        fingerprint: String, operation: String, kind: String, severity: Severity, at microseconds: Int64, cause: String?,
        isRaised: Bool
    ) {
        self.fingerprint = fingerprint
        self.operation = operation
        self.kind = kind
        path = ""
        differenceKind = nil
        self.severity = severity
        firstSeen = microseconds
        lastSeen = microseconds
        count = 0
        cascades = 0
        noise = 0
        persistence = .unconfirmed
        sampleEvidence = ""
        legacyValue = nil
        candidateValue = nil
        self.cause = cause
        self.isRaised = isRaised
        life = IncidentLife(openedAt: microseconds)
    }
}
