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

/// What one lane has for the rollout since it was last asked, and in all.
struct LaneFindings: Sendable {
    /// What came of one request, and when it was settled: microseconds since 1970.
    struct Settled {
        var at: Int64
        var outcome: TrafficOutcome
    }

    /// In the order in which they were settled.
    var settled: [Settled] = []
    var counts = PlacementCounts()
    var controls = ControlFigures()
    var dropped = 0
    var candidateBuild: String?
}
