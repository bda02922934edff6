import InterestContract

/// The closing balance from a value date on, as a row of the daily-balance table has it.
struct DailyBalance: Sendable, Hashable {
    var valuedOn: CivilDate
    var closing: Int64
}

/// Interest day by day: each day takes the closing balance in force, loops over the bands in force, and adds what it earns.
///
/// The sum is kept in won × ppm × days, exactly. A balance of 9.2·10¹⁸ won at 10⁶ ppm over three million days stays below 3·10³¹,
/// far inside 128 bits; 64 bits would overflow after one day of nine trillion won at 100 %.
struct DailyInterest: Sendable, Hashable {
    /// Won × ppm, summed over the days.
    let accrued: Int128
    /// The last day counted; nil when no day was.
    let lastDay: CivilDate?
    let days: Int64

    /// - Parameters:
    ///   - rows: by rising value date; those before `from` matter by their last one only.
    ///   - pots: the sum of the account's pots, the same on every day.
    ///   - schedules: by rising `since`.
    ///   - until: the first day not counted.
    init(rows: [DailyBalance], pots: Int64, schedules: [RateSchedule], from: CivilDate, until: CivilDate) {
        var accrued: Int128 = 0
        var days: Int64 = 0
        var lastDay: CivilDate?
        var nextRow = 0
        var nextSchedule = 0
        var closing: Int64 = 0
        var bands: [RateBand] = []
        var earnedADay: Int128 = 0
        var day: CivilDate? = from
        while let today = day, today < until {
            var changed = lastDay == nil
            while nextRow < rows.count, rows[nextRow].valuedOn <= today {
                closing = rows[nextRow].closing
                nextRow += 1
                changed = true
            }
            while nextSchedule < schedules.count, schedules[nextSchedule].since <= today {
                bands = schedules[nextSchedule].bands
                nextSchedule += 1
                changed = true
            }
            if changed { earnedADay = DailyInterest.earned(on: Int128(closing) + Int128(pots), bands: bands) }
            accrued += earnedADay
            days += 1
            lastDay = today
            day = CivilCalendar.dayAfter(today)
        }
        self.accrued = accrued
        self.days = days
        self.lastDay = lastDay
    }

    /// Whole won, the fraction dropped: the only floor there is. Nil beyond 64 bits.
    var gross: Int64? { Int64(exactly: accrued / (365 * 1_000_000)) }

    /// What one day earns, in won × ppm: each slice of the balance at its own band's rate. Below zero nothing.
    static func earned(on balance: Int128, bands: [RateBand]) -> Int128 {
        var sum: Int128 = 0
        var lower: Int128 = 0
        for band in bands {
            guard balance > lower else { break }
            let upper = band.upTo.map { Int128($0) } ?? balance
            sum += (min(balance, upper) - lower) * Int128(band.ppm)
            lower = upper
        }
        return sum
    }
}
