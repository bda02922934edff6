import InterestContract
import Testing

@testable import PayoutService

/// What days and balances earn, and what becomes of the money: over the wire.
@Suite struct MoneyTests {
    @Test(arguments: Bank.stores) func aLateBookingChangesUnpaidDaysOnly(_ store: Bank.Engine) async throws {
        // 36 500 000 earn 2 000 a day; ten unpaid days.
        try await store.open([Fixture.account(36_500_000, lastPaidOn: "2026-02-20")]) { bank in
            #expect(try await bank.preview().gross == 20_000)
            #expect(try await bank.transact(.deposit, 36_500_000, valueDate: "2026-02-25").status == 201)
            #expect(try await bank.preview().gross == 30_000)
            // Before the last paid date: all unpaid days, and none of the paid ones.
            #expect(try await bank.transact(.withdrawal, 36_500_000, valueDate: "2025-06-01").status == 201)
            #expect(try await bank.preview().gross == 10_000)
            #expect(try await bank.pay()["grossInterest"] == 10_000)
            #expect(try await bank.transact(.deposit, 36_500_000, valueDate: "2026-02-22").status == 201)
            #expect(try await bank.preview(at: "2026-03-03T12:00:00+09:00").gross == 4_000)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func potsAreInTheBandsAndNotInTheBalance(_ store: Bank.Engine) async throws {
        let account = Fixture.account(60_000_000, product: "TIER-100", pots: [30_000_000, 20_000_000])
        try await store.open([account]) { bank in
            #expect(try await bank.preview().gross == 5_506)
            #expect(try await bank.account()["balance"] == 60_000_000)
            #expect(try await bank.close().code == "POTS_NOT_EMPTY")
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func aSumBelowZeroCountsAsZero(_ store: Bank.Engine) async throws {
        let account = Fixture.account(-50_000_000, lastPaidOn: "2026-02-28", pots: [10_000_000]) {
            $0.entries.append(
                .init(bookedOn: Fixture.date("2026-03-01"), valuedOn: Fixture.date("2026-03-01"), amount: 76_500_000))
        }
        try await store.open([account]) { bank in
            let answer = try await bank.preview()
            #expect(answer.gross == 2_000)
            #expect(answer.json?["period"]?["days"]?.integer == 2)
        }
    }

    @Test(arguments: Bank.stores) func aScheduleCutsTheRunWhereItBegins(_ store: Bank.Engine) async throws {
        // 80 000 000: 5 041 a day before 2022-12-13 (2.3 %), 6 438 from then on.
        let account = Fixture.account(80_000_000, product: "STEP-2022", openedOn: "2022-01-01", lastPaidOn: "2022-12-12")
        try await store.open([account]) { bank in
            let before = try await bank.preview(at: "2022-12-13T09:00:00+09:00")
            #expect(before.gross == 5_041)
            #expect(try await bank.preview(at: "2022-12-14T09:00:00+09:00").gross == 11_479)
        }
    }

    @Test(arguments: Bank.stores) func ratesCountFromTheirDateForUnpaidDays(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(36_500_000, lastPaidOn: "2026-02-28")]) { bank in
            #expect(try await bank.preview().gross == 4_000)
            let rates = try await bank.post(
                "/v1/products/DEMAND-2/rates", #"{"since":"2026-03-01","bands":[{"upTo":18250000,"ppm":40000},{"ppm":0}]}"#)
            #expect(rates.status == 201)
            #expect(
                rates.text
                    == #"{"product":"DEMAND-2","since":"2026-03-01","bands":[{"upTo":18250000,"ppm":40000},{"upTo":null,"ppm":0}]}"#
            )
            #expect(try await bank.preview().gross == 4_000)
            // The same date again replaces it.
            #expect(
                try await bank.post("/v1/products/DEMAND-2/rates", #"{"since":"2026-03-01","bands":[{"ppm":10000}]}"#).status
                    == 201)
            #expect(try await bank.preview().gross == 3_000)
            #expect(
                try await bank.post("/v1/products/NONE/rates", #"{"since":"2026-03-01","bands":[{"ppm":1}]}"#).code
                    == "PRODUCT_NOT_FOUND")
            // No schedule in force on a day: nothing for it.
            #expect(try await bank.preview(at: "2019-01-01T00:00:00+09:00").code == "BUSINESS_DATE_IN_PAST")
        }
    }

    struct Hold: Sendable {
        var state: AccountState = .active
        var freeze = false
        var held: Int64
        var incident: Int64?
        var after: Int64
    }

    /// The net is 2 329.
    @Test(
        arguments: [
            Hold(held: 10, after: 10), Hold(state: .seized, held: 10, after: 2_339), Hold(freeze: true, held: 0, after: 2_329),
            Hold(state: .fraudHold, held: 100, incident: 5_000, after: 2_429),
            Hold(state: .fraudHold, held: 100, incident: 2_429, after: 2_429),
            Hold(state: .fraudHold, held: 100, incident: 2_428, after: 2_428),
            Hold(state: .fraudHold, held: 100, incident: 50, after: 100),
            Hold(state: .fraudHold, freeze: true, held: 100, incident: 50, after: 2_429),
        ], Bank.stores) func theHeldAmountAfterAPayout(_ hold: Hold, on store: Bank.Engine) async throws
    {
        let account = Fixture.account(50_000_000) {
            $0.state = hold.state
            $0.withdrawalFreeze = hold.freeze
            $0.heldAmount = hold.held
            $0.incidentAmount = hold.incident
        }
        try await store.open([account]) { bank in
            let paid = try await bank.pay()
            #expect(paid["heldAmount"] == hold.after)
            #expect(try await bank.account()["heldAmount"] == hold.after)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func aClosurePaysInterestAndEverythingOut(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(50_000_000)]) { bank in
            let closed = try await bank.close()
            #expect(closed.status == 201)
            #expect(closed.gross == 2_739)
            #expect(closed["paidOut"] == 50_002_329)
            #expect(closed["balanceAfter"] == 0)
            #expect(closed.json?["state"]?.string == "CLOSED")
            let account = try await bank.account()
            #expect(account["balance"] == 0)
            #expect(account.json?["lastPaidOn"]?.string == "2026-03-02")
            #expect(try await bank.close().code == "ACCOUNT_CLOSED")
            #expect(try await bank.bookTaxes() == .init(booked: 1))
            try await bank.expectCleanBooks()
            let row = try await bank.get("/v1/books/accounts").json?["accounts"]?.array?.first
            #expect(row?["closedPaidOut"]?.integer == 50_002_329)
            #expect(row?["payouts"]?.integer == 1)
            #expect(row?["taxRecords"]?.integer == 1)
        }
    }

    @Test(arguments: Bank.stores) func aClosureWithNothingPayableShowsZeros(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(50_000_000, lastPaidOn: "2026-03-02"), Fixture.account(0, id: "E", customer: "C2")])
        { bank in
            let paidToday = try await bank.close()
            #expect(paidToday["paidOut"] == 50_000_000)
            #expect(paidToday.gross == 0)
            #expect(paidToday.text.contains(#""period":{"from":"2026-03-02","to":"2026-03-02","days":0}"#))
            let empty = try await bank.close("E")
            #expect(empty["paidOut"] == 0)
            #expect(try await bank.account("E").json?["lastPaidOn"]?.string == "2026-03-01")
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func interestMayLiftAClosureAboveZero(_ store: Bank.Engine) async throws {
        // 36 500 000 for a day earn 2 000, net of 280 and 20: 1 700.
        let entries: @Sendable (Int64) -> FixtureAccount = { taken in
            Fixture.account(36_500_000) {
                $0.entries.append(
                    .init(bookedOn: Fixture.date("2026-03-02"), valuedOn: Fixture.date("2026-03-02"), amount: -taken))
            }
        }
        try await store.open([entries(36_501_700)]) { bank in
            let closed = try await bank.close()
            #expect(closed["paidOut"] == 0)
            #expect(closed.net == 1_700)
            try await bank.expectCleanBooks()
        }
        try await store.open([entries(36_501_701)]) { bank in
            let refused = try await bank.close()
            #expect(refused.code == "NEGATIVE_BALANCE")
        }
    }

    @Test(arguments: Bank.stores) func answersHaveTheContractsForm(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(50_000_000)]) { bank in
            let preview = try await bank.preview()
            #expect(
                preview.text
                    == #"{"period":{"from":"2026-03-01","to":"2026-03-01","days":1},"grossInterest":2739,"incomeTax":380,"#
                    + #""localIncomeTax":30,"netInterest":2329}"#)
            let paid = try await bank.pay(at: "2026-03-02T00:00:01.9Z")
            #expect(paid.json?["processedAt"]?.string == "2026-03-02T09:00:01+09:00")
            #expect(paid.json?["businessDate"]?.string == "2026-03-02")
            #expect(paid.json?["currency"]?.string == "KRW")
            #expect(paid.json?["accountId"]?.string == Fixture.id)
            #expect(
                try await bank.account().text
                    == #"{"accountId":"1000-0000-0001","balance":50002329,"heldAmount":0,"lastPaidOn":"2026-03-02","state":"ACTIVE","#
                    + #""depositFreeze":false,"withdrawalFreeze":false,"incidentAmount":null,"customerState":"NORMAL"}"#)
        }
    }
}
