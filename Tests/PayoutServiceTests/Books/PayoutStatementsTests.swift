import InterestContract
import Testing

@testable import PayoutService

/// The payment's statements: how many the database ran, and that the audit misses each one that was left out.
@Suite struct PayoutStatementsTests {
    /// Below the cover of deposit insurance and with both taxes, so that no statement writes a zero.
    static let account = Fixture.account(50_000_000) { $0.withdrawalFreeze = true }

    /// The names of the payment's steps, as one posting lists them.
    static let names: [String] = {
        let standing = Standing(
            accountId: Fixture.id, customerId: "C1", product: "DEMAND-2", branch: "1000", openedOn: Day(number: 0),
            state: .active,
            depositFreeze: false, withdrawalFreeze: false, customerState: .normal, taxCategory: .resident, balance: 0, held: 0,
            version: 0, pots: 0, statementLines: 0)
        let quote = InterestQuote(
            interest: Interest(days: 1..<2, wonPpmDays: 0, gross: 2_739), tax: Tax(income: 380, local: 30))
        let posting = try? PayoutPosting(
            basis: InterestBasis(standing: standing, movements: [], schedules: []), quote: quote,
            occasion: Occasion(businessDay: Day(number: 2), instant: 0, channel: .atm, isAuthoritative: true), payoutId: "P",
            origin: "PAYOUT", policies: Policies())
        return ((try? posting?.steps.map(\.name)) ?? []) + ["idempotency"]
    }()

    @Test func aPayoutIsFiftyStatementsAndOneTaxEvent() async throws {
        try await Bank.open([PayoutStatementsTests.account]) { bank in
            let counter = StatementCounter()
            let books = try #require(bank.service.books as? SQLiteBooks)
            try await counter.attach(to: books)
            #expect(try await bank.pay().status == 201)
            #expect(counter.changes.count == 51)
            #expect(counter.changedTables.filter { $0 == "tax_outbox" }.count == 1)
            #expect(counter.changedTables.filter { $0 == "account_balance" }.count == 1)
            #expect(Set(PayoutStatementsTests.names).count == 51)
            // A refusal writes its stored answer alone, and a repetition nothing.
            counter.reset()
            #expect(try await bank.pay(key: "again").code == "ALREADY_PAID_TODAY")
            #expect(counter.changedTables == ["idempotency"])
            counter.reset()
            #expect(try await bank.pay(key: "again").code == "ALREADY_PAID_TODAY")
            #expect(counter.changes == [])
            try await counter.detach(from: books)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: names, Bank.stores)
    func theAuditMissesAStatementLeftOut(_ name: String, on store: Bank.Engine) async throws {
        var options = Bank.Options()
        options.omitting = [name]
        options.foreignKeys = false
        try await store.open([PayoutStatementsTests.account], options) { bank in
            try await bank.expectCleanBooks()
            #expect(try await bank.pay().status == 201)
            #expect(try await bank.complaints() != [], "nothing complains without \(name)")
        }
    }

    @Test(arguments: Bank.stores) func aStepThatTouchesNoRowFailsTheTransaction(_ store: Bank.Engine) async throws {
        try await store.open([PayoutStatementsTests.account]) { bank in
            await #expect(throws: (any Error).self) {
                try await bank.service.books.transact { books in
                    try books.execute([BookStep("lost", "UPDATE account SET state = 'CLOSED' WHERE account_id = ?", ["nobody"])])
                    return Outcome(value: ())
                }
            }
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func theUniqueIndexRefusesASecondPayoutOfADay(_ store: Bank.Engine) async throws {
        var options = Bank.Options()
        options.faults = ["last-paid-not-moved"]
        try await store.open([PayoutStatementsTests.account], options) { bank in
            #expect(try await bank.pay().status == 201)
            let second = try await bank.pay()
            #expect(second.status == 409)
            #expect(second.code == "ALREADY_PAID_TODAY")
        }
    }
}
