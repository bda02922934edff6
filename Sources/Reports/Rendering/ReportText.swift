public import Foundation

/// How reports write numbers, times and text from outside.
public enum ReportText {
    /// `12 345`, grouped by narrow no-break spaces.
    public static func number(_ value: Int) -> String { grouped(value, by: "\u{202F}") }

    /// Grouped by `separator` in threes.
    public static func grouped(_ value: Int, by separator: String) -> String {
        let digits = String(value.magnitude)
        var groups: [Substring] = []
        var rest = digits[...]
        while rest.count > 3 {
            groups.append(rest.suffix(3))
            rest = rest.dropLast(3)
        }
        groups.append(rest)
        return (value < 0 ? "−" : "") + groups.reversed().joined(separator: separator)
    }

    /// `1 operation`, `12 345 operations`.
    public static func count(_ value: Int, _ noun: String) -> String { "\(number(value)) \(noun)\(value == 1 ? "" : "s")" }

    /// `840 µs`, `12.3 ms`, `1.72 s`: three digits that mean something.
    public static func duration(microseconds: Int) -> String {
        switch microseconds {
        case ..<1_000: "\(microseconds) µs"
        case ..<10_000: decimal(microseconds / 10, places: 2) + " ms"
        case ..<100_000: decimal(microseconds / 100, places: 1) + " ms"
        case ..<1_000_000: "\(microseconds / 1_000) ms"
        case ..<10_000_000: decimal(microseconds / 10_000, places: 2) + " s"
        default: decimal(microseconds / 100_000, places: 1) + " s"
        }
    }

    /// `2026-03-02 00:10:09 UTC`.
    public static func time(_ date: Date) -> String {
        let text = date.formatted(.iso8601)
        return text.replacing("T", with: " ").replacing("Z", with: " UTC")
    }

    /// The same, of microseconds since 1970.
    public static func time(microseconds: Int64) -> String {
        time(Date(timeIntervalSince1970: TimeInterval(microseconds / 1_000_000)))
    }

    /// A share given in thousandths of a per cent: `12.5 %`.
    public static func share(thousandths: Int) -> String {
        var text = decimal(thousandths, places: 3)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text + "\u{202F}%"
    }

    /// Text from outside, with everything that a reader could not see (control characters, overrides of the writing direction,
    /// zero-width characters) written out as `⟨U+202E⟩`.
    public static func visible(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isHidden(scalar) {
                let code = String(scalar.value, radix: 16, uppercase: true)
                result.append(contentsOf: "⟨U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code)⟩".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n" && scalar != "\t"
        case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
        default: false
        }
    }

    private static func decimal(_ value: Int, places: Int) -> String {
        var digits = String(value.magnitude)
        while digits.count <= places { digits = "0" + digits }
        return (value < 0 ? "−" : "") + digits.dropLast(places) + "." + digits.suffix(places)
    }
}
