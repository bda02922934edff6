import Console
import Verdicts

extension ConsoleReading {
    /// A reading with something in every field; the operation's name is hostile on purpose.
    static func sample(operation: String = "pre\"view\\\n{x}") -> ConsoleReading {
        var reading = ConsoleReading()
        reading.operations = [
            Operation(name: operation, verdicts: [.match: 90, .mismatch: 3]), Operation(name: "payout", verdicts: [.never: 4]),
        ]
        reading.received = 100
        reading.inFlight = 2
        reading.awaitingComparison = 1
        reading.keysDiverged = 1
        reading.bounds = [Named("shadow-backlog", 7)]
        reading.latencies = [
            Latency(
                subject: "legacy", count: 10, sumMicroseconds: 12_345_678, buckets: [(100, 0), (1_000, 4), (1_000_000, 9)],
                p50: 900, p90: 2_000, p99: 3_000, p999: 4_000, max: 5_000)
        ]
        reading.deliveries = [Named("delivered", 2), Named("dead", 1)]
        return reading
    }
}
