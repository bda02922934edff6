import InterestContract

/// What is withheld from one gross interest: each tax by itself, truncated to ten won (국고금관리법 제47조).
struct Withholding: Sendable, Hashable {
    let incomeTax: Int64
    let localIncomeTax: Int64
    /// The rates used, for the books: parts per million of the gross, and of the income tax.
    let incomePpm: Int64
    let localPpm: Int64

    /// - Parameter treatyPpm: used with TREATY alone.
    init(gross: Int64, category: TaxCategory, treatyPpm: Int64?) {
        switch category {
        case .resident, .corporate: incomePpm = 140_000
        case .nonResident: incomePpm = 200_000
        case .treaty: incomePpm = treatyPpm ?? 0
        case .exempt: incomePpm = 0
        }
        switch category {
        case .resident, .nonResident, .corporate: localPpm = 100_000
        case .treaty, .exempt: localPpm = 0
        }
        let tax = Withholding.tenWon(of: gross, ppm: incomePpm)
        // Below 1 000 won a corporation's interest goes free (법인세법); individuals' interest does not (소득세법 제86조).
        incomeTax = category == .corporate && tax < 1_000 ? 0 : tax
        localIncomeTax = Withholding.tenWon(of: incomeTax, ppm: localPpm)
    }

    private static func tenWon(of amount: Int64, ppm: Int64) -> Int64 {
        // At most the amount itself, since a rate is at most 1 000 000 ppm.
        Int64(Int128(amount) * Int128(ppm) / 1_000_000 / 10 * 10)
    }
}
