import InterestContract
import Testing

@testable import LegacyCore

@Suite struct WithholdingTests {
    struct Case: Sendable {
        var category: TaxCategory
        var gross: Int64
        var incomeTax: Int64
        var local: Int64
        var treatyPpm: Int64?

        init(_ category: TaxCategory, _ gross: Int64, _ incomeTax: Int64, _ local: Int64, treaty: Int64? = nil) {
            self.category = category
            self.gross = gross
            self.incomeTax = incomeTax
            self.local = local
            treatyPpm = treaty
        }
    }

    @Test(arguments: [
        // 14 %: the first ten won at 72, the first local ten won at 715.
        Case(.resident, 1, 0, 0), Case(.resident, 71, 0, 0), Case(.resident, 72, 10, 0), Case(.resident, 109, 10, 0),
        Case(.resident, 142, 10, 0), Case(.resident, 143, 20, 0), Case(.resident, 714, 90, 0), Case(.resident, 715, 100, 10),
        Case(.resident, 2_739, 380, 30), Case(.resident, 7_142, 990, 90), Case(.resident, 7_143, 1_000, 100),
        // 20 %.
        Case(.nonResident, 49, 0, 0), Case(.nonResident, 50, 10, 0), Case(.nonResident, 499, 90, 0),
        Case(.nonResident, 500, 100, 10),
        Case(.nonResident, 5_479, 1_090, 100),
        // The treaty's own rate, without local tax.
        Case(.treaty, 5_479, 540, 0, treaty: 100_000), Case(.treaty, 99, 0, 0, treaty: 100_000),
        Case(.treaty, 100, 10, 0, treaty: 100_000),
        Case(.treaty, 5_479, 0, 0, treaty: 0), Case(.treaty, 5_479, 5_470, 0, treaty: 1_000_000),
        Case(.treaty, 10, 10, 0, treaty: 1_000_000),
        // Corporations: nothing below a tax of 1 000 won.
        Case(.corporate, 6_000, 0, 0), Case(.corporate, 7_142, 0, 0), Case(.corporate, 7_143, 1_000, 100),
        Case(.corporate, 100_000, 14_000, 1_400),
        Case(.exempt, 1_000_000, 0, 0),
        // No overflow at the end of 64 bits.
        Case(.resident, .max, 1_291_272_085_159_668_610, 129_127_208_515_966_860),
    ])
    func table(_ given: Case) {
        let tax = Withholding(gross: given.gross, category: given.category, treatyPpm: given.treatyPpm)
        #expect(tax.incomeTax == given.incomeTax)
        #expect(tax.localIncomeTax == given.local)
    }

    /// Each tax is a multiple of ten, at most its rate, and less than ten won below it.
    @Test func truncation() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<2_000 {
            let gross = Int64.random(in: 1...10_000_000, using: &random)
            let tax = Withholding(gross: gross, category: .nonResident, treatyPpm: nil)
            #expect(tax.incomeTax % 10 == 0 && tax.localIncomeTax % 10 == 0)
            #expect((0..<1_000).contains(gross * 20 - tax.incomeTax * 100))
            #expect((0..<100).contains(tax.incomeTax - tax.localIncomeTax * 10))
        }
    }
}
