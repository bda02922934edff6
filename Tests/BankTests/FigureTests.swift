import FixtureGeneration
import InterestContract
import Outbound
import Testing

/// The rules' figures, through the wire, from both services.
@Suite struct FigureTests {
    struct Figure: Sendable, CustomTestStringConvertible {
        var name: String
        var product = "DEMAND-2"
        var tax = TaxCategory.resident
        var balance: Int64
        var lastPaidOn = "2026-03-01"
        var at = "2026-03-02T09:00:00+09:00"
        var gross: Int64
        var incomeTax: Int64? = nil
        var localIncomeTax: Int64? = nil
        var net: Int64? = nil

        var testDescription: String { name }
    }

    static let figures = [
        Figure(name: "1", balance: 2_000_000, gross: 109, incomeTax: 10, localIncomeTax: 0, net: 99),
        Figure(name: "2", balance: 50_000_000, gross: 2_739, incomeTax: 380, localIncomeTax: 30, net: 2_329),
        Figure(name: "4", product: "TIER-100", balance: 110_000_000, gross: 5_506),
        Figure(name: "5", product: "TIER-50", balance: 80_000_000, gross: 6_438),
        Figure(
            name: "6", balance: 100_000_000, lastPaidOn: "2024-02-29", at: "2024-03-01T09:00:00+09:00", gross: 5_479),
        Figure(name: "7", balance: 100_000_000, at: "2026-03-02T00:30:00+09:00", gross: 5_479),
        Figure(name: "7, written in UTC", balance: 100_000_000, at: "2026-03-01T15:30:00Z", gross: 5_479),
        Figure(name: "8", balance: 2_000_000, lastPaidOn: "2026-01-31", gross: 3_287),
        Figure(
            name: "9, below", tax: .corporate, balance: 109_500_000, gross: 6_000, incomeTax: 0, localIncomeTax: 0, net: 6_000),
        Figure(
            name: "9, above", tax: .corporate, balance: 130_359_750, gross: 7_143, incomeTax: 1_000, localIncomeTax: 100,
            net: 6_043),
        Figure(
            name: "10", tax: .nonResident, balance: 100_000_000, gross: 5_479, incomeTax: 1_090, localIncomeTax: 100,
            net: 4_289),
    ]

    private static func account(_ index: Int, _ figure: Figure) -> FixtureAccount {
        let opened = CalendarFromDate.day("2024-01-01").date
        return FixtureAccount(
            customer: .init(id: "C\(index)", taxCategory: figure.tax), id: "F-\(index)", product: figure.product,
            openedOn: opened,
            lastPaidOn: CalendarFromDate.day(figure.lastPaidOn).date,
            entries: [.init(bookedOn: opened, valuedOn: opened, amount: figure.balance)])
    }

    @Test func previewAndPayoutGiveTheFigure() async throws {
        let accounts = Self.figures.enumerated().map { Self.account($0.offset, $0.element) }
        try await RunningPair.run(.init(accounts: accounts)) { pair in
            for side in [pair.legacy, pair.payout] {
                for (index, figure) in Self.figures.enumerated() {
                    let path = "/v1/accounts/F-\(index)/interest"
                    let preview = try await pair.call(side, WireCall(method: "GET", path: path, at: figure.at))
                    let payout = try await pair.call(
                        side, WireCall(path: path + "-payouts", at: figure.at, key: "f\(index)", body: #"{"channel":"MOBILE"}"#))
                    #expect(preview.status == 200 && payout.status == 201, "figure \(figure.name) at \(side)")
                    for answer in [preview, payout] {
                        let document = try WireJSON(answer.body)
                        func expect(_ member: String, _ wanted: Int64?) {
                            guard let wanted else { return }
                            #expect(document[member]?.integer == wanted, "figure \(figure.name) at \(side): \(member)")
                        }
                        expect("grossInterest", figure.gross)
                        expect("incomeTax", figure.incomeTax)
                        expect("localIncomeTax", figure.localIncomeTax)
                        expect("netInterest", figure.net)
                    }
                    let paid = try WireJSON(payout.body)
                    let net = try #require(paid["netInterest"]?.integer)
                    #expect(paid["balanceAfter"]?.integer == figure.balance + net)
                }
            }
        }
    }

    @Test func figure3ClaimsDailyForAYearLess() async throws {
        let claims = 364
        let start = CalendarFromDate.day("2025-03-02")
        let opened = CalendarFromDate.day("2025-01-01").date
        let account = FixtureAccount(
            customer: .init(id: "C1"), id: "F-3", product: "DEMAND-2", openedOn: opened, lastPaidOn: (start - 1).date,
            entries: [.init(bookedOn: opened, valuedOn: opened, amount: 50_000_000)])
        try await RunningPair.run(.init(accounts: [account])) { pair in
            for side in [pair.legacy, pair.payout] {
                var total: Int64 = 0
                for claim in 0..<claims {
                    let call = WireCall(
                        path: "/v1/accounts/F-3/interest-payouts", at: "\((start + claim).date)T09:00:00+09:00", key: "c\(claim)",
                        body: #"{"channel":"BATCH"}"#)
                    let document = try WireJSON(try await pair.call(side, call).body)
                    total += try #require(document["netInterest"]?.integer, "claim \(claim) at \(side)")
                }
                #expect(total == 856_287, "\(side)")
            }
        }
    }
}
