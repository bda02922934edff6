public import RolloutControl
public import Verdicts

/// Everything that the admin port tells about the running proxy, read at one moment.
public struct ConsoleReading: Sendable {
    /// Why the proxy should get no traffic now; nil when it should.
    public var unreadyBecause: String?
    public var operations: [Operation] = []
    public var received: Int = 0
    public var inFlight: Int = 0
    public var awaitingComparison: Int = 0
    /// Requests held for the shadow, waiting and in flight.
    public var shadowBacklog: Int = 0
    public var shadowBacklogBytes: Int = 0
    public var clientConnections: Int = 0
    /// Keys whose missed writes are being caught up, and those writes.
    public var keysBehind: Int = 0
    public var writesMissed: Int = 0
    /// Missed writes by what came of them: `same`, `different`, `given-up`.
    public var caughtUp: [Named] = []
    public var keysUnverified: Int = 0
    public var keysDiverged: Int = 0
    /// Bounds and how often each was reached.
    public var bounds: [Named] = []
    public var latencies: [Latency] = []
    public var evidenceWaiting: Int = 0
    public var evidenceDropped: Int = 0
    public var incidentsOpen: Int = 0
    public var deliveriesWaiting: Int = 0
    public var deliveries: [Named] = []
    /// Nil where no plan moves traffic.
    public var rollout: RolloutStatus?
    /// Nil where the proxy keeps its state for itself.
    public var shared: Shared?

    public init() {}

    /// How the proxy stands with the state that it shares with others. Incidents and deliveries above are then those of all together.
    public struct Shared: Sendable {
        /// What this proxy is called among the others.
        public var instance: String
        /// What is wrong, as a sentence; nil when nothing is.
        public var trouble: String?
        public var isAway = false
        /// Evidence that has yet to be shipped.
        public var evidenceWaiting = 0
        /// `shipped`, `refused`, `lost`: evidence by what became of it.
        public var evidence: [Named] = []
        /// Evidence that this proxy alerted alone, since the store did not take it in time.
        public var alertedHere = 0
        public var keysAtTwoProxies = 0
        public var keysDropped = 0

        public init(instance: String) { self.instance = instance }
    }

    /// One operation's verdicts.
    public struct Operation: Sendable {
        public var name: String
        public var verdicts: [Verdict: Int]

        public init(name: String, verdicts: [Verdict: Int]) {
            self.name = name
            self.verdicts = verdicts
        }
    }

    /// A count by name: of a bound, of a delivery's outcome.
    public struct Named: Sendable {
        public var name: String
        public var count: Int

        public init(_ name: String, _ count: Int) {
            self.name = name
            self.count = count
        }
    }

    /// A distribution of latencies: of a side, or of what the proxy added.
    public struct Latency: Sendable {
        /// `legacy`, `candidate` or `added`.
        public var subject: String
        public var count: Int
        public var sumMicroseconds: Int
        /// Upper bounds in microseconds, rising, with the count of everything up to there.
        public var buckets: [(microsecondsMax: Int, count: Int)]
        public var p50: Int
        public var p90: Int
        public var p99: Int
        public var p999: Int
        public var max: Int

        public init(
            subject: String, count: Int, sumMicroseconds: Int, buckets: [(microsecondsMax: Int, count: Int)], p50: Int, p90: Int,
            p99: Int, p999: Int, max: Int
        ) {
            self.subject = subject
            self.count = count
            self.sumMicroseconds = sumMicroseconds
            self.buckets = buckets
            self.p50 = p50
            self.p90 = p90
            self.p99 = p99
            self.p999 = p999
            self.max = max
        }
    }
}
