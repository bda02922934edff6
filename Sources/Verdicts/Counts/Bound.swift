/// A limit of the data plane that can be reached. Each has its counter, since a bound that is hit in silence is a lie.
public enum Bound: Int, Sendable, Codable, CaseIterable {
    case clientConnections = 0
    case sideConnections = 1
    case headBytes = 2
    case bodyBytes = 3
    /// Requests of one key that wait for the primary.
    case queuedPerKey = 4
    case shadowBacklog = 5
    case shadowBacklogBytes = 6
    case comparisonsWaiting = 7
    case recheckTries = 8
    case settleTries = 9
    case catchUpTries = 10
    /// The catch-up queue on disk.
    case catchUpQueue = 11
    case evidenceRing = 12
    case writeJournal = 13
    /// The graceful stop ended before everything in flight was answered.
    case drain = 14
    /// Names of operations in the ledger.
    case operations = 15
    /// Keys that are remembered as unverified or diverged.
    case distrustedKeys = 16
    /// Callers' TLS handshakes that came to nothing, in time or at all.
    case tlsHandshakes = 17
    /// A shadow that failed again and again, or could not follow, was let rest: what it was not asked is shed.
    case shadowRests = 18
    /// Ordered keys of one lane between two looks of whoever shares the state.
    case sightedKeys = 19
    /// Writes that waited in vain for their key to change sides.
    case handOver = 20
    /// Outcomes of one lane that a rollout had yet to take: those beyond are no evidence.
    case rolloutOutcomes = 21
    /// Keys that the candidate could not write, since they could not be noted.
    case writtenKeys = 22

    /// The name used in metrics and reports.
    public var name: String {
        switch self {
        case .clientConnections: "client-connections"
        case .sideConnections: "side-connections"
        case .headBytes: "head-bytes"
        case .bodyBytes: "body-bytes"
        case .queuedPerKey: "queued-per-key"
        case .shadowBacklog: "shadow-backlog"
        case .shadowBacklogBytes: "shadow-backlog-bytes"
        case .comparisonsWaiting: "comparisons-waiting"
        case .recheckTries: "recheck-tries"
        case .settleTries: "settle-tries"
        case .catchUpTries: "catch-up-tries"
        case .catchUpQueue: "catch-up-queue"
        case .evidenceRing: "evidence-ring"
        case .writeJournal: "write-journal"
        case .drain: "drain"
        case .operations: "operations"
        case .distrustedKeys: "distrusted-keys"
        case .tlsHandshakes: "tls-handshakes"
        case .shadowRests: "shadow-rests"
        case .sightedKeys: "sighted-keys"
        case .handOver: "hand-over"
        case .rolloutOutcomes: "rollout-outcomes"
        case .writtenKeys: "written-keys"
        }
    }
}
