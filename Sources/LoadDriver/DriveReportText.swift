extension DriveReport {
    /// The report as a terminal shows it: the split of answers, then latencies by kind of call.
    public var text: String {
        var lines = [
            "Sent \(sent) of \(planned) requests in \(Self.seconds(elapsedMilliseconds)) (\(requestsPerSecond)/s), business time "
                + "\(businessFrom.prefix(10)) … \(businessTo.prefix(10)).",
            "",
            "Answers",
        ]
        for (name, count) in answers.sorted(by: { ($0.key.prefix(3), $1.value) < ($1.key.prefix(3), $0.value) }) {
            lines.append("  " + Self.left(name, 32) + Self.right(String(count), 9) + Self.share(count, of: sent))
        }
        for (cause, count) in failures.sorted(by: { $0.key < $1.key }) {
            lines.append("  " + Self.left("no answer: \(cause)", 32) + Self.right(String(count), 9) + Self.share(count, of: sent))
        }
        lines.append(
            "  moved or showed money: \(moneyAnswers) of \(answered) answers (\(moneyPerMille / 10).\(moneyPerMille % 10) %)")
        lines += ["", "Latency from when each request was due, in milliseconds"]
        lines.append(Self.row("", ["count", "mean", "p50", "p90", "p99", "p99.9", "max"]))
        for calls in calls { lines.append(Self.row(calls.kind.rawValue, calls.latency)) }
        lines.append(Self.row("all", latency))
        lines.append(Self.row("from sending", fromSending))
        if lateMaxMicroseconds > 100_000 {
            lines.append(
                "  The driver fell behind its plan by up to \(Self.milliseconds(lateMaxMicroseconds)) ms: that wait is counted.")
        }
        if stopped { lines.append("  Stopped before the plan was through.") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ name: String, _ latency: Percentiles) -> String {
        row(
            name,
            [String(latency.count)]
                + [latency.mean, latency.p50, latency.p90, latency.p99, latency.p999, latency.max].map { milliseconds($0) })
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        "  " + left(name, 14) + cells.map { right($0, 10) }.joined()
    }

    private static func share(_ count: Int, of whole: Int) -> String {
        guard whole > 0 else { return "" }
        let perMille = count * 1_000 / whole
        return right("\(perMille / 10).\(perMille % 10) %", 9)
    }

    private static func milliseconds(_ microseconds: UInt64) -> String {
        let fraction = String(1_000 + microseconds % 1_000).dropFirst()
        return "\(microseconds / 1_000).\(fraction.prefix(2))"
    }

    private static func seconds(_ milliseconds: Int) -> String { "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s" }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
