import Reports
import RunRecords

/// A case in plain lines, for outputs that have no layout of their own.
enum CaseText {
    /// `payout $.netInterest (value): legacy 5479, candidate 5480, rules 5479`
    static func line(_ difference: CaseDifference, max: Int = 400) -> String {
        var line =
            "\(difference.answer) \(difference.path) (\(difference.kind)): legacy \(value(difference.legacy, max)), "
            + "candidate \(value(difference.candidate, max))"
        if let expected = difference.expected { line += ", rules \(value(expected, max))" }
        return line + (difference.critical ? ", critical" : "")
    }

    static func value(_ text: String?, _ max: Int) -> String { text.map { clip($0, to: max) } ?? "absent" }

    static func values(_ values: [DimensionValue]) -> String {
        values.map { "\($0.dimension)=\($0.value)" }.joined(separator: ", ")
    }

    /// Everything of the case that fits, one thing a line.
    static func lines(_ record: CaseRecord, differencesMax: Int = 20) -> [String] {
        var lines = [record.wording + (record.critical ? ", critical" : "")]
        lines += record.differences.prefix(differencesMax).map { line($0) }
        if record.differences.count > differencesMax { lines.append("… and \(record.differences.count - differencesMax) more") }
        lines += record.violations.prefix(differencesMax).map { clip($0, to: 400) }
        if let note = record.note, !record.title.contains(note) { lines.append(clip(note, to: 1_000)) }
        if !record.values.isEmpty { lines.append("row: " + clip(values(record.values), to: 2_000)) }
        if let minimal = record.minimal {
            lines.append("minimal: " + clip(values(minimal.values), to: 1_000))
            lines.append("minimal fixture: " + clip(minimal.fixture, to: 4_000))
            lines += minimal.curl.prefix(4).map { clip($0, to: 2_000) }
        } else {
            if let fixture = record.fixture { lines.append("fixture: " + clip(fixture, to: 4_000)) }
            lines += record.curl.prefix(4).map { clip($0, to: 2_000) }
        }
        return lines
    }

    /// At most `max` scalars, saying how many are gone.
    static func clip(_ text: String, to max: Int) -> String {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: max, limitedBy: scalars.endIndex), end < scalars.endIndex
        else {
            return text
        }
        return String(scalars[..<end]) + "… (\(scalars.distance(from: end, to: scalars.endIndex)) more)"
    }
}
