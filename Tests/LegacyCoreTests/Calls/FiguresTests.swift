import InterestContract
import Testing

@testable import LegacyCore

/// The figures that the rules name, over the wire.
@Suite struct FiguresTests {
    struct Figure: Sendable {
        var id: String
        var account: FixtureAccount
        var time = Bank.today
        var gross: Int64
        var incomeTax: Int64
        var local: Int64
        var net: Int64
    }

    private static func figure(
        _ id: String, _ balance: Int64, _ gross: Int64, _ incomeTax: Int64, _ local: Int64, product: String = "DEMAND-2",
        openedOn: String = "2023-01-01", paid: String = "2026-03-01", at time: String = Bank.today, tax: TaxCategory = .resident
    ) -> Figure {
        Figure(
            id: id,
            account: Bank.account(id, balance: balance, product: product, openedOn: openedOn, lastPaidOn: paid, tax: tax),
            time: time, gross: gross, incomeTax: incomeTax, local: local, net: gross - incomeTax - local)
    }

    static let figures = [
        figure("F1", 2_000_000, 109, 10, 0),
        figure("F2", 50_000_000, 2_739, 380, 30),
        figure("F4", 110_000_000, 5_506, 770, 70, product: "TIER-100"),
        figure("F5", 80_000_000, 6_438, 900, 90, product: "TIER-50"),
        figure("F6", 100_000_000, 5_479, 760, 70, paid: "2024-02-29", at: "2024-03-01T09:00:00+09:00"),
        figure("F7", 100_000_000, 5_479, 760, 70, at: "2026-03-02T00:30:00+09:00"),
        figure("F7-Z", 100_000_000, 5_479, 760, 70, at: "2026-03-01T15:30:00Z"),
        figure("F8", 2_000_000, 3_287, 460, 40, paid: "2026-01-31"),
        // 6 000.0 and 7 143.0 a day at 2 %: 109 500 000 and 130 359 750 won.
        figure("F9-A", 109_500_000, 6_000, 0, 0, tax: .corporate),
        figure("F9-B", 130_359_750, 7_143, 1_000, 100, tax: .corporate),
        figure("F10", 100_000_000, 5_479, 1_090, 100, tax: .nonResident),
    ]

    @Test(arguments: Bank.stores) func figuresOverTheWire(_ store: BankStore) async throws {
        let configuration = LegacyCoreConfiguration(
            store: try await store.open(), products: try Bank.products(), accounts: Self.figures.map(\.account))
        try await withServedBank(configuration) { bank async throws in
            for figure in Self.figures {
                let preview = try await bank.send("GET", "/v1/accounts/\(figure.id)/interest", at: figure.time)
                #expect(preview.status == 200, "\(figure.id)")
                let payout = try await bank.payout(figure.id, at: figure.time)
                #expect(payout.status == 201, "\(figure.id)")
                for reply in [preview, payout] {
                    #expect(reply.contentType == "application/json")
                    #expect(reply["grossInterest"] == figure.gross, "\(figure.id)")
                    #expect(reply["incomeTax"] == figure.incomeTax, "\(figure.id)")
                    #expect(reply["localIncomeTax"] == figure.local, "\(figure.id)")
                    #expect(reply["netInterest"] == figure.net, "\(figure.id)")
                }
                let balance = figure.account.entries.reduce(0) { $0 + $1.amount }
                #expect(payout["balanceAfter"] == balance + figure.net, "\(figure.id)")
                let account = try await bank.send("GET", "/v1/accounts/\(figure.id)")
                #expect(account["balance"] == balance + figure.net)
                #expect(account.text("lastPaidOn") == payout.text("businessDate"))
            }
        }
    }

    /// Figure 3: a whole year of daily claims, each net joining the balance.
    @Test(arguments: Bank.stores) func dailyClaimsOfAYear(_ store: BankStore) async throws {
        let bank = try await Bank(on: store, [Bank.account(balance: 50_000_000, openedOn: "2025-01-01", lastPaidOn: nil)])
        var date = Bank.date("2025-01-01")
        var sum: Int64 = 0
        for _ in 0..<364 {
            date = try #require(CivilCalendar.dayAfter(date))
            let reply = await bank.payout(at: "\(date)T09:00:00+09:00")
            sum += try #require(reply["netInterest"])
        }
        #expect(sum == 856_287)
        #expect(try await bank.complaints() == [])
        #expect(await bank.get("/v1/accounts/A-1")["balance"] == 50_856_287)
    }

    @Test(arguments: Bank.stores) func answerOfAPayout(_ store: BankStore) async throws {
        let bank = try await Bank(on: store, [Bank.account(lastPaidOn: "2026-01-31")])
        let reply = await bank.payout(at: "2026-03-01T15:30:00.987Z")
        #expect(reply.json["period"]?["from"]?.string == "2026-01-31")
        #expect(reply.json["period"]?["to"]?.string == "2026-03-01")
        #expect(reply.json["period"]?["days"]?.integer == 30)
        #expect(reply.text("businessDate") == "2026-03-02")
        #expect(reply.text("processedAt") == "2026-03-02T00:30:00+09:00")
        #expect(reply.text("currency") == "KRW")
        #expect(reply.text("accountId") == "A-1")
        #expect(reply["heldAmount"] == 0)
        #expect(reply.text("payoutId")?.isEmpty == false)
    }

    @Test(arguments: Bank.stores) func clockWithoutAHeader(_ store: BankStore) async throws {
        // 1 772 377 199 s is 23:59:59 on 1 March in Korea.
        let before = try await Bank(on: store, now: 1_772_377_199)
        #expect(await before.get("/v1/accounts/A-1/interest", at: nil).code == .alreadyPaidToday)
        let after = try await Bank(on: store, now: 1_772_377_200)
        #expect(await after.get("/v1/accounts/A-1/interest", at: nil)["grossInterest"] == 5_479)
    }
}
