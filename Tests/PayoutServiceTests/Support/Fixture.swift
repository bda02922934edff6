import InterestContract

/// Accounts and products for tests.
enum Fixture {
    static let id = "1000-0000-0001"

    static let products = ProductCatalogue(
        schedules: [
            "DEMAND-2": [schedule("2020-01-01", (nil, 20_000))],
            "TIER-100": [schedule("2020-01-01", (100_000_000, 20_000), (nil, 1_000))],
            "TIER-50": [schedule("2020-01-01", (50_000_000, 23_000), (nil, 40_000))],
            "STEP-2022": [
                schedule("2020-01-01", (nil, 23_000)), schedule("2022-12-13", (50_000_000, 23_000), (nil, 40_000)),
            ],
        ])

    static func schedule(_ since: String, _ bands: (Int64?, Int64)...) -> RateSchedule {
        guard let schedule = try? RateSchedule(since: date(since), bands: bands.map { RateBand(upTo: $0.0, ppm: $0.1) }) else {
            preconditionFailure("no schedule since \(since)")
        }
        return schedule
    }

    static func date(_ text: String) -> CivilDate {
        guard let date = CivilDate(text) else { preconditionFailure("no date: \(text)") }
        return date
    }

    /// Opened in 2025, paid through 2026-02-28, so that one day is unpaid on 2026-03-02.
    static func account(
        _ balance: Int64, id: String = Fixture.id, product: String = "DEMAND-2", tax: TaxCategory = .resident,
        treatyPpm: Int64? = nil,
        customer: String = "C1", openedOn: String = "2025-01-01", lastPaidOn: String? = "2026-03-01", pots: [Int64] = [],
        change: (inout FixtureAccount) -> Void = { _ in }
    ) -> FixtureAccount {
        var account = FixtureAccount(
            customer: .init(id: customer, taxCategory: tax, treatyPpm: treatyPpm), id: id, product: product,
            openedOn: date(openedOn),
            lastPaidOn: lastPaidOn.map(date), pots: pots.enumerated().map { .init(id: "P\($0.offset)", balance: $0.element) },
            entries: balance == 0 ? [] : [.init(bookedOn: date(openedOn), valuedOn: date(openedOn), amount: balance)])
        change(&account)
        return account
    }
}
