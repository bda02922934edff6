public import Migration

/// What carries the traffic, as the rollout sees it: it is told where keys belong, and asked what came of them.
///
/// A lowering call (`place`, `returnWrittenKeys`) must not fail for want of a disk or a database: the lanes obey first.
public protocol TrafficPlane: Sendable {
    /// Every lane obeys when it returns.
    func place(_ table: PlacementTable) async
    /// Empties the ledger of written keys, in the lanes and on disk; each key goes back by hand-over.
    func returnWrittenKeys() async throws
    /// The legacy is no longer asked.
    func retire() async
    /// What came since the last call. Never waits for traffic.
    func collect() async -> TrafficFindings
    /// Rings whenever a mismatch or a failure is there to be collected, so that a rollback need not wait for the next look.
    var bell: AsyncStream<Void> { get }
    /// Of the comparison rules now in force and the candidate's build as last seen.
    func basis() async -> EvidenceBasis
    func standing() async -> HandOverStanding
    /// Keys that the candidate has written, noted here, with what each needs. Oldest first.
    func writtenKeys() async throws -> [WrittenKey]
    /// Keys noted by this proxy and not yet given to the others, at most `limit` of them.
    func unpublishedKeys(limit: Int) async throws -> [String]
    /// The others have these now.
    func published(_ keys: [String]) async throws
    /// Keys that other proxies noted.
    func note(_ keys: [String]) async throws
}

/// What a traffic plane has to tell since it was last asked.
public struct TrafficFindings: Sendable {
    /// In the order in which they came about.
    public var outcomes: [TrafficOutcome]
    /// Who answered and why, since the start.
    public var counts: PlacementCounts
    public var controls: ControlFigures
    /// Outcomes that found no room, since the start; matches only. Nothing is made of them.
    public var dropped: Int

    public init(
        outcomes: [TrafficOutcome] = [], counts: PlacementCounts = PlacementCounts(), controls: ControlFigures = ControlFigures(),
        dropped: Int = 0
    ) {
        self.outcomes = outcomes
        self.counts = counts
        self.controls = controls
        self.dropped = dropped
    }
}

/// Mismatches that were planted to see whether the comparison still finds them, since the start.
public struct ControlFigures: Sendable, Hashable, Codable {
    public var planted: Int
    public var seen: Int

    public init(planted: Int = 0, seen: Int = 0) {
        self.planted = planted
        self.seen = seen
    }
}

/// What one request that both sides were to answer came to.
public struct TrafficOutcome: Sendable, Hashable, Codable {
    public enum Comparison: Sendable, Hashable, Codable {
        case match
        /// Where the answers differ, without indices: `$.lines[].debit`, `status`, `header:NAME`.
        case mismatch(places: [String])
    }

    public var operation: String
    /// Nil when the request named none.
    public var key: KeyMark?
    public var candidateFailed: Bool
    /// Nil when the legacy was not asked.
    public var legacyFailed: Bool?
    /// Nil when nothing was compared, or the difference was noise.
    public var comparison: Comparison?

    public init(
        operation: String, key: KeyMark?, candidateFailed: Bool = false, legacyFailed: Bool? = nil, comparison: Comparison? = nil
    ) {
        self.operation = operation
        self.key = key
        self.candidateFailed = candidateFailed
        self.legacyFailed = legacyFailed
        self.comparison = comparison
    }
}

/// How far keys are that change sides, and what is still to be brought to the legacy.
public struct HandOverStanding: Sendable, Hashable, Codable {
    /// Keys that drain before they change sides.
    public var keysLeaving: Int
    /// Writes that wait for that.
    public var writesWaiting: Int
    /// Keys whose writes one side has yet to take.
    public var keysBehind: Int
    /// Keys noted as written by the candidate.
    public var writtenKeys: Int

    public init(keysLeaving: Int = 0, writesWaiting: Int = 0, keysBehind: Int = 0, writtenKeys: Int = 0) {
        self.keysLeaving = keysLeaving
        self.writesWaiting = writesWaiting
        self.keysBehind = keysBehind
        self.writtenKeys = writtenKeys
    }
}

/// A key that the candidate has written, and how the legacy stands with it.
public struct WrittenKey: Sendable, Hashable {
    public var key: String
    /// Microseconds since 1970.
    public var notedAt: Int64
    /// Writes that the legacy has yet to take.
    public var writesBehind: Int
    /// The sides hold different things for it.
    public var isDiverged: Bool
    /// A write of it may or may not have come through; a read-back tells.
    public var isUnverified: Bool

    public init(key: String, notedAt: Int64, writesBehind: Int = 0, isDiverged: Bool = false, isUnverified: Bool = false) {
        self.key = key
        self.notedAt = notedAt
        self.writesBehind = writesBehind
        self.isDiverged = isDiverged
        self.isUnverified = isUnverified
    }
}
