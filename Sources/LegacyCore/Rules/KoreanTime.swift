import InterestContract

/// An instant as the bank's clock in Seoul shows it: UTC+9, without daylight saving.
struct KoreanTime: Sendable, Hashable {
    /// The business date.
    let date: CivilDate
    let hour: Int
    let minute: Int
    let second: Int

    /// Nil where the Korean date lies outside 1900 … 9999.
    init?(_ instant: WireInstant) {
        var minutes = instant.hour * 60 + instant.minute - instant.offsetMinutes + 9 * 60
        var date = instant.date
        while minutes < 0 {
            guard let before = CivilCalendar.dayBefore(date) else { return nil }
            date = before
            minutes += 24 * 60
        }
        while minutes >= 24 * 60 {
            guard let after = CivilCalendar.dayAfter(date) else { return nil }
            date = after
            minutes -= 24 * 60
        }
        self.date = date
        hour = minutes / 60
        minute = minutes % 60
        second = instant.second
    }

    /// From the system's clock. Nil before 1970.
    init?(secondsSince1970: Int64) {
        let seconds = secondsSince1970.addingReportingOverflow(9 * 3600)
        guard !seconds.overflow, seconds.partialValue >= 0,
            let date = CivilCalendar.date(daysAfter1970: seconds.partialValue / 86_400)
        else { return nil }
        self.date = date
        let ofDay = Int(seconds.partialValue % 86_400)
        hour = ofDay / 3600
        minute = ofDay / 60 % 60
        second = ofDay % 60
    }

    /// `2026-03-02T09:00:00+09:00`.
    var text: String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(date)T\(two(hour)):\(two(minute)):\(two(second))+09:00"
    }
}
