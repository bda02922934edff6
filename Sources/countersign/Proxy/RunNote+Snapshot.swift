import Console
import Reports
import ShadowProxy
import Verdicts

extension ProxySnapshot {
    /// Both sides, and what a caller waits longer than the answering side took.
    private var distributions: [(subject: LatencyReport.Subject, histogram: LatencyHistogram)] {
        [(.legacy, latencies.legacy), (.candidate, latencies.candidate), (.added, latencies.addedByUs)]
            .filter { $0.histogram.count > 0 }
    }

    var latencyReports: [LatencyReport] {
        distributions.map { subject, histogram in
            LatencyReport(
                subject: subject, count: histogram.count, p50: histogram.percentile(perMille: 500),
                p90: histogram.percentile(perMille: 900), p99: histogram.percentile(perMille: 990),
                p999: histogram.percentile(perMille: 999), max: histogram.percentile(perMille: 1_000))
        }
    }

    var latencyReadings: [ConsoleReading.Latency] {
        let bounds = [
            100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
            5_000_000,
            10_000_000,
        ]
        return zip(distributions, latencyReports).map { distribution, report in
            ConsoleReading.Latency(
                subject: report.subject.rawValue, count: report.count,
                sumMicroseconds: distribution.histogram.sumMicroseconds,
                buckets: Array(zip(bounds, distribution.histogram.cumulative(boundsMicroseconds: bounds))).map {
                    (microsecondsMax: $0.0, count: $0.1)
                }, p50: report.p50, p90: report.p90, p99: report.p99, p999: report.p999, max: report.max)
        }
    }
}

extension CountLedger {
    /// Bounds that were reached, lost evidence among them.
    func boundReports(evidence: EvidenceCounts) -> [BoundReport] {
        var reports = bounds().map { BoundReport(name: $0.key.name, count: $0.value) }.sorted { $0.name < $1.name }
        let dropped = evidence.dropped + evidence.rejected
        if dropped > 0 { reports.append(BoundReport(name: "evidence dropped", count: dropped)) }
        return reports
    }
}
