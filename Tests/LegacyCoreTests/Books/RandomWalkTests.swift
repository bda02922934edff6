import InterestContract
import Testing

@testable import LegacyCore

/// Whatever is called in whatever order, the books agree, and a preview is what the single entries say.
@Suite struct RandomWalkTests {
    @Test(arguments: Bank.stores, [UInt64(11), 12, 13])
    func booksAgreeAfterAnyCalls(_ store: BankStore, _ seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let names = ["A-1", "B-2", "C-3", "D-4"]
        let products = ["DEMAND-2", "TIER-50", "TIER-100", "STEP-2022"]
        let accounts = zip(names, products).map { name, product in
            Bank.account(name, balance: Int64.random(in: 0...200_000_000, using: &random), product: product, lastPaidOn: nil)
        }
        let bank = try await Bank(on: store, accounts, allowFixtures: true)
        var today = Bank.date("2025-03-01")
        var paid = 0
        for _ in 0..<150 {
            let time = "\(today)T09:00:00+09:00"
            let name = names[Int.random(in: 0..<4, using: &random)]
            let other = names[Int.random(in: 0..<4, using: &random)]
            let amount = Int64.random(in: 1...90_000_000, using: &random)
            let reply: Reply
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<7: reply = await bank.payout(name, at: time)
            case 7..<10: reply = await bank.move(.deposit, amount, name, valueDate: lateDate(today, &random), at: time)
            case 10..<13: reply = await bank.move(.withdrawal, amount, name, valueDate: lateDate(today, &random), at: time)
            case 13..<16: reply = await bank.transfer(amount, from: name, to: name == other ? names[0] : other, at: time)
            case 16: reply = await bank.payout(name, at: time, mode: "dry-run")
            case 17: reply = await bank.payout(name, at: time, mode: "mirror")
            case 18:
                let fixture = Bank.account(name, balance: amount, product: products[0], lastPaidOn: nil)
                reply = await bank.post("/v1/fixtures", String(decoding: fixture.json, as: UTF8.self), at: time)
            default: for _ in 0..<20 { today = CivilCalendar.dayAfter(today) ?? today }; continue
            }
            #expect(reply.status < 500)
            if reply.status == 201 && reply.text("payoutId") != nil { paid += 1 }
            for _ in 0..<Int.random(in: 0...2, using: &random) { today = CivilCalendar.dayAfter(today) ?? today }
        }
        #expect(paid > 10)
        #expect(try await bank.complaints() == [])
        for name in names { try await expectPreview(of: name, in: bank, at: today) }
    }

    private func lateDate(_ today: CivilDate, _ random: inout SplitMix64) -> String? {
        guard Bool.random(using: &random) else { return nil }
        var date = today
        for _ in 0..<Int.random(in: 0...40, using: &random) { date = CivilCalendar.dayBefore(date) ?? date }
        return "\(date)"
    }

    /// From the entries themselves: for each day the sum of what is valued by then.
    private func expectPreview(of name: String, in bank: Bank, at today: CivilDate) async throws {
        let (account, entries, schedules) = try await bank.read { books in
            let account = try AccountRecord.find(name, in: books)
            let entries = try books.rows("SELECT valued_on, amount FROM entry WHERE account_id = :account", ["account": name])
                .map { (try CivilDate(stored: $0.integer(0)), try $0.integer(1)) }
            return (account, entries, try InterestInputs.schedules(of: account.product, in: books))
        }
        var accrued: Int128 = 0
        var day = account.countedFrom
        while day < today {
            let balance = entries.reduce(Int64(0)) { $0 + ($1.0 <= day ? $1.1 : 0) }
            let bands = schedules.last { $0.since <= day }?.bands ?? []
            accrued += DailyInterest.earned(on: Int128(balance), bands: bands)
            day = try #require(CivilCalendar.dayAfter(day))
        }
        let reply = await bank.preview(name, at: "\(today)T00:00:00+09:00")
        let gross = accrued / 365_000_000
        #expect(gross >= 1 ? reply["grossInterest"].map { Int128($0) } == gross : reply.status != 200, "\(name)")
    }
}
