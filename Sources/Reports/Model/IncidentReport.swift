public import Comparison
public import Foundation

/// One kind of disagreement: all mismatches with the same fingerprint.
public struct IncidentReport: Codable, Sendable {
    public var fingerprint: String
    public var operation: String
    /// What it is about: `mismatch`, `shadow-error`, `shadow-timeout`, `diverged` …
    public var kind: String
    /// Where, without indices or values: `$.items[].amount`.
    public var path: String
    public var severity: Severity
    public var count: Int
    /// Mismatches of the same keys that followed from these.
    public var cascades: Int
    public var firstSeen: Date
    public var lastSeen: Date
    public var sample: IncidentSample?

    public init(
        fingerprint: String, operation: String, kind: String, path: String, severity: Severity, count: Int, cascades: Int = 0,
        firstSeen: Date,
        lastSeen: Date, sample: IncidentSample? = nil
    ) {
        self.fingerprint = fingerprint
        self.operation = operation
        self.kind = kind
        self.path = path
        self.severity = severity
        self.count = count
        self.cascades = cascades
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.sample = sample
    }
}

/// One piece of evidence of an incident, with both sides' values.
public struct IncidentSample: Codable, Sendable {
    /// What `countersign replay` takes.
    public var evidenceID: String
    public var method: String
    public var target: String
    public var keys: [String]
    /// The instant both sides were given, RFC 3339.
    public var instant: String
    public var cause: String?
    public var legacyStatus: Int?
    public var candidateStatus: Int?
    public var differences: [ReportedDifference]
    /// A command line that shows it again.
    public var reproduce: String

    public init(
        evidenceID: String, method: String, target: String, keys: [String], instant: String, cause: String? = nil,
        legacyStatus: Int? = nil, candidateStatus: Int? = nil, differences: [ReportedDifference] = [], reproduce: String
    ) {
        self.evidenceID = evidenceID
        self.method = method
        self.target = target
        self.keys = keys
        self.instant = instant
        self.cause = cause
        self.legacyStatus = legacyStatus
        self.candidateStatus = candidateStatus
        self.differences = differences
        self.reproduce = reproduce
    }
}

/// A difference by system, not by part: whoever answered the caller, legacy stands left.
public struct ReportedDifference: Codable, Sendable {
    public var path: String
    public var kind: DifferenceKind
    public var severity: Severity
    public var tolerated: Bool
    /// As written on the wire; nil when absent there.
    public var legacy: String?
    public var candidate: String?

    public init(
        path: String, kind: DifferenceKind, severity: Severity, tolerated: Bool = false, legacy: String?, candidate: String?
    ) {
        self.path = path
        self.kind = kind
        self.severity = severity
        self.tolerated = tolerated
        self.legacy = legacy
        self.candidate = candidate
    }
}
