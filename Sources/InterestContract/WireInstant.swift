/// The instant of `X-Request-Time`: RFC 3339 with an offset, as the fields that were written.
///
/// Turning it into a Korean business date is each service's own work; so is turning "now" into one.
public struct WireInstant: Sendable, Hashable {
    /// The date in the zone of `offsetMinutes`.
    public let date: CivilDate
    public let hour: Int
    public let minute: Int
    /// 0 … 59; a leap second (60) is refused, since no booking may happen in it.
    public let second: Int
    public let nanosecond: Int
    /// East of Greenwich: +09:00 is 540.
    public let offsetMinutes: Int

    public init?(date: CivilDate, hour: Int, minute: Int, second: Int, nanosecond: Int = 0, offsetMinutes: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
            (0..<1_000_000_000).contains(nanosecond),
            (-1_080...1_080).contains(offsetMinutes)
        else { return nil }
        self.date = date
        self.hour = hour
        self.minute = minute
        self.second = second
        self.nanosecond = nanosecond
        self.offsetMinutes = offsetMinutes
    }

    /// `2026-03-02T00:30:00+09:00`, `2026-03-01T15:30:00.123456Z`; up to nine digits of fraction, offset up to ±18:00.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let date = CivilDate(String(decoding: bytes[0..<10], as: UTF8.self)),
            let hour = decimalDigits(bytes[11..<13]), let minute = decimalDigits(bytes[14..<16]),
            let second = decimalDigits(bytes[17..<19])
        else { return nil }
        var rest = bytes[19...]
        var nanosecond = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            guard (1...9).contains(digits.count), let fraction = decimalDigits(digits) else { return nil }
            nanosecond = (digits.count..<9).reduce(fraction) { value, _ in value * 10 }
            rest = rest[digits.endIndex...]
        }
        guard let offset = WireInstant.offset(rest) else { return nil }
        self.init(date: date, hour: hour, minute: minute, second: second, nanosecond: nanosecond, offsetMinutes: offset)
    }

    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.count == 1, let letter = bytes.first, letter == UInt8(ascii: "Z") || letter == UInt8(ascii: "z") { return 0 }
        let start = bytes.startIndex
        guard bytes.count == 6, bytes[start + 3] == UInt8(ascii: ":"), let hours = decimalDigits(bytes[start + 1..<start + 3]),
            let minutes = decimalDigits(bytes[start + 4..<start + 6]), hours <= 23, minutes <= 59
        else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }
}
