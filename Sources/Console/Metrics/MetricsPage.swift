/// A page of metrics in the Prometheus text format 0.0.4, family by family.
struct MetricsPage {
    /// Label names and values; the order is kept.
    typealias Labels = KeyValuePairs<String, String>

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    struct Sample {
        var labels: Labels
        var value: Int

        init(_ value: Int, _ labels: Labels = [:]) {
            self.labels = labels
            self.value = value
        }
    }

    /// A distribution: how many observations are at most each bound, all of them, and their sum.
    struct Distribution {
        var labels: Labels
        /// Upper bounds in microseconds, rising, with the count of everything up to there.
        var buckets: [(microsecondsMax: Int, count: Int)]
        var count: Int
        var sumMicroseconds: Int
    }

    /// A family of counters or gauges. One without samples is left out.
    mutating func family(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        begin(name, kind, help)
        for sample in samples { line(name, sample.labels, String(sample.value)) }
    }

    /// A family of histograms; `name` ends in `_seconds`.
    mutating func histograms(_ name: String, _ help: String, _ distributions: [Distribution]) {
        guard !distributions.isEmpty else { return }
        begin(name, .histogram, help)
        for distribution in distributions {
            for bucket in distribution.buckets {
                line(name + "_bucket", distribution.labels, String(bucket.count), le: Self.seconds(bucket.microsecondsMax))
            }
            line(name + "_bucket", distribution.labels, String(distribution.count), le: "+Inf")
            line(name + "_sum", distribution.labels, Self.seconds(distribution.sumMicroseconds))
            line(name + "_count", distribution.labels, String(distribution.count))
        }
    }

    private mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n"))\n"
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    private mutating func line(_ name: String, _ labels: Labels, _ value: String, le: String? = nil) {
        var pairs = labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
        if let le { pairs.append("le=\"\(le)\"") }
        text += name + (pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") + " \(value)\n"
    }

    /// By scalar: to a parser a combining mark does not change what stands before it.
    private static func escaped(_ value: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
            case "\"": result.append(contentsOf: "\\\"".unicodeScalars)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Exact: microseconds as decimal seconds.
    static func seconds(_ microseconds: Int) -> String {
        var digits = String(microseconds.magnitude)
        while digits.count < 7 { digits = "0" + digits }
        var fraction = digits.suffix(6)
        while fraction.count > 1, fraction.last == "0" { fraction.removeLast() }
        return (microseconds < 0 ? "-" : "") + digits.dropLast(6) + "." + fraction
    }
}
