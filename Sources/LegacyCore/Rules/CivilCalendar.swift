import InterestContract

/// Walking civil dates one day at a time, as the core has always done it: no day numbers, only years, months and days.
enum CivilCalendar {
    static func isLeap(_ year: Int) -> Bool {
        (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    }

    static func daysInMonth(_ month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: isLeap(year) ? 29 : 28
        default: 31
        }
    }

    /// Nil after 9999-12-31, the last date that the wire knows.
    static func dayAfter(_ date: CivilDate) -> CivilDate? {
        if date.day < daysInMonth(date.month, of: date.year) {
            return CivilDate(year: date.year, month: date.month, day: date.day + 1)
        }
        if date.month < 12 { return CivilDate(year: date.year, month: date.month + 1, day: 1) }
        return CivilDate(year: date.year + 1, month: 1, day: 1)
    }

    /// Nil before 1900-01-01, the first date that the wire knows.
    static func dayBefore(_ date: CivilDate) -> CivilDate? {
        if date.day > 1 { return CivilDate(year: date.year, month: date.month, day: date.day - 1) }
        if date.month > 1 {
            return CivilDate(
                year: date.year, month: date.month - 1, day: daysInMonth(date.month - 1, of: date.year))
        }
        return CivilDate(year: date.year - 1, month: 12, day: 31)
    }

    /// The date that lies `count` days after 1970-01-01, found by taking whole years and months off.
    static func date(daysAfter1970 count: Int64) -> CivilDate? {
        guard (0...3_000_000).contains(count) else { return nil }
        var rest = Int(count)
        var year = 1970
        while rest >= (isLeap(year) ? 366 : 365) {
            rest -= isLeap(year) ? 366 : 365
            year += 1
        }
        var month = 1
        while rest >= daysInMonth(month, of: year) {
            rest -= daysInMonth(month, of: year)
            month += 1
        }
        return CivilDate(year: year, month: month, day: rest + 1)
    }
}
