import InterestContract

/// Which days earn, how much of a year each is, and by which balance and schedule.
enum DayCountFaults {
    static let all = [
        Fault(
            name: "year-366-in-leap-years", policy: .interest, about: "Days of a leap year earn a 366th part of the year's rate."
        ) { policies in
            policies.interest.gross = { runs, _ in
                // Over the common denominator of both years, so that there is still one floor.
                let sum = runs.reduce(Int128(0)) { sum, run in
                    let leap = run.days.reduce(0) { $0 + (isLeap(Day(number: $1).year) ? 1 : 0) }
                    return sum + run.wonPpmPerDay * Int128(leap * 365 + (run.days.count - leap) * 366)
                }
                return sum / (365 * 366 * 1_000_000)
            }
        },
        Fault(
            name: "both-ends-counted", policy: .interest,
            about: "The business date earns too: a period of one day counts two."
        ) { policies in
            policies.interest.period = { standing, businessDay in
                let from = (standing.lastPaidOn ?? standing.openedOn).number
                return from..<max(from, businessDay.number + 1)
            }
        },
        Fault(
            name: "booking-date-for-value-date", policy: .interest,
            about: "An entry earns from the day it was booked, not from the earlier day it is valued on."
        ) { policies in
            policies.interest.dating = .booking
        },
        Fault(
            name: "newest-rate-for-all-days", policy: .interest,
            about: "The schedule of the period's last day is applied to all of its days."
        ) { policies in
            policies.interest.scheduled = { runs, schedules in
                guard let last = runs.last?.days.upperBound, let newest = schedules.last(where: { $0.since < last }) else {
                    return []
                }
                return runs.map { ($0, newest.bands) }
            }
        },
    ]

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}
