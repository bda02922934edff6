/// Numbers with units, as a person writes them.
package enum Quantities {
    private static let durations: [(unit: String, milliseconds: Int)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    private static let sizes: [(unit: String, bytes: Int)] = [
        ("KiB", 1_024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("B", 1),
    ]

    /// `250ms`, `2s`, `5m`, `1h`, `30d`: whole numbers only.
    package static func milliseconds(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let unit = durations.first(where: { $0.unit == text.dropFirst(digits.count) }) else { return nil }
        return product(digits, unit.milliseconds)
    }

    /// `512B`, `64KiB`, `1MiB`, `2GiB`: whole numbers only.
    package static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let unit = sizes.first(where: { $0.unit == text.dropFirst(digits.count) }) else { return nil }
        return product(digits, unit.bytes)
    }

    /// `0`, `12.5`, `0.001`, `100`, with or without `%`: thousandths of a per cent, exactly; nil beyond 0 … 100 or three places.
    package static func thousandthsOfPercent(_ text: String) -> Int? {
        let number = text.hasSuffix("%") ? String(text.dropLast()) : text
        guard !number.isEmpty, number.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), number.first != ".",
            number.last != "."
        else { return nil }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int(parts[0]), whole <= 100 else { return nil }
        let places = parts.count == 2 ? String(parts[1]) : ""
        guard places.count <= 3, let fraction = Int((places + "000").prefix(3)) else { return nil }
        let result = whole * 1_000 + fraction
        return result <= 100_000 ? result : nil
    }

    /// As ``milliseconds(_:)`` reads it, in the largest unit that fits.
    package static func text(milliseconds: Int) -> String {
        let fitting = durations.last { milliseconds >= $0.milliseconds && milliseconds % $0.milliseconds == 0 } ?? durations[0]
        return "\(milliseconds / fitting.milliseconds)\(fitting.unit)"
    }

    package static func text(bytes: Int) -> String {
        let fitting = sizes.dropLast().last { bytes >= $0.bytes && bytes % $0.bytes == 0 } ?? ("B", 1)
        return "\(bytes / fitting.bytes)\(fitting.unit)"
    }

    private static func product(_ digits: Substring, _ factor: Int) -> Int? {
        guard let number = Int(digits) else { return nil }
        let (result, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : result
    }
}
