import InterestContract
import Testing

@testable import LegacyCore

@Suite struct MovementTests {
    @Test(arguments: Bank.stores) func lateBookingChangesDaysNotPaidYet(_ store: BankStore) async throws {
        // Ten days at 2 % of 18 250 000: 1 000 a day.
        let bank = try await Bank(on: store, [Bank.account(balance: 18_250_000, lastPaidOn: "2026-02-20")])
        #expect(await bank.preview()["grossInterest"] == 10_000)
        #expect(await bank.move(.deposit, 18_250_000, valueDate: "2026-02-25").status == 201)
        #expect(await bank.preview()["grossInterest"] == 15_000)
        #expect(await bank.move(.withdrawal, 18_250_000, valueDate: "2026-03-01").status == 201)
        #expect(await bank.preview()["grossInterest"] == 14_000)
        // Before the last paid date: paid days stay paid, later ones earn.
        #expect(await bank.move(.deposit, 18_250_000, valueDate: "2026-01-01").status == 201)
        #expect(await bank.preview()["grossInterest"] == 24_000)
        // Of today: no day counts it yet.
        #expect(await bank.move(.deposit, 18_250_000).status == 201)
        #expect(await bank.preview()["grossInterest"] == 24_000)
        #expect(try await bank.complaints() == [])
        #expect(await bank.payout()["grossInterest"] == 24_000)
        #expect(await bank.move(.deposit, 99_000_000, valueDate: "2026-02-25").status == 201)
        #expect(await bank.preview(at: "2026-03-03T00:00:00+09:00")["grossInterest"] == 8_425)
        #expect(try await bank.complaints() == [])
    }

    @Test(arguments: Bank.stores) func payoutBeforeALaterBooking(_ store: BankStore) async throws {
        // The clock goes back: a deposit of the 5th lies after the payout of the 2nd.
        let bank = try await Bank(on: store, [Bank.account(balance: 18_250_000)])
        #expect(await bank.move(.deposit, 18_250_000, at: "2026-03-05T09:00:00+09:00").status == 201)
        let payout = await bank.payout()
        #expect(payout["grossInterest"] == 1_000)
        #expect(payout["balanceAfter"] == 36_500_850)
        #expect(try await bank.complaints() == [])
        // 3 days of 18 250 850, then one of 36 500 850.
        #expect(await bank.preview(at: "2026-03-06T09:00:00+09:00")["grossInterest"] == 5_000)
    }

    @Test(arguments: Bank.stores) func potsEarnWithTheAccount(_ store: BankStore) async throws {
        let bank = try await Bank(
            on: store,
            [
                Bank.account(balance: 45_000_000, product: "TIER-50") {
                    $0.pots = [.init(id: "P1", balance: 20_000_000), .init(id: "P2", balance: 15_000_000)]
                },
                Bank.account("B-2", balance: -1) { $0.pots = [.init(id: "P1", balance: 18_251)] },
                Bank.account("C-3", balance: -1) { $0.pots = [.init(id: "P1", balance: 18_250)] },
            ])
        #expect(await bank.preview()["grossInterest"] == 6_438)
        #expect(await bank.payout()["balanceAfter"] == 45_005_448)
        #expect(await bank.preview("B-2")["grossInterest"] == 1)
        #expect(await bank.preview("C-3").code == .nothingPayable)
    }

    @Test(arguments: Bank.stores) func transferMovesBothAtOnce(_ store: BankStore) async throws {
        let bank = try await Bank(on: store, [Bank.account(balance: 1_000), Bank.account("B-2", balance: 5)])
        let reply = await bank.transfer(1_000, from: "A-1", to: "B-2")
        #expect(reply.status == 201)
        #expect(reply.json["from"]?["balanceAfter"]?.integer == 0 && reply.json["from"]?["accountId"]?.string == "A-1")
        #expect(reply.json["to"]?["balanceAfter"]?.integer == 1_005 && reply.json["to"]?["accountId"]?.string == "B-2")
        #expect(await bank.transfer(1, from: "A-1", to: "B-2").code == .insufficientFunds)
        #expect(await bank.get("/v1/accounts/B-2")["balance"] == 1_005)
        #expect(try await bank.complaints() == [])
    }

