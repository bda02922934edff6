public import Comparison

/// The two systems by their part in the migration, whoever of them answers the caller.
public enum Side: String, Sendable, Codable, CaseIterable {
    case legacy
    case candidate

    public var other: Side { self == .legacy ? .candidate : .legacy }
}

/// What asking both sides again said about a mismatch.
public enum Persistence: String, Sendable, Codable {
    /// Asked again, the sides still disagree.
    case persistent
    /// Asked again, they agree. On an ordered key this is still a mismatch: a stale cache looks like this.
    case transient
    /// The primary disagrees with its own first answer at the same paths.
    case noise
    /// Not asked again: a write, or the bound on rechecks was reached.
    case unconfirmed
}

/// One side's answer as it came over the wire.
public struct RecordedAnswer: Sendable, Codable {
    public var side: Side
    public var status: Int
    /// Header names and values in the order and bytes they came (values decoded as UTF-8, repaired if they are not).
    public var headers: [[String]]
    public var body: [UInt8]
    public var latencyMicroseconds: Int
    /// The whole body's length, when `body` is only what was kept of it; nil when it is whole.
    public var wholeBodyBytes: Int?

    public init(
        side: Side, status: Int, headers: [[String]], body: [UInt8], latencyMicroseconds: Int, wholeBodyBytes: Int? = nil
    ) {
        self.side = side
        self.status = status
        self.headers = headers
        self.body = body
        self.latencyMicroseconds = latencyMicroseconds
        self.wholeBodyBytes = wholeBodyBytes
    }
}

/// The caller's request as both sides got it.
public struct RecordedRequest: Sendable, Codable {
    public var method: String
    /// Path and query, untouched.
    public var target: String
    public var headers: [[String]]
    public var body: [UInt8]
    /// The instant stamped once for both sides, RFC 3339.
    public var instant: String
    /// The whole body's length, when `body` is only what was kept of it; nil when it is whole.
    public var wholeBodyBytes: Int?

    public init(
        method: String, target: String, headers: [[String]], body: [UInt8], instant: String, wholeBodyBytes: Int? = nil
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.instant = instant
        self.wholeBodyBytes = wholeBodyBytes
    }
}

/// Everything kept about one request that mattered: a mismatch, an error of the shadow, a divergence.
public struct Evidence: Sendable {
    /// Time-ordered and unique: UUID version 7 as lowercase text.
    public var id: String
    /// Microseconds since 1970.
    public var recordedAtMicroseconds: Int64
    /// The operation's name in the configuration.
    public var operation: String
    public var keys: [String]
    public var verdict: Verdict
    /// Why, in words, for verdicts that need it (`shadow refused the connection`, `key 1000-… is behind`).
    public var cause: String?
    public var persistence: Persistence
    /// The first mismatch of the same key since it last matched, when this one follows from it.
    public var cascadeOf: String?
    /// True when this is the late comparison of a write that the shadow missed at first.
    public var caughtUp: Bool
    public var request: RecordedRequest
    public var primary: RecordedAnswer?
    public var shadow: RecordedAnswer?
    public var differences: [Difference]

    public init(
        id: String, recordedAtMicroseconds: Int64, operation: String, keys: [String], verdict: Verdict,
        cause: String? = nil, persistence: Persistence = .unconfirmed, cascadeOf: String? = nil, caughtUp: Bool = false,
        request: RecordedRequest, primary: RecordedAnswer? = nil, shadow: RecordedAnswer? = nil,
        differences: [Difference] = []
    ) {
        self.id = id
        self.recordedAtMicroseconds = recordedAtMicroseconds
        self.operation = operation
        self.keys = keys
        self.verdict = verdict
        self.cause = cause
        self.persistence = persistence
        self.cascadeOf = cascadeOf
        self.caughtUp = caughtUp
        self.request = request
        self.primary = primary
        self.shadow = shadow
        self.differences = differences
    }
}

extension Evidence {
    /// About the memory it takes.
    var bytes: Int {
        512 + request.body.count + (primary?.body.count ?? 0) + (shadow?.body.count ?? 0) + differences.count * 256
    }
}
