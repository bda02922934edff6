/// One line of `GET /metrics`, in Prometheus' text format.
struct Metric: Sendable, Hashable {
    enum Kind: String, Sendable {
        case counter, gauge
    }

    var name: String
    var kind: Kind
    var about: String
    /// As written after the name, without braces: `state="dead"`.
    var labels = ""
    var value: String

    init(_ name: String, _ kind: Kind, _ about: String, labels: String = "", _ value: Int64) {
        self.name = name
        self.kind = kind
        self.about = about
        self.labels = labels
        self.value = String(value)
    }

    init(_ name: String, _ kind: Kind, _ about: String, labels: String = "", _ value: Int) {
        self.init(name, kind, about, labels: labels, Int64(value))
    }

    /// A time, written in seconds.
    init(_ name: String, _ kind: Kind, _ about: String, microseconds: Int) {
        self.init(name, kind, about, 0)
        let fraction = String(microseconds % 1_000_000)
        value = "\(microseconds / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)"
    }

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Lines of one name must stand together, under one heading.
    static func text(_ metrics: [Metric]) -> String {
        var text = ""
        var last: String?
        for metric in metrics {
            if metric.name != last {
                text += "# HELP \(metric.name) \(metric.about)\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
                last = metric.name
            }
            text += metric.name + (metric.labels.isEmpty ? "" : "{\(metric.labels)}") + " " + metric.value + "\n"
        }
        return text
    }
}

/// What has figures to show.
protocol MetricSource: Sendable {
    var metrics: [Metric] { get }
}

extension MemoryPreviewCache: MetricSource {
    var metrics: [Metric] {
        let counts = counts
        return [
            Metric("bank_previews_hits_total", .counter, "Previews answered from the cache.", counts.hits),
            Metric("bank_previews_computed_total", .counter, "Previews computed.", counts.computations),
            Metric("bank_previews_joined_total", .counter, "Readers that waited for another one's computation.", counts.joined),
            Metric("bank_previews_dropped_total", .counter, "Cached previews that a change took out.", counts.dropped),
            Metric("bank_previews_kept", .gauge, "Previews in the cache.", entryCount),
        ]
    }
}
