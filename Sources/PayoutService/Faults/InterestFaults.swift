import InterestContract

enum InterestFaults {
    static let all = [
        Fault(
            name: "round-half-up", policy: .interest, about: "Gross interest is rounded to the nearest won instead of floored."
        ) { policies in
            policies.interest.gross = { runs in
                (wonPpmDays(runs) * 2 + InterestPolicy.divisor) / (InterestPolicy.divisor * 2)
            }
        },
        Fault(
            name: "tier-inclusive", policy: .interest,
            about: "A balance equal to a band's upTo earns the next band's rate, wholly."
        ) { policies in
            let plain = policies.interest.wonPpm
            policies.interest.wonPpm = { balance, bands in
                guard let index = bands.firstIndex(where: { $0.upTo.map { Int128($0) } == balance }), index + 1 < bands.count
                else {
                    return plain(balance, bands)
                }
                return balance * Int128(bands[index + 1].ppm)
            }
        },
        Fault(
            name: "truncate-per-day", policy: .interest, about: "Each day's interest is floored to the won, then summed."
        ) { policies in
            policies.interest.gross = { runs in
                runs.reduce(Int128(0)) { $0 + $1.wonPpmPerDay / InterestPolicy.divisor * Int128($1.days.count) }
            }
        },
        Fault(
            name: "pots-not-pooled", policy: .interest, about: "The pots' balances earn nothing and fill no band."
        ) { policies in
            let plain = policies.interest.runs
            policies.interest.runs = { basis, days in
                var alone = basis
                alone.standing.pots = 0
                return plain(alone, days)
            }
        },
        Fault(
            name: "year-366-in-leap-years", policy: .interest, about: "Days of a leap year earn a 366th part of the year's rate."
        ) { policies in
            policies.interest.gross = { runs in
                // Over the common denominator of both years, so that there is still one floor.
                let sum = runs.reduce(Int128(0)) { sum, run in
                    let leap = run.days.reduce(0) { $0 + (isLeap(Day(number: $1).year) ? 1 : 0) }
                    return sum + run.wonPpmPerDay * Int128(leap * 365 + (run.days.count - leap) * 366)
                }
                return sum / (365 * 366 * 1_000_000)
            }
        },
    ]

    private static func wonPpmDays(_ runs: [EarningRun]) -> Int128 {
        runs.reduce(Int128(0)) { $0 + $1.wonPpmPerDay * Int128($1.days.count) }
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}
