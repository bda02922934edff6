public import Verdicts

/// What a proxy has counted and what it holds now.
///
/// `received = sum of verdicts + inFlight + awaitingComparison`, over all operations together; the three are kept independently
/// of each other.
public struct ProxySnapshot: Sendable {
    /// Counts since the ledger began, earlier runs included; calls that no operation names are `(unknown)`.
    public var operations: [OperationCounts] = []

    /// Requests whose caller has no answer yet.
    public var inFlight = 0
    /// Answered, and without a verdict yet: the shadow, the comparison or a recheck is under way.
    public var awaitingComparison = 0
    /// Requests held for the shadow, waiting for their turn or under way there, and their bytes.
    public var shadowBacklog = 0
    public var shadowBacklogBytes = 0
    /// Requests that wait for others of the same key at the primary.
    public var waitingInKeyQueues = 0
    /// Keys that are remembered: with requests under way, or with something known against them.
    public var keys = 0
    public var behindKeys = 0
    public var unverifiedKeys = 0
    public var divergedKeys = 0
    /// Writes whose primary gave no definite answer and is being asked again.
    public var uncertainWrites = 0
    /// Mismatches under recheck.
    public var rechecks = 0
    public var clientConnections = 0
    public var legacyConnections = 0
    public var candidateConnections = 0
    /// Missed writes that went through later, those of them that differed, and those given up; since the start.
    public var caughtUp = 0
    public var caughtUpDifferent = 0
    public var givenUp = 0
    /// Tries of missed writes in vain.
    public var catchUpFailures = 0
    /// How often each bound was reached since the start.
    public var bounds: [Bound: Int] = [:]
    public var latencies = LaneLatencies()

    public init() {}

    public var received: Int { operations.reduce(0) { $0 + $1.received } }
    public var settled: Int { operations.reduce(0) { $0 + $1.settled } }
    public func count(_ verdict: Verdict) -> Int { operations.reduce(0) { $0 + $1[verdict] } }
    public func reached(_ bound: Bound) -> Int { bounds[bound] ?? 0 }

    /// Whether the books are whole.
    public var isConserved: Bool { received == settled + inFlight + awaitingComparison }

    mutating func add(_ counts: [OperationCounts]) {
        for added in counts {
            if let place = operations.firstIndex(where: { $0.operation == added.operation }) {
                operations[place].received += added.received
                operations[place].verdicts.merge(added.verdicts, uniquingKeysWith: +)
            } else {
                operations.append(added)
            }
        }
    }

    mutating func add(_ other: ProxySnapshot) {
        add(other.operations)
        inFlight += other.inFlight
        awaitingComparison += other.awaitingComparison
        shadowBacklog += other.shadowBacklog
        shadowBacklogBytes += other.shadowBacklogBytes
        waitingInKeyQueues += other.waitingInKeyQueues
        keys += other.keys
        behindKeys += other.behindKeys
        unverifiedKeys += other.unverifiedKeys
        divergedKeys += other.divergedKeys
        uncertainWrites += other.uncertainWrites
        rechecks += other.rechecks
        clientConnections += other.clientConnections
        legacyConnections += other.legacyConnections
        candidateConnections += other.candidateConnections
        caughtUp += other.caughtUp
        caughtUpDifferent += other.caughtUpDifferent
        givenUp += other.givenUp
        catchUpFailures += other.catchUpFailures
        bounds.merge(other.bounds, uniquingKeysWith: +)
        latencies.merge(other.latencies)
    }
}
