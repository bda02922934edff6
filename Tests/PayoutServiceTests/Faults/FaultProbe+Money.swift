import InterestContract

/// Rounding, bands, days and taxes: the amounts of a preview.
extension FaultProbe {
    static let money = rounding + tiers + days + taxes

    private static let rounding = [
        // 2 000 000 earn 109.589… a day.
        FaultProbe(
            "round-half-up", Fixture.account(2_000_000, tax: .exempt), plain: "109 0 0", faulty: "110 0 0"),
        // 1 000.5 and 1 001.5: the middle goes to the even won.
        FaultProbe(
            "round-half-even", Fixture.account(18_259_125, id: "A1", tax: .exempt),
            Fixture.account(18_277_375, id: "A2", tax: .exempt), plain: "1000 0 0, 1001 0 0", faulty: "1000 0 0, 1002 0 0"
        ) { bank in
            "\(figures(try await bank.preview("A1"))), \(figures(try await bank.preview("A2")))"
        },
        FaultProbe(
            "truncate-per-day", Fixture.account(2_000_000, tax: .exempt, lastPaidOn: "2026-02-26"), plain: "438 0 0",
            faulty: "436 0 0"),
        FaultProbe(
            "truncate-per-band", Fixture.account(80_000_000, product: "TIER-50", tax: .exempt), plain: "6438 0 0",
            faulty: "6437 0 0"),
        // 109.589… today, 109.595… tomorrow.
        FaultProbe(
            "carry-the-fraction", Fixture.account(2_000_000, tax: .exempt), plain: "201 109 0 0", faulty: "201 110 0 0"
        ) { bank in
            "\(outcome(try await bank.pay())) \(try await nextDay(bank))"
        },
    ]

    private static let tiers = [
        FaultProbe(
            "tier-inclusive", Fixture.account(100_000_000, product: "TIER-100", tax: .exempt), plain: "5479 0 0",
            faulty: "273 0 0"),
        FaultProbe(
            "tier-whole-balance", Fixture.account(110_000_000, product: "TIER-100", tax: .exempt), plain: "5506 0 0",
            faulty: "301 0 0"),
        FaultProbe(
            "pots-not-pooled", Fixture.account(18_250_000, tax: .exempt, pots: [18_250_000]), plain: "2000 0 0",
            faulty: "1000 0 0"),
    ]

    private static let days = [
        FaultProbe(
            "year-366-in-leap-years",
            Fixture.account(36_600_000, tax: .exempt, openedOn: "2023-01-01", lastPaidOn: "2024-03-01"), plain: "2005 0 0",
            faulty: "2000 0 0"
        ) { figures(try await $0.preview(at: "2024-03-02T12:00:00+09:00")) },
        FaultProbe("both-ends-counted", thousandADay(), plain: "1000 0 0", faulty: "2000 0 0"),
        FaultProbe("booking-date-for-value-date", thousandADay(), plain: "2000 0 0", faulty: "1000 0 0") { bank in
            _ = try await bank.transact(.deposit, 18_250_000, valueDate: "2026-03-01")
            return figures(try await bank.preview())
        },
        // The last day at 2.3 %, the first day of the bands.
        FaultProbe(
            "newest-rate-for-all-days",
            Fixture.account(80_000_000, product: "STEP-2022", tax: .exempt, openedOn: "2022-01-01", lastPaidOn: "2022-12-12"),
            plain: "11479 0 0", faulty: "12876 0 0"
        ) { figures(try await $0.preview(at: "2022-12-14T12:00:00+09:00")) },
        FaultProbe("utc-date", thousandADay(), plain: "1000 0 0", faulty: "ALREADY_PAID_TODAY") {
            figures(try await $0.preview(at: "2026-03-02T00:30:00+09:00"))
        },
    ]

    private static let taxes = [
        // 650 won: 14 % = 91 → 90, a tenth of it 9 → 0; 15.4 % at once = 100.1 → 100.
        FaultProbe("tax-on-combined-rate", Fixture.account(11_862_500), plain: "650 90 0", faulty: "650 90 10"),
        // 71.78 won: 14 % = 10.05, of 71 won 9.94.
        FaultProbe("tax-before-the-floor", Fixture.account(1_310_000), plain: "71 0 0", faulty: "71 10 0"),
        FaultProbe(
            "small-tax-spared-for-residents", Fixture.account(50_000_000), plain: "2739 380 30", faulty: "2739 0 0"),
        FaultProbe(
            "small-tax-taken-from-corporates", Fixture.account(50_000_000, tax: .corporate), plain: "2739 0 0",
            faulty: "2739 380 30"),
        FaultProbe(
            "treaty-without-rate", Fixture.account(50_000_000, tax: .treaty, treatyPpm: 100_000), plain: "2739 270 0",
            faulty: "2739 540 50"),
        FaultProbe(
            "tax-category-ignored", Fixture.account(50_000_000, tax: .exempt), plain: "2739 0 0", faulty: "2739 380 30"),
    ]
}
