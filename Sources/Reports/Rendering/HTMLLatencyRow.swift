import Foundation

/// One distribution of latencies as the template shows it.
struct HTMLLatencyRow {
    var subject: String
    var count: String
    var figures: [String]
    /// The bar's length by the 99th percentile, made of digits only.
    var style: String

    init(_ latency: LatencyReport, longest: Int) {
        subject = latency.subject.rawValue
        count = ReportText.number(latency.count)
        figures = [latency.p50, latency.p90, latency.p99, latency.p999, latency.max].map { ReportText.duration(microseconds: $0) }
        let width = longest > 0 ? max(1, latency.p99 * 100 / longest) : 0
        style = "width:\(width)%"
    }
}
