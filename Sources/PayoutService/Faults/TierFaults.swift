import InterestContract

/// Which rate a won earns. The rules cut the balance with its pots into bands, each of which ends with its `upTo`.
enum TierFaults {
    static let all = [
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
            name: "tier-whole-balance", policy: .interest,
            about: "The whole balance earns the rate of the band that it reaches, not each slice its own."
        ) { policies in
            policies.interest.wonPpm = { balance, bands in
                let reached = bands.first { $0.upTo.map { balance <= Int128($0) } ?? true }
                return balance * Int128(reached?.ppm ?? 0)
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
    ]
}
