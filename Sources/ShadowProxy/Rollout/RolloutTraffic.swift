public import Migration
public import Verdicts

/// What a rollout needs of the data plane, as it stands when the proxy starts. Later changes come by ``ShadowProxy/place(_:)`` and its like.
public struct RolloutTraffic: Sendable {
    /// The plan's name and salt, which deal the keys.
    public var plan: String
    public var salt: Salt
    public var table: PlacementTable
    /// Whether the legacy is no longer asked.
    public var isRetired = false
    /// The keys that the candidate has written so far.
    public var written: [String] = []
    /// How many of them there may be.
    public var writtenMax = 5_000_000
    /// Where further ones are noted, before their first write is sent.
    public var store: any WrittenKeyStore
    public var audience = AudienceSource()
    /// A header of the candidate's answers that tells its builds apart; nil where nothing tells.
    public var buildHeader: String?
    /// Called, from a lane, when a mismatch or a failure is there to be collected.
    public var ring: @Sendable () -> Void = {}

    public init(plan: String, salt: Salt, table: PlacementTable, store: any WrittenKeyStore) {
        self.plan = plan
        self.salt = salt
        self.table = table
        self.store = store
    }
}

/// What came of one request, as far as a rollout is concerned.
public struct TrafficRecord: Sendable, Hashable {
    public enum Comparison: Sendable, Hashable {
        case match
        /// Generic paths: `$.lines[].debit`, `status`, `header:NAME`.
        case mismatch(places: [String])
    }

    /// When it was settled, microseconds since 1970.
    public var at: Int64
    public var operation: String
    /// Of its first key.
    public var key: KeyMark?
    /// No answer, or one of 500 or above.
    public var candidateFailed: Bool
    /// Nil where the legacy was not asked.
    public var legacyFailed: Bool?
    /// Nil where nothing was compared, or nothing is to be believed of it.
    public var comparison: Comparison?
}

/// What a proxy has for its rollout since it was last asked, and in all.
public struct TrafficCollection: Sendable {
    /// In the order in which they were settled.
    public var records: [TrafficRecord] = []
    /// Which rule decided how many requests, since the start.
    public var counts = PlacementCounts()
    /// Positive controls since the start: mismatches that were planted, and those of them that the comparison saw.
    public var controlsPlanted = 0
    public var controlsSeen = 0
    /// Outcomes that found no room since the start. They say nothing bad of the candidate.
    public var dropped = 0
    /// The candidate's build, as its answers last named it.
    public var build: String?
}

/// Keys on their way from one side to the other.
public struct HandOverReading: Sendable, Hashable {
    /// Keys that are to change sides, and the writes that wait for it.
    public var keysLeaving = 0
    public var writesWaiting = 0
    /// Keys that the legacy is to answer, and can't before it has caught up.
    public var keysBehind = 0
    public var writtenKeys = 0

    public init() {}
}
