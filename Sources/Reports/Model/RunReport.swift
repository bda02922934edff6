public import Foundation
public import Verdicts

/// What a run proved, as one value: everything the HTML, Markdown and JSON reports show, and nothing else.
///
/// Written as JSON it is a format of its own (``schema``), so that a report of last year can be rendered next year.
public struct RunReport: Codable, Sendable {
    /// The JSON's schema; a reader refuses every other.
    public static let schema = "countersign.report/1"

    public var schema: String = RunReport.schema
    public var generatedAt: Date
    /// When the counts began and when the last of them was taken; nil when it is not known.
    public var since: Date?
    public var until: Date?
    public var plan: PlanSummary
    /// One for each operation that was seen, the unnamed last.
    public var operations: [OperationCounts]
    public var received: Int
    public var inFlight: Int
    public var awaitingComparison: Int
    /// Latest first seen first, the gravest before others.
    public var incidents: [IncidentReport]
    public var latencies: [LatencyReport]
    /// Keys that are not simply trusted.
    public var keys: [KeyReport]
    /// Bounds that were reached, and how often (`evidence dropped`, `shadow backlog`, …).
    public var bounds: [BoundReport]

    public init(
        generatedAt: Date, since: Date? = nil, until: Date? = nil, plan: PlanSummary, operations: [OperationCounts] = [],
        received: Int = 0, inFlight: Int = 0, awaitingComparison: Int = 0, incidents: [IncidentReport] = [],
        latencies: [LatencyReport] = [], keys: [KeyReport] = [], bounds: [BoundReport] = []
    ) {
        self.generatedAt = generatedAt
        self.since = since
        self.until = until
        self.plan = plan
        self.operations = operations
        self.received = received
        self.inFlight = inFlight
        self.awaitingComparison = awaitingComparison
        self.incidents = incidents
        self.latencies = latencies
        self.keys = keys
        self.bounds = bounds
    }
}

/// The plan in the few words that a reader of a report needs.
public struct PlanSummary: Codable, Sendable {
    public var legacy: String
    public var candidate: String
    /// Share of the keys that the candidate answers, in thousandths of a per cent: 0 … 100 000.
    public var candidateShare: Int
    /// Where the plan came from: a file's name, or `no file`.
    public var source: String

    public init(legacy: String, candidate: String, candidateShare: Int = 0, source: String) {
        self.legacy = legacy
        self.candidate = candidate
        self.candidateShare = candidateShare
        self.source = source
    }
}

/// A bound of the proxy and how often it was reached.
public struct BoundReport: Codable, Sendable {
    public var name: String
    public var count: Int

    public init(name: String, count: Int) {
        self.name = name
        self.count = count
    }
}

/// A key that is behind, unverified or diverged.
public struct KeyReport: Codable, Sendable {
    public enum Standing: String, Codable, Sendable, CaseIterable {
        case behind
        case unverified
        case diverged
    }

    public var key: String
    public var standing: Standing
    public var cause: String
    /// Writes that wait to be caught up.
    public var writes: Int?

    public init(key: String, standing: Standing, cause: String, writes: Int? = nil) {
        self.key = key
        self.standing = standing
        self.cause = cause
        self.writes = writes
    }
}
