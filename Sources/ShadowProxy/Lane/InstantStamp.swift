import NIOCore

/// Writes an instant as RFC 3339 with microseconds, `2026-03-01T09:00:00.123456Z`: 27 bytes.
///
/// The part down to the second is kept from one call to the next, since most requests of a lane fall into the second of the one
/// before.
struct InstantStamp {
    static let length = 27

    private var second: Int64 = .min
    private var bytes: [UInt8] = Array("0000-00-00T00:00:00.000000Z".utf8)

    /// Appends a header line that says the instant.
    mutating func write(_ microseconds: Int64, as name: StaticString, to out: inout ByteBuffer) {
        prepare(microseconds)
        out.writeStaticString(name)
        out.writeBytes(bytes)
        out.writeStaticString("\r\n")
    }

    /// The text of `microseconds` since 1970; valid until the next call.
    mutating func text(_ microseconds: Int64) -> [UInt8] {
        prepare(microseconds)
        return bytes
    }

    private mutating func prepare(_ microseconds: Int64) {
        let whole = microseconds >= 0 ? microseconds / 1_000_000 : (microseconds - 999_999) / 1_000_000
        if whole != second {
            second = whole
            writeDate(whole)
        }
        digits(Int(microseconds - whole * 1_000_000), at: 20, count: 6)
    }

    static func string(_ microseconds: Int64) -> String {
        var stamp = InstantStamp()
        return String(decoding: stamp.text(microseconds), as: UTF8.self)
    }

    private mutating func digits(_ value: Int, at offset: Int, count: Int) {
        var rest = value
        var index = offset + count - 1
        while index >= offset {
            bytes[index] = UInt8(truncatingIfNeeded: 48 + rest % 10)
            rest /= 10
            index -= 1
        }
    }

    private mutating func writeDate(_ seconds: Int64) {
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let time = Int(seconds - day * 86_400)
        // Days to civil date, proleptic Gregorian (Hinnant's algorithm).
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        digits(Int(year), at: 0, count: 4)
        digits(Int(month), at: 5, count: 2)
        digits(Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1), at: 8, count: 2)
        digits(time / 3_600, at: 11, count: 2)
        digits(time / 60 % 60, at: 14, count: 2)
        digits(time % 60, at: 17, count: 2)
    }
}
