public import InterestContract

/// A day counted from 1970-01-01, for stepping through the calendar.
public struct CalendarDay: Sendable, Hashable, Comparable {
    public var number: Int

    public init(number: Int) { self.number = number }

    /// Days of the proleptic Gregorian calendar, by eras of 400 years that begin on a 1 March.
    public init(_ date: CivilDate) {
        let year = date.month <= 2 ? date.year - 1 : date.year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1
        number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date; days outside 1900 … 9999 have none on the wire and stop the program.
    public var date: CivilDate {
        let shifted = number + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        guard let date = CivilDate(year: year, month: month, day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1) else {
            preconditionFailure("day \(number) lies outside the wire's years")
        }
        return date
    }

    public static func + (day: CalendarDay, days: Int) -> CalendarDay { CalendarDay(number: day.number + days) }
    public static func - (day: CalendarDay, days: Int) -> CalendarDay { CalendarDay(number: day.number - days) }
    public static func - (left: CalendarDay, right: CalendarDay) -> Int { left.number - right.number }
    public static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.number < right.number }
}
