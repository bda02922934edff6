import InterestContract
import Testing

@testable import PayoutService

/// The specification's figures, over the wire.
@Suite struct FiguresTests {
    struct Figure: Sendable, CustomTestStringConvertible {
        var number: Int
        var account: FixtureAccount
        var at = Bank.noon
        var gross: Int64
        var income: Int64?
        var local: Int64?
        var net: Int64?
        var testDescription: String { "figure \(number)" }
    }

    static let figures = [
        Figure(number: 1, account: Fixture.account(2_000_000), gross: 109, income: 10, local: 0, net: 99),
        Figure(number: 2, account: Fixture.account(50_000_000), gross: 2_739, income: 380, local: 30, net: 2_329),
        Figure(number: 4, account: Fixture.account(110_000_000, product: "TIER-100"), gross: 5_506),
        Figure(number: 5, account: Fixture.account(80_000_000, product: "TIER-50"), gross: 6_438),
        Figure(
            number: 6, account: Fixture.account(100_000_000, openedOn: "2023-01-01", lastPaidOn: "2024-02-29"),
            at: "2024-03-01T12:00:00+09:00", gross: 5_479),
        Figure(number: 7, account: Fixture.account(100_000_000), at: "2026-03-01T15:30:00Z", gross: 5_479),
        Figure(number: 8, account: Fixture.account(2_000_000, lastPaidOn: "2026-01-31"), gross: 3_287),
        // 109 500 000 earn 6 000 a day, 130 359 750 earn 7 143.
        Figure(number: 9, account: Fixture.account(109_500_000, tax: .corporate), gross: 6_000, income: 0, local: 0, net: 6_000),
        Figure(
            number: 9, account: Fixture.account(130_359_750, tax: .corporate), gross: 7_143, income: 1_000, local: 100, net: 6_043
        ),
        Figure(
            number: 10, account: Fixture.account(100_000_000, tax: .nonResident), gross: 5_479, income: 1_090, local: 100,
            net: 4_289),
    ]

    @Test(arguments: figures, Bank.stores) func previewAndPayoutAgreeWithTheFigure(_ figure: Figure, on store: Bank.Engine)
        async throws
    {
        try await store.open([figure.account]) { bank in
            let preview = try await bank.preview(at: figure.at)
            #expect(preview.status == 200)
            #expect(preview.gross == figure.gross)
            if let income = figure.income { #expect(preview["incomeTax"] == income) }
            if let local = figure.local { #expect(preview["localIncomeTax"] == local) }
            if let net = figure.net { #expect(preview.net == net) }
            let paid = try await bank.pay(at: figure.at)
            #expect(paid.status == 201)
            for field in ["grossInterest", "incomeTax", "localIncomeTax", "netInterest"] {
                #expect(paid[field] == preview[field])
            }
            #expect(paid.json?["period"] == preview.json?["period"])
            let account = try await bank.account()
            #expect(account["balance"] == figure.account.entries[0].amount + (paid.net ?? 0))
            #expect(paid["balanceAfter"] == account["balance"])
            try await bank.expectCleanBooks()
        }
    }

    /// Figure 3: 364 daily claims, each net joining the balance.
    @Test(arguments: Bank.stores) func dailyClaimsAddUpToThePublishedSum(_ store: Bank.Engine) async throws {
        let account = Fixture.account(50_000_000, lastPaidOn: nil) { $0.openedOn = Fixture.date("2025-01-01") }
        try await store.open([account]) { bank in
            var total: Int64 = 0
            let first = Day(Fixture.date("2025-01-02"))
            for offset in 0..<364 {
                let paid = try await bank.pay(at: "\(try (first + offset).civil)T09:00:00+09:00")
                total += paid.net ?? 0
            }
            #expect(total == 856_287)
            try await bank.bookTaxes()
            try await bank.expectCleanBooks()
        }
    }
}