    struct Hold: Sendable {
        var state = AccountState.active
        var frozen = false
        var incident: Int64?
        var held: Int64
        /// After a net of 4 649.
        var after: Int64
    }

    @Test(
        arguments: Bank.stores,
        [
            Hold(held: 0, after: 0), Hold(held: 7, after: 7), Hold(state: .seized, held: 7, after: 4_656),
            Hold(frozen: true, held: 0, after: 4_649), Hold(state: .fraudHold, frozen: true, incident: 1, held: 10, after: 4_659),
            Hold(state: .fraudHold, incident: 100, held: 0, after: 100),
            Hold(state: .fraudHold, incident: 4_648, held: 0, after: 4_648),
            Hold(state: .fraudHold, incident: 4_649, held: 0, after: 4_649),
            Hold(state: .fraudHold, incident: 4_650, held: 0, after: 4_649),
            Hold(state: .fraudHold, incident: 100, held: 500, after: 500),
            Hold(state: .fraudHold, incident: 600, held: 500, after: 600),
            Hold(state: .fraudHold, incident: 9_000, held: 500, after: 5_149),
        ])
    func heldAmountAfterAPayout(_ store: BankStore, _ hold: Hold) async throws {
        let bank = try await Bank(
            on: store,
            [
                Bank.account {
                    $0.state = hold.state
                    $0.withdrawalFreeze = hold.frozen
                    $0.incidentAmount = hold.incident
                    $0.heldAmount = hold.held
                }
            ])
        let reply = await bank.payout()
        #expect(reply["netInterest"] == 4_649)
        #expect(reply["heldAmount"] == hold.after)
        #expect(await bank.get("/v1/accounts/A-1")["heldAmount"] == hold.after)
        #expect(try await bank.complaints() == [])
    }

    @Test(arguments: Bank.stores) func closurePaysInterestAndBalance(_ store: BankStore) async throws {
        let bank = try await Bank(on: store)
        let reply = await bank.close()
        #expect(reply.status == 201)
        #expect(reply["grossInterest"] == 5_479 && reply["netInterest"] == 4_649)
        #expect(reply["paidOut"] == 100_004_649 && reply["balanceAfter"] == 0)
        #expect(reply.text("state") == "CLOSED")
        let account = await bank.get("/v1/accounts/A-1")
        #expect(account["balance"] == 0 && account.text("state") == "CLOSED" && account.text("lastPaidOn") == "2026-03-02")
        #expect(await bank.close().code == .accountClosed)
        #expect(try await bank.complaints() == [])
        let books = await bank.get("/v1/books/accounts")
        #expect(books.json["accounts"]?.array?.first?["closedPaidOut"]?.integer == 100_004_649)
    }

    @Test(arguments: Bank.stores) func closureWithNothingPayable(_ store: BankStore) async throws {
        let bank = try await Bank(on: store, [Bank.account(balance: 100), Bank.account("B-2"), Bank.account("C-3", balance: 0)])
        let small = await bank.close()
        #expect(small["paidOut"] == 100 && small["grossInterest"] == 0)
        #expect(small.json["period"]?["from"]?.string == "2026-03-02")
        #expect(small.json["period"]?["to"]?.string == "2026-03-02")
        #expect(small.json["period"]?["days"]?.integer == 0)
        #expect(await bank.get("/v1/accounts/A-1").text("lastPaidOn") == "2026-03-01")
        #expect(await bank.payout("B-2").status == 201)
        let paid = await bank.close("B-2")
        #expect(paid["paidOut"] == 100_004_649 && paid["netInterest"] == 0)
        let empty = await bank.close("C-3")
        #expect(empty.status == 201 && empty["paidOut"] == 0)
        #expect(try await bank.complaints() == [])
    }

    /// A balance below zero whose interest lifts it to zero may be closed.
    @Test(arguments: Bank.stores) func closureAtTheEdgeOfZero(_ store: BankStore) async throws {
        func account(_ balance: Int64) -> FixtureAccount {
            Bank.account(lastPaidOn: "2026-02-28") {
                let (first, last) = (Bank.date("2026-02-28"), Bank.date("2026-03-02"))
                $0.entries = [
                    .init(bookedOn: first, valuedOn: first, amount: 100_000_000),
                    .init(bookedOn: last, valuedOn: last, amount: balance - 100_000_000),
                ]
            }
        }
        // Two days: gross 10 958, tax 1 530 and 150.
        let below = try await Bank(on: store, [account(-9_279)])
        #expect(await below.close().code == .negativeBalance)
        let zero = try await Bank(on: store, [account(-9_278)])
        let reply = await zero.close()
        #expect(reply.status == 201 && reply["paidOut"] == 0 && reply["netInterest"] == 9_278)
        #expect(try await zero.complaints() == [])
    }

