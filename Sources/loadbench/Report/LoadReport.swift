import Histogram
import NIOCore

/// The figures of one run, as they are printed and written to JSON. Times are microseconds with one decimal.
struct LoadReport: Codable, Equatable, Sendable {
    struct Percentiles: Codable, Equatable, Sendable {
        var p50: Double
        var p90: Double
        var p99: Double
        var p999: Double
        var max: Double
        var mean: Double

        /// Of a histogram of nanoseconds; all 0 when it is empty.
        init(nanoseconds histogram: Histogram<UInt64>) {
            func at(_ percentile: Double) -> Double { Self.micro(Double(histogram.valueAtPercentile(percentile))) }
            let isEmpty = histogram.totalCount == 0
            p50 = isEmpty ? 0 : at(50)
            p90 = isEmpty ? 0 : at(90)
            p99 = isEmpty ? 0 : at(99)
            p999 = isEmpty ? 0 : at(99.9)
            max = isEmpty ? 0 : Self.micro(Double(histogram.max))
            mean = isEmpty ? 0 : Self.micro(histogram.mean)
        }

        private static func micro(_ nanoseconds: Double) -> Double { (nanoseconds / 100).rounded() / 10 }
    }

    /// `open`, `closed` or `idle`.
    var loop: String
    var target: String
    var connections: Int
    /// Of an open loop: requests due a second.
    var rate: Int?
    /// Sent = answered + failed, but for those that were never sent.
    var sent: Int
    var answered: Int
    var failed: Int
    /// By kind; kinds that did not happen are left out.
    var failures: [String: Int]
    /// `2xx` and so on; classes that did not come are left out.
    var statuses: [String: Int]
    /// Connections that the target closed while the run was on.
    var lost: Int
    /// Outside of all other figures.
    var warmUpSent: Int
    var warmUpAnswered: Int
    var latencyMicroseconds: Percentiles
    /// From when a request was due to when it was sent: part of its latency that the generator, not the target, may be to blame for.
    var lateMicroseconds: Percentiles
    /// From the end of the warm-up to the last answer.
    var elapsedSeconds: Double
    var answersPerSecond: Double

    init(_ tally: Tally, plan: LoadPlan) {
        switch plan.pace {
        case .due(let instants, _): (loop, rate) = ("open", instants.rate)
        case .closed: (loop, rate) = ("closed", nil)
        case .hold: (loop, rate) = ("idle", nil)
        }
        target = plan.target.description
        connections = plan.connections
        sent = tally.sent
        answered = tally.answered
        failed = tally.failed
        failures = Dictionary(uniqueKeysWithValues: tally.failures.map { ($0.key.rawValue, $0.value) })
        statuses = [:]
        for (hundreds, count) in tally.statuses.enumerated() where count > 0 { statuses["\(hundreds)xx"] = count }
        lost = tally.lost
        warmUpSent = tally.warmUpSent
        warmUpAnswered = tally.warmUpAnswered
        latencyMicroseconds = Percentiles(nanoseconds: tally.latency)
        lateMicroseconds = Percentiles(nanoseconds: tally.lateness)
        let seconds = Double((tally.lastAnswer - tally.began).nanoseconds) / 1_000_000_000
        elapsedSeconds = (seconds * 1_000).rounded() / 1_000
        answersPerSecond = seconds > 0 ? (Double(tally.answered) / seconds * 10).rounded() / 10 : 0
    }
}
