import InterestContract

/// Days of one balance: what a run earns is its days times what one of them earns.
struct BalanceRun: Sendable, Hashable {
    /// Day numbers.
    var days: Range<Int>
    /// Closing balance with the pots; may be negative here.
    var balance: Int128
}

/// Days of one balance under one schedule.
struct EarningRun: Sendable, Hashable {
    var days: Range<Int>
    /// Won × ppm that one of the days earns: the sum over the bands.
    var wonPpmPerDay: Int128
}

/// What the books give to compute interest from.
struct InterestBasis: Sendable, Hashable {
    var standing: Standing
    /// By value date, rising: what the account's balance moved by on each day after the first unpaid one.
    var movements: [Movement]
    /// Rising by date.
    var schedules: [DatedBands]

    struct Movement: Sendable, Hashable {
        var day: Int
        var amount: Int64
    }
}

/// The two dates of an entry.
enum EntryDate: Sendable, Hashable {
    case value, booking
}

/// A rate schedule by day number.
struct DatedBands: Sendable, Hashable {
    var since: Int
    var bands: [RateBand]
}

/// Interest before tax.
struct Interest: Sendable, Hashable {
    /// Day numbers, the business date excluded; empty when nothing is unpaid.
    var days: Range<Int>
    /// The exact sum that `gross` was divided from.
    var wonPpmDays: Int128
    var gross: Int64
}

/// How interest is computed, in pieces that can be replaced one by one.
///
/// Exact throughout: runs of days with one balance and one schedule, their products summed in 128 bits, and one division at the end.
struct InterestPolicy: Sendable {
    /// The unpaid days up to a business date.
    var period: @Sendable (_ standing: Standing, _ businessDay: Day) -> Range<Int>
    /// The runs of the pooled closing balance within these days.
    var runs: @Sendable (_ basis: InterestBasis, _ days: Range<Int>) -> [BalanceRun]
    /// The schedule in force on each run, cut where one begins.
    var scheduled: @Sendable (_ runs: [BalanceRun], _ schedules: [DatedBands]) -> [(run: BalanceRun, bands: [RateBand])]
    /// Won × ppm that a balance of at least zero earns in a day.
    var wonPpm: @Sendable (_ balance: Int128, _ bands: [RateBand]) -> Int128
    /// Whole won from an account's runs.
    var gross: @Sendable (_ runs: [EarningRun], _ standing: Standing) -> Int128
    /// The date of an entry from which it earns.
    var dating: EntryDate

    /// The year has 365 days, always; rates are parts per million.
    static let divisor: Int128 = 365 * 1_000_000

    static let plain = InterestPolicy(
        period: { standing, businessDay in
            let from = (standing.lastPaidOn ?? standing.openedOn).number
            return from..<max(from, businessDay.number)
        },
        runs: { basis, days in
            let standing = basis.standing
            // The balance holds every entry; taking the later ones off again costs less than adding all earlier ones up.
            let later = basis.movements.reduce(Int128(0)) { $0 + ($1.day > days.lowerBound ? Int128($1.amount) : 0) }
            var balance = Int128(standing.balance) + Int128(standing.pots) - later
            var runs: [BalanceRun] = []
            var start = days.lowerBound
            for movement in basis.movements where movement.day > days.lowerBound && movement.day < days.upperBound {
                if movement.day > start {
                    runs.append(BalanceRun(days: start..<movement.day, balance: balance))
                    start = movement.day
                }
                balance += Int128(movement.amount)
            }
            if start < days.upperBound { runs.append(BalanceRun(days: start..<days.upperBound, balance: balance)) }
            return runs
        },
        scheduled: { runs, schedules in
            var cut: [(run: BalanceRun, bands: [RateBand])] = []
            for run in runs {
                for (index, schedule) in schedules.enumerated() {
                    let end = index + 1 < schedules.count ? schedules[index + 1].since : Int.max
                    let days =
                        max(
                            run.days.lowerBound, schedule.since)..<max(
                            max(run.days.lowerBound, schedule.since), min(run.days.upperBound, end))
                    if !days.isEmpty { cut.append((BalanceRun(days: days, balance: run.balance), schedule.bands)) }
                }
            }
            return cut
        },
        wonPpm: { balance, bands in
            var sum: Int128 = 0
            var floor: Int128 = 0
            for band in bands {
                let ceiling = band.upTo.map { Int128($0) } ?? balance
                sum += (min(balance, max(ceiling, floor)) - min(balance, floor)) * Int128(band.ppm)
                floor = ceiling
            }
            return sum
        },
        gross: { runs, _ in
            runs.reduce(Int128(0)) { $0 + $1.wonPpmPerDay * Int128($1.days.count) } / InterestPolicy.divisor
        }, dating: .value)

    /// The runs that earn, in order.
    func earningRuns(_ basis: InterestBasis, days: Range<Int>) -> [EarningRun] {
        scheduled(runs(basis, days), basis.schedules).map { run, bands in
            EarningRun(days: run.days, wonPpmPerDay: wonPpm(max(0, run.balance), bands))
        }
    }

    func interest(_ basis: InterestBasis, businessDay: Day) throws(Problem) -> Interest {
        let days = period(basis.standing, businessDay)
        let runs = earningRuns(basis, days: days)
        guard let gross = Int64(exactly: gross(runs, basis.standing)) else {
            throw Problem(.internalError, "the interest of \(basis.standing.accountId) lies outside what 64 bits hold")
        }
        let sum = runs.reduce(Int128(0)) { $0 + $1.wonPpmPerDay * Int128($1.days.count) }
        return Interest(days: days, wonPpmDays: sum, gross: gross)
    }
}
