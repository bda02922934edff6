import InterestContract

/// When things happen: which business date an instant belongs to, and how the instant is written in answers.
struct CalendarPolicy: Sendable {
    /// The business date of an instant (seconds since 1970-01-01T00:00:00Z).
    var businessDay: @Sendable (_ unixSeconds: Int) -> Day

    /// Korea has no daylight saving: nine hours ahead, always.
    static let koreanOffsetSeconds = 9 * 3_600

    static let plain = CalendarPolicy { unixSeconds in
        Day(number: Day.floorDivide(unixSeconds + koreanOffsetSeconds, 86_400))
    }

    /// Seconds since 1970 of an instant as it was written.
    static func unixSeconds(_ instant: WireInstant) -> Int {
        Day(instant.date).number * 86_400 + instant.hour * 3_600 + instant.minute * 60 + instant.second
            - instant.offsetMinutes * 60
    }

    /// `2026-03-02T09:00:00+09:00`.
    static func koreanStamp(_ unixSeconds: Int) throws(Problem) -> String {
        let local = unixSeconds + koreanOffsetSeconds
        let day = Day(number: Day.floorDivide(local, 86_400))
        let second = local - day.number * 86_400
        return "\(try day.civil)T\(twoDigits(second / 3_600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60))+09:00"
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
