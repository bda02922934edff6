import InterestContract
import Testing

@testable import LegacyCore

@Suite struct FixturesTests {
    private func load(_ bank: Bank, _ accounts: [FixtureAccount], key: String? = Bank.freshKey()) async -> Reply {
        await bank.post(
            "/v1/fixtures", accounts.map { String(decoding: $0.json, as: UTF8.self) }.joined(separator: "\n"), key: key)
    }

    @Test(arguments: Bank.stores) func forbiddenUnlessAllowed(_ store: BankStore) async throws {
        let bank = try await Bank(on: store)
        #expect(await load(bank, []).code == .fixturesNotAllowed)
        // First of all, whatever else is wrong.
        #expect(await bank.post("/v1/fixtures", "{", key: nil, at: "never", mode: "x").code == .fixturesNotAllowed)
    }

    @Test(arguments: Bank.stores) func newAccounts(_ store: BankStore) async throws {
        let bank = try await Bank(on: store, allowFixtures: true)
        let reply = await load(bank, [Bank.account("B-2", balance: 5), Bank.account("C-3", balance: 50_000_000)])
        #expect(reply.status == 201 && reply["accounts"] == 2)
        #expect(await bank.payout("C-3")["netInterest"] == 2_329)
        #expect(await bank.get("/v1/accounts/B-2")["balance"] == 5)
        #expect(await bank.get("/v1/accounts/A-1")["balance"] == 100_000_000)
        #expect(try await bank.complaints() == [])
    }

    @Test(arguments: Bank.stores) func replacedWholly(_ store: BankStore) async throws {
        let bank = try await Bank(
            on: store,
            [Bank.account { $0.pots = [.init(id: "P", balance: 9)] }, Bank.account("B-2"), Bank.account("C-3")],
            allowFixtures: true)
        #expect(await bank.payout().status == 201)
        #expect(await bank.payout("B-2").status == 201)
        #expect(await bank.transfer(7, from: "A-1", to: "B-2").status == 201)
        #expect(await bank.transfer(8, from: "B-2", to: "A-1").status == 201)
        #expect(await bank.close("C-3").status == 201)
        let other = await bank.get("/v1/accounts/B-2")
        #expect(
            await load(bank, [Bank.account(balance: 50_000_000, tax: .exempt), Bank.account("C-3", balance: 3)]).status == 201)
        #expect(try await bank.complaints() == [])
        #expect(await bank.get("/v1/accounts/B-2").body == other.body)
        let account = await bank.get("/v1/accounts/A-1")
        #expect(account["balance"] == 50_000_000 && account.text("lastPaidOn") == "2026-03-01")
        #expect(await bank.get("/v1/accounts/C-3").text("state") == "ACTIVE")
        #expect(await bank.payout()["netInterest"] == 2_739)
        #expect(try await bank.number("SELECT COUNT(*) FROM payout WHERE account_id = 'A-1'") == 1)
        #expect(try await bank.number("SELECT COUNT(*) FROM pot") == 0)
        // The other leg's account too: nothing is left of the transfers then.
        #expect(await load(bank, [Bank.account("B-2", balance: 1)]).status == 201)
        #expect(try await bank.number("SELECT COUNT(*) FROM journal WHERE kind = 'TRANSFER'") == 0)
        #expect(try await bank.complaints() == [])
        #expect(try await bank.number("SELECT journals_unbalanced FROM books_totals") == 0)
    }

    @Test(arguments: Bank.stores) func oneCustomerIsOverwritten(_ store: BankStore) async throws {
        let bank = try await Bank(
            on: store,
            [Bank.account { $0.customer.id = "C" }, Bank.account("B-2") { $0.customer.id = "C" }], allowFixtures: true)
        #expect(await bank.payout().status == 201)
        #expect(await load(bank, [Bank.account("B-2") { $0.customer = .init(id: "C", state: .deceased) }]).status == 201)
        #expect(await bank.get("/v1/accounts/A-1").text("customerState") == "DECEASED")
        #expect(try await bank.complaints() == [])
    }

    @Test(arguments: Bank.stores, ["product", "entry", "opening", "paid", "line", "twice", "range"])
    func refused(_ store: BankStore, _ fault: String) async throws {
        let bank = try await Bank(on: store, allowFixtures: true)
        _ = await bank.payout()
        let before = try await bank.contents()
        let good = Bank.account("B-2")
        let late = Bank.date("2026-03-03")
        let bad = Bank.account("C-3") { account in
            switch fault {
            case "product": account.product = "NONE"
            case "entry": account.entries.append(.init(bookedOn: late, valuedOn: Bank.date("2026-03-01"), amount: 1))
            case "opening": (account.openedOn, account.entries, account.lastPaidOn) = (late, [], nil)
            case "paid": account.lastPaidOn = late
            case "line": account.entries[0].valuedOn = Bank.date("2020-01-01")
            case "twice": account.id = "B-2"
            default: account.pots = (0..<1_014).map { .init(id: "P\($0)", balance: 9_100_000_000_000_000) }
            }
        }
        let reply = await load(bank, [good, bad])
        #expect(reply.code == .malformedRequest && reply.status == 400)
        #expect(try await bank.contents() == before)
    }

    @Test(arguments: Bank.stores) func datesUpToTheBusinessDate(_ store: BankStore) async throws {
        let bank = try await Bank(on: store, allowFixtures: true)
        let today = Bank.date("2026-03-02")
        let account = Bank.account("B-2", openedOn: "2026-03-02", lastPaidOn: "2026-03-02") {
            $0.entries = [.init(bookedOn: today, valuedOn: today, amount: 1)]
        }
        #expect(await load(bank, [account]).status == 201)
    }

    @Test(arguments: Bank.sharedStores) func emptyStoreOnly(_ kind: BankStore) async throws {
        let store = try await kind.open()
        defer { BankStore.remove(store) }
        let first = try await Bank(on: .existing(store))
        let reply = await first.payout(key: "one")
        #expect(reply.status == 201)
        let again = try await Bank(on: .existing(store), [Bank.account(balance: 1), Bank.account("B-2")])
        #expect(await again.get("/v1/accounts/A-1")["balance"] == 100_004_649)
        #expect(await again.get("/v1/accounts/B-2").code == .accountNotFound)
        // Keys are kept for ever, numbers go on, and a paid day stays paid.
        #expect(await again.payout(key: "one").body == reply.body)
        #expect(await again.payout().code == .alreadyPaidToday)
        #expect(await again.payout(at: "2026-03-03T09:00:00+09:00").text("payoutId") == "LP2")
        #expect(try await again.complaints() == [])
    }

    @Test(arguments: Bank.stores) func startRefusesAnUnknownProduct(_ store: BankStore) async {
        await #expect(throws: Problem.self) { try await Bank(on: store, [Bank.account(product: "NONE")]) }
    }
}
