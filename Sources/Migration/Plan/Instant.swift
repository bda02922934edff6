/// A point in time as the wall clock tells it: whole milliseconds since 1970-01-01T00:00:00Z. It is always handed in.
public struct Instant: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// How long ago `earlier` was; below 0 when it is later.
    public func since(_ earlier: Instant) -> Int64 { milliseconds - earlier.milliseconds }

    public func advanced(byMilliseconds amount: Int64) -> Instant { Instant(milliseconds: milliseconds + amount) }

    /// RFC 3339 in UTC: `2026-03-02T01:02:03.004Z`.
    public var description: String {
        let (days, rest) = milliseconds.quotientAndFloorRemainder(86_400_000)
        let date = PlanDay(daysSince1970: Int(days))
        let seconds = rest / 1_000
        return "\(date)T\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(three(rest % 1_000))Z"
    }

    private func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private func three(_ value: Int64) -> String { String(String(value + 1_000).dropFirst()) }
}

/// A day of the proleptic Gregorian calendar, in no particular time zone.
public struct PlanDay: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Since 1970-01-01.
    public let daysSince1970: Int

    public init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

    /// `2026-03-02`; nil for anything else, and for days that do not exist.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "-") }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month), day >= 1
        else { return nil }
        self.init(daysSince1970: PlanDay.days(year: year, month: month, day: day))
        let parsed = fields
        guard parsed.year == year, parsed.month == month, parsed.day == day else { return nil }
    }

    public static func < (left: PlanDay, right: PlanDay) -> Bool { left.daysSince1970 < right.daysSince1970 }

    public var description: String {
        let (year, month, day) = fields
        func padded(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// 0 is Monday, 6 is Sunday. The first day of 1970 was a Thursday.
    var weekday: Int { (daysSince1970 + 3).quotientAndFloorRemainder(7).remainder }

    // Years are counted from March, so that the leap day is a year's last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shifted.quotientAndFloorRemainder(400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private var fields: (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (daysSince1970 + 719_468).quotientAndFloorRemainder(146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension BinaryInteger {
    /// The quotient rounded down, and a remainder that is never below 0 for a divisor above 0.
    func quotientAndFloorRemainder(_ divisor: Self) -> (quotient: Self, remainder: Self) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
