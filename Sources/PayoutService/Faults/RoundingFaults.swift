import InterestContract
import Synchronization

/// Where the won is cut. The rules cut once per payment, downwards, and drop the rest.
enum RoundingFaults {
    static let all = [
        Fault(
            name: "round-half-up", policy: .interest, about: "Gross interest is rounded to the nearest won instead of floored."
        ) { policies in
            policies.interest.gross = { runs, _ in
                (wonPpmDays(runs) * 2 + InterestPolicy.divisor) / (InterestPolicy.divisor * 2)
            }
        },
        Fault(
            name: "round-half-even", policy: .interest,
            about: "Gross interest is rounded as bankers do: to the nearest won, and from the middle to the even one."
        ) { policies in
            policies.interest.gross = { runs, _ in
                let (won, rest) = wonPpmDays(runs).quotientAndRemainder(dividingBy: InterestPolicy.divisor)
                let isAbove = rest * 2 > InterestPolicy.divisor || (rest * 2 == InterestPolicy.divisor && won % 2 == 1)
                return isAbove ? won + 1 : won
            }
        },
        Fault(
            name: "truncate-per-day", policy: .interest, about: "Each day's interest is floored to the won, then summed."
        ) { policies in
            policies.interest.gross = { runs, _ in
                runs.reduce(Int128(0)) { $0 + $1.wonPpmPerDay / InterestPolicy.divisor * Int128($1.days.count) }
            }
        },
        Fault(
            name: "truncate-per-band", policy: .interest,
            about: "What each band of a run of days earns is floored to the won, then summed."
        ) { policies in
            let plain = policies.interest.scheduled
            policies.interest.scheduled = { runs, schedules in
                // One run for each band, in which the others earn nothing.
                plain(runs, schedules).flatMap { run, bands in
                    bands.indices.map { index in
                        (run, bands.indices.map { $0 == index ? bands[$0] : RateBand(upTo: bands[$0].upTo, ppm: 0) })
                    }
                }
            }
            policies.interest.gross = { runs, _ in
                runs.reduce(Int128(0)) { $0 + $1.wonPpmPerDay * Int128($1.days.count) / InterestPolicy.divisor }
            }
        },
        Fault(
            name: "carry-the-fraction", policy: .interest,
            about: "The fraction of a won that a payment drops is added to the account's next one."
        ) { policies in
            let carried = CarriedFractions()
            policies.interest.gross = { runs, standing in
                (wonPpmDays(runs) + carried.of(standing.accountId)) / InterestPolicy.divisor
            }
            let plain = policies.posting.carryOut
            policies.posting.carryOut = { plan in
                carried.note(plan)
                return plain(plan)
            }
        },
    ]

    static func wonPpmDays(_ runs: [EarningRun]) -> Int128 {
        runs.reduce(Int128(0)) { $0 + $1.wonPpmPerDay * Int128($1.days.count) }
    }
}

/// What payments left over, by account, in won × ppm × days; for as long as the process lives.
private final class CarriedFractions: Sendable {
    private let fractions = Mutex<[String: Int128]>([:])

    func of(_ accountId: String) -> Int128 { fractions.withLock { $0[accountId] ?? 0 } }

    /// From the row that says what the interest was divided from.
    func note(_ plan: Plan) {
        guard let step = plan.steps.first(where: { $0.name == PaymentTables.interestBasis.name }), step.arguments.count == 5,
            case .text(let accountId) = step.arguments[1], case .text(let earned) = step.arguments[2],
            case .integer(let gross) = step.arguments[4], let sum = Int128(earned)
        else { return }
        fractions.withLock { $0[accountId] = sum + ($0[accountId] ?? 0) - Int128(gross) * InterestPolicy.divisor }
    }
}
