import Reports
import ShadowProxy
import Verdicts

/// The proxy's counts as one line that fits a terminal, and as the table that it leaves at the end.
struct LiveSummary {
    let snapshot: ProxySnapshot
    let screen: Screen

    var line: String {
        var parts = ["\(number(snapshot.received)) received"]
        let compared = snapshot.count(.match) + snapshot.count(.tolerated) + snapshot.count(.mismatch)
        parts.append("\(number(compared)) compared")
        let mismatches = snapshot.count(.mismatch)
        parts.append(
            screen.paint("\(number(mismatches)) \(mismatches == 1 ? "mismatch" : "mismatches")", mismatches > 0 ? .bad : .good))
        let failures = snapshot.count(.shadowError) + snapshot.count(.shadowTimeout)
        if failures > 0 { parts.append(screen.paint("\(number(failures)) unanswered by the shadow", .warning)) }
        if snapshot.caughtUpDifferent > 0 {
            parts.append(screen.paint("\(number(snapshot.caughtUpDifferent)) differed when caught up", .bad))
        }
        let open = snapshot.inFlight + snapshot.awaitingComparison
        if open > 0 { parts.append("\(open) under way") }
        if snapshot.behindKeys > 0 { parts.append(screen.paint("\(snapshot.behindKeys) keys behind", .warning)) }
        return fitting(parts + latencies)
    }

    /// The 99th percentiles, for as much as the terminal has room.
    private var latencies: [String] {
        snapshot.latencyReports.map { "\($0.subject.rawValue) p99 \(ReportText.duration(microseconds: $0.p99))" }
    }

    /// Leaves out the last parts that would not fit into a line.
    private func fitting(_ parts: [String]) -> String {
        var line = ""
        var columns = 0
        for part in parts {
            let width = part.replacing(/\u{1B}\[[0-9;]*m/, with: "").count + (line.isEmpty ? 0 : 3)
            guard columns + width < screen.width else { break }
            line += (line.isEmpty ? "" : " · ") + part
            columns += width
        }
        return line
    }

    /// A line for each operation that was seen, and the sum.
    var table: String {
        let seen = Verdict.allCases.filter { snapshot.count($0) > 0 }
        var rows = [["operation"] + seen.map(\.name) + ["received"]]
        for counts in snapshot.operations where counts.received > 0 {
            rows.append([ReportText.visible(counts.operation)] + seen.map { number(counts[$0]) } + [number(counts.received)])
        }
        if rows.count > 2 { rows.append(["all"] + seen.map { number(snapshot.count($0)) } + [number(snapshot.received)]) }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            "  "
                + row.indices.map { column in
                    let gap = String(repeating: " ", count: widths[column] - row[column].count)
                    return column == 0 ? row[column] + gap : gap + row[column]
                }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private func number(_ value: Int) -> String { ReportText.grouped(value, by: " ") }
}
