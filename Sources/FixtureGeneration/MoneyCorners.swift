internal import InterestContract

extension AccountDrafts {
    /// Balances at which an answer changes by one won, one band or one width of arithmetic.
    static let balanceEdges: [Int64] =
        [-1_000_000, -1, 0, 1]
        + around(18_250)  // the first won of gross at 2 %
        + around(1_314_000)  // 72 won gross: the first ten of income tax at 14 %
        + around(13_048_750)  // 715 won gross: the first ten of local tax
        + around(50_000_000) + around(100_000_000)  // the bands
        + [1_300_000, 2_000_000, 80_000_000, 110_000_000]
        + [9_007_199_254_740_993]  // 2⁵³ + 1, the first whole number a binary64 can't hold

    private static func around(_ edge: Int64) -> [Int64] { [edge - 1, edge, edge + 1] }

    mutating func addBalanceEdges() {
        for product in ["DEMAND-2", "TIER-100", "TIER-50", "STEP-2022"] {
            for balance in Self.balanceEdges { add(product: product, balance: balance) }
        }
    }

    /// Every tax category at amounts around its edges. 130 359 750 won earn the 7 143 from which a company's tax is withheld.
    mutating func addTaxCategories() {
        let treatyRates: [Int64] = [0, 1, 50_000, 100_000, 120_000, 150_000, 154_000, 1_000_000]
        let taxpayers: [(TaxCategory, Int64?)] =
            [.resident, .nonResident, .corporate, .exempt].map { ($0, nil) } + treatyRates.map { (.treaty, $0) }
        for (category, treatyPpm) in taxpayers {
            for balance in [1_313_999, 10_000_000, 109_500_000, 130_359_749, 130_359_750, 1_000_000_007] as [Int64] {
                add(balance: balance) { account in
                    account.customer.taxCategory = category
                    account.customer.treatyPpm = treatyPpm
                }
            }
        }
    }

    /// Pots pooled with the account: over a band's end only together, lifting a negative account over zero or not, empty.
    mutating func addPots() {
        let cases: [(balance: Int64, pots: [Int64])] = [
            (30_000_000, [20_000_000]), (30_000_000, [20_000_001]), (49_999_999, [1]), (49_999_999, [1, 1]),
            (99_999_999, [1]), (99_999_999, [2]), (0, [50_000_001]), (60_000_000, [40_000_000, 0, 1]),
            (-1_000_000, [1_000_000]), (-1_000_000, [1_018_250]), (-1_000_000, [999_999]), (10_000_000, [0]),
        ]
        for product in ["TIER-100", "TIER-50"] {
            for (balance, pots) in cases {
                add(product: product, balance: balance, paidDaysAgo: 3) { account in
                    account.pots = pots.enumerated().map { .init(id: "P\($0.offset + 1)", balance: $0.element) }
                }
            }
        }
    }
}
