import Foundation

extension LoadReport {
    /// For people: one line of counts, one table of times.
    var text: String {
        if loop == "idle" { return "\(connections) connections to \(target) held, \(lost) of them closed by it" }
        var lines = [
            "\(loop) loop to \(target) over \(connections) connections" + (rate.map { ", \($0) due a second" } ?? ""),
            "  sent \(sent)   answered \(answered)   failed \(failed)   \(Self.figure(answersPerSecond)) answers/s in \(elapsedSeconds) s",
        ]
        if !statuses.isEmpty { lines.append("  " + Self.counts(statuses)) }
        if !failures.isEmpty { lines.append("  failed: " + Self.counts(failures)) }
        if lost > 0 { lines.append("  \(lost) connections were closed by the target") }
        guard answered > 0 else { return lines.joined(separator: "\n") }
        lines.append("  µs          p50       p90       p99     p99.9       max      mean")
        lines.append("  latency" + Self.row(latencyMicroseconds))
        if rate != nil { lines.append("  sent late" + Self.row(lateMicroseconds).dropFirst(2)) }
        return lines.joined(separator: "\n")
    }

    /// One object on one line, its members in alphabetical order.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private static func counts(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(separator: "   ")
    }

    private static func row(_ times: Percentiles) -> String {
        [times.p50, times.p90, times.p99, times.p999, times.max, times.mean].map { figure($0) }
            .map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
    }

    private static func figure(_ number: Double) -> String { String(format: number < 1_000 ? "%.1f" : "%.0f", number) }
}
