import InterestContract
import Testing

@testable import PayoutService

@Suite struct RestartTests {
    @Test(.timeLimit(.minutes(1)), arguments: Bank.stores)
    func aRestartKeepsTheBooksAndTheAnswers(_ engine: Bank.Engine) async throws {
        try await engine.withKeptStore { try await RestartTests.restart(on: $0) }
    }

    private static func restart(on store: PayoutServiceConfiguration.Store) async throws {
        var options = Bank.Options()
        options.store = store
        try await Bank.open([Fixture.account(50_000_000)], options) { bank in
            let paid = try await bank.pay(key: "k")
            #expect(paid.status == 201)
        }
        // Other fixtures are not loaded over what is there.
        try await Bank.open([Fixture.account(1)], options) { bank in
            let account = try await bank.account()
            #expect(account["balance"] == 50_002_329)
            #expect(try await bank.pay(key: "k").status == 201)
            #expect(try await bank.pay(key: "l").code == "ALREADY_PAID_TODAY")
            #expect(try await bank.transact(.deposit, 5).status == 201)
            #expect(try await bank.pay(at: "2026-03-03T12:00:00+09:00").status == 201)
            try await bank.expectCleanBooks()
        }
        // A worker alone on the same file books what was left, beside a running service.
        try await Bank.open([], options) { bank in
            let worker = try await TaxWorker(store: store, logger: Bank.silent)
            let running = Task { try await worker.run() }
            try await bank.waitForTaxes()
            running.cancel()
            _ = await running.result
            #expect(try await bank.get("/v1/books/totals")["pendingTaxEvents"] == 0)
            #expect(try await bank.get("/v1/books/accounts").json?["accounts"]?.array?.first?["taxRecords"]?.integer == 2)
            try await bank.expectCleanBooks()
        }
    }
}