    @Test(arguments: Bank.stores) func statusAndRates(_ store: BankStore) async throws {
        let bank = try await Bank(on: store)
        let status = await bank.post(
            "/v1/accounts/A-1/status",
            #"{"customerState":"KYC_EXPIRED","accountState":"FRAUD_HOLD","incidentAmount":9,"withdrawalFreeze":true}"#)
        #expect(status.status == 200)
        #expect(status.text("customerState") == "KYC_EXPIRED" && status.text("state") == "FRAUD_HOLD")
        #expect(status["incidentAmount"] == 9 && status.json["withdrawalFreeze"] == .bool(true))
        #expect(status.json["depositFreeze"] == .bool(false) && status["balance"] == 100_000_000)
        #expect(await bank.payout().code == .customerKycExpired)
        #expect(await bank.post("/v1/accounts/A-1/status", #"{"incidentAmount":12}"#)["incidentAmount"] == 12)
        #expect(await bank.post("/v1/accounts/X/status", #"{"incidentAmount":12}"#).code == .accountNotFound)

        let open = try await Bank(on: store, [Bank.account(lastPaidOn: "2026-02-20")])
        let rates = await open.post(
            "/v1/products/DEMAND-2/rates",
            #"{"since":"2026-03-01","bands":[{"upTo":50000000,"ppm":0},{"upTo":null,"ppm":40000}]}"#)
        #expect(rates.status == 201 && rates.text("product") == "DEMAND-2")
        // Nine days at 2 % (49 315.07), one of 50 million at 4 % (5 479.45).
        #expect(await open.preview()["grossInterest"] == 54_794)
        // The same date again replaces the schedule, all of its bands.
        #expect(await open.post("/v1/products/DEMAND-2/rates", #"{"since":"2026-03-01","bands":[{"ppm":0}]}"#).status == 201)
        #expect(await open.preview()["grossInterest"] == 49_315)
        #expect(
            await open.post("/v1/products/NONE/rates", #"{"since":"2026-03-01","bands":[{"ppm":0}]}"#).code == .productNotFound)
    }

    /// No account is full, but the general ledger is.
    @Test(arguments: Bank.stores) func beyondTheTotalsIsRefused(_ store: BankStore) async throws {
        let most: Int64 = 9_100_000_000_000_000
        let full = Bank.account(balance: most) { $0.entries = Array(repeating: $0.entries[0], count: 1_013) }
        let bank = try await Bank(on: store, [full, Bank.account("B-2")], allowFixtures: true)
        var statuses: [Int] = []
        for _ in 0..<6 { statuses.append(await bank.move(.deposit, 1_000_000_000_000_000, "B-2").status) }
        #expect(statuses == [201, 201, 201, 201, 201, 400])
        let before = try await bank.contents()
        let more = String(decoding: Bank.account("C-3", balance: most).json, as: UTF8.self)
        #expect(await bank.post("/v1/fixtures", more).status == 400)
        #expect(try await bank.contents() == before)
        #expect(try await bank.complaints() == [])
    }

    @Test(arguments: Bank.stores) func beyondTheBooksIsRefused(_ store: BankStore) async throws {
        let most: Int64 = 9_100_000_000_000_000
        let account = Bank.account(balance: most) { account in
            account.entries = Array(repeating: account.entries[0], count: 1_013)
        }
        let bank = try await Bank(on: store, [account])
        var refused = 0
        for _ in 0..<6 where await bank.move(.deposit, 1_000_000_000_000_000).status == 400 { refused += 1 }
        #expect(refused == 1)
        #expect(try await bank.complaints() == [])
        await #expect(throws: (any Error).self) {
            try await Bank(
                on: store,
                [
                    Bank.account {
                        $0.entries = Array(
                            repeating: .init(bookedOn: $0.openedOn, valuedOn: $0.openedOn, amount: most), count: 1_014)
                    }
                ])
        }
    }
}
