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

/// A key that the candidate has written, and how the legacy stands with it.
public struct WrittenKey: Sendable, Hashable, Codable {
    public var key: String
    /// Microseconds since 1970.
    public var notedAt: Int64
    /// Writes that the legacy has yet to take.
    public var writesBehind: Int
    /// The sides hold different things for it.
    public var isDiverged: Bool
    /// A write of it may or may not have come through; a read-back tells.
    public var isUnverified: Bool
    /// Answers for it that were found to differ since it was noted: its caller may have been given the candidate's.
    public var mismatches: Int

    public init(
        key: String, notedAt: Int64, writesBehind: Int = 0, isDiverged: Bool = false, isUnverified: Bool = false,
        mismatches: Int = 0
    ) {
        self.key = key
        self.notedAt = notedAt
        self.writesBehind = writesBehind
        self.isDiverged = isDiverged
        self.isUnverified = isUnverified
        self.mismatches = mismatches
    }
}
