import InterestContract
import Testing

@testable import PayoutService

@Suite struct TaxPolicyTests {
    @Test(
        arguments: [
            // 14 % truncated to 10 won: 71 · 14 % = 9.94 → 0, 72 · 14 % = 10.08 → 10.
            (71, TaxCategory.resident, nil, 0, 0), (72, .resident, nil, 10, 0), (109, .resident, nil, 10, 0),
            // The local tax is a tenth of the truncated income tax: 90 → 0, 100 → 10.
            (714, .resident, nil, 90, 0), (715, .resident, nil, 100, 10), (2_739, .resident, nil, 380, 30),
            // No exemption below 1 000 won for persons.
            (7_142, .resident, nil, 990, 90), (7_143, .resident, nil, 1_000, 100),
            (49, .nonResident, nil, 0, 0), (50, .nonResident, nil, 10, 0), (5_479, .nonResident, nil, 1_090, 100),
            (7_142, .corporate, nil, 0, 0), (7_143, .corporate, nil, 1_000, 100), (6_000, .corporate, nil, 0, 0),
            (5_479, .treaty, 100_000, 540, 0), (5_479, .treaty, 0, 0, 0), (5_479, .treaty, 1_000_000, 5_470, 0),
            (99, .treaty, 100_000, 0, 0), (100, .treaty, 100_000, 10, 0), (1_000_000, .exempt, nil, 0, 0),
            (Int64.max, .resident, nil, 1_291_272_085_159_668_610, 129_127_208_515_966_860),
        ] as [(Int64, TaxCategory, Int64?, Int64, Int64)])
    func eachTaxIsTruncatedByItself(_ gross: Int64, _ category: TaxCategory, _ treatyPpm: Int64?, _ income: Int64, _ local: Int64)
    {
        let interest = Interest(days: 0..<1, wonPpmDays: Int128(gross) * InterestPolicy.divisor, gross: gross)
        #expect(TaxPolicy.plain.assess(interest, category, treatyPpm) == Tax(income: income, local: local))
    }
}
