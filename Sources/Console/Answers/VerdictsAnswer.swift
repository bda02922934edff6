import Foundation
import Verdicts

/// `GET /verdicts`: the conserved counts as JSON.
struct VerdictsAnswer: Encodable {
    struct Operation: Encodable {
        var operation: String
        var verdicts: [String: Int]
    }

    struct Shared: Encodable {
        var instance: String
        var isAway: Bool
        /// Absent when nothing is wrong.
        var trouble: String?
        var evidenceWaiting: Int
        var evidence: [String: Int]
        var alertedHere: Int
        var keysAtTwoProxies: Int
    }

    struct Latency: Encodable {
        var subject: String
        var count: Int
        var p50Microseconds: Int
        var p90Microseconds: Int
        var p99Microseconds: Int
        var p999Microseconds: Int
        var maxMicroseconds: Int
    }

    var schema = "countersign.verdicts/1"
    var received: Int
    var inFlight: Int
    var awaitingComparison: Int
    /// `received = sum of verdicts + inFlight + awaitingComparison`.
    var conserved: Bool
    var verdicts: [String: Int]
    var operations: [Operation]
    var keysBehind: Int
    var writesMissed: Int
    var caughtUp: [String: Int]
    var keysUnverified: Int
    var keysDiverged: Int
    var evidenceDropped: Int
    var incidentsOpen: Int
    var boundsReached: [String: Int]
    var latencies: [Latency]
    /// Absent where the proxy keeps its state for itself.
    var sharedState: Shared?

    init(_ reading: ConsoleReading) {
        var sums: [String: Int] = [:]
        for verdict in Verdict.allCases {
            sums[verdict.name] = reading.operations.reduce(0) { $0 + ($1.verdicts[verdict] ?? 0) }
        }
        received = reading.received
        inFlight = reading.inFlight
        awaitingComparison = reading.awaitingComparison
        conserved = reading.received == sums.values.reduce(0, +) + reading.inFlight + reading.awaitingComparison
        verdicts = sums
        operations = reading.operations.map { operation in
            Operation(
                operation: operation.name,
                verdicts: Dictionary(uniqueKeysWithValues: operation.verdicts.map { ($0.key.name, $0.value) }))
        }
        keysBehind = reading.keysBehind
        writesMissed = reading.writesMissed
        caughtUp = Dictionary(reading.caughtUp.map { ($0.name, $0.count) }, uniquingKeysWith: +)
        keysUnverified = reading.keysUnverified
        keysDiverged = reading.keysDiverged
        evidenceDropped = reading.evidenceDropped
        incidentsOpen = reading.incidentsOpen
        boundsReached = Dictionary(reading.bounds.map { ($0.name, $0.count) }, uniquingKeysWith: +)
        sharedState = reading.shared.map {
            Shared(
                instance: $0.instance, isAway: $0.isAway, trouble: $0.trouble, evidenceWaiting: $0.evidenceWaiting,
                evidence: Dictionary($0.evidence.map { ($0.name, $0.count) }, uniquingKeysWith: +), alertedHere: $0.alertedHere,
                keysAtTwoProxies: $0.keysAtTwoProxies)
        }
        latencies = reading.latencies.map {
            Latency(
                subject: $0.subject, count: $0.count, p50Microseconds: $0.p50, p90Microseconds: $0.p90, p99Microseconds: $0.p99,
                p999Microseconds: $0.p999, maxMicroseconds: $0.max)
        }
    }
}
