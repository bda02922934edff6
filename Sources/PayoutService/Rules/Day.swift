import InterestContract

/// A calendar day as a number: days since 1970-01-01. All date arithmetic of this service is arithmetic on these numbers.
struct Day: Sendable, Hashable, Comparable {
    var number: Int

    init(number: Int) { self.number = number }

    /// Counts from March, so that the leap day ends the year, in eras of 400 years, which all have 146 097 days.
    init(_ date: CivilDate) {
        let year = date.month > 2 ? date.year : date.year - 1
        let era = Day.floorDivide(year, 400)
        let yearOfEra = year - era * 400
        let monthFromMarch = (date.month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + date.day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    /// The date on the wire; a year outside 1900 … 9999 has none and is refused.
    var civil: CivilDate {
        get throws(Problem) {
            let (year, month, day) = parts
            guard let date = CivilDate(year: year, month: month, day: day) else {
                throw Problem(.malformedRequest, "the date lies outside the years 1900 … 9999")
            }
            return date
        }
    }

    var parts: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = Day.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    var year: Int { parts.year }

    /// `202603`: the key of monthly totals.
    var month: Int {
        let (year, month, _) = parts
        return year * 100 + month
    }

    static func + (day: Day, count: Int) -> Day { Day(number: day.number + count) }
    static func - (day: Day, count: Int) -> Day { Day(number: day.number - count) }
    static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
        dividend >= 0 ? dividend / divisor : -((divisor - 1 - dividend) / divisor)
    }
}
