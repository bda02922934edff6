import InterestContract

/// The two taxes withheld from one payment of interest.
struct Tax: Sendable, Hashable {
    var income: Int64
    var local: Int64

    static let none = Tax(income: 0, local: 0)
}

/// How tax is assessed on gross interest.
struct TaxPolicy: Sendable {
    var assess: @Sendable (_ interest: Interest, _ category: TaxCategory, _ treatyPpm: Int64?) -> Tax

    /// Each tax is truncated to 10 won by itself; the local tax is a tenth of the truncated income tax.
    static let plain = TaxPolicy { interest, category, treatyPpm in
        let gross = interest.gross
        return switch category {
        case .resident: withLocalTax(share(gross, ppm: 140_000))
        case .nonResident: withLocalTax(share(gross, ppm: 200_000))
        case .treaty: Tax(income: share(gross, ppm: treatyPpm ?? 0), local: 0)
        case .corporate: withLocalTax(exemptBelow1000(share(gross, ppm: 140_000)))
        case .exempt: .none
        }
    }

    static func withLocalTax(_ income: Int64) -> Tax { Tax(income: income, local: share(income, ppm: 100_000)) }

    /// Not for individuals' interest.
    static func exemptBelow1000(_ income: Int64) -> Int64 { income < 1_000 ? 0 : income }

    /// A share in parts per million, truncated to 10 won. The product needs more than 64 bits; the share of at most the whole does not.
    static func share(_ amount: Int64, ppm: Int64) -> Int64 {
        Int64(truncatingIfNeeded: Int128(amount) * Int128(ppm) / 1_000_000 / 10 * 10)
    }
}
