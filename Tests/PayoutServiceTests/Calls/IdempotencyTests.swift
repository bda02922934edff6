import Foundation
import InterestContract
import Testing

@testable import PayoutService

@Suite struct IdempotencyTests {
    @Test(arguments: Bank.stores) func aRepetitionGetsTheFirstAnswerByteForByte(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(50_000_000)]) { bank in
            let first = try await bank.pay(key: "k")
            #expect(first.status == 201)
            let again = try await bank.pay(key: "k", at: "2026-03-09T12:00:00+09:00")
            #expect(again.body == first.body)
            #expect(again.status == 201)
            #expect(again.contentType == first.contentType)
            // Another body, path or query under the key is another request.
            let path = "/v1/accounts/\(Fixture.id)/interest-payouts"
            #expect(try await bank.post(path, #"{"channel":"ATM"}"#, key: "k").code == "IDEMPOTENCY_KEY_REUSED")
            #expect(try await bank.post(path, #"{"channel": "MOBILE"}"#, key: "k").code == "IDEMPOTENCY_KEY_REUSED")
            #expect(try await bank.post(path + "?x=1", #"{"channel":"MOBILE"}"#, key: "k").code == "IDEMPOTENCY_KEY_REUSED")
            #expect(try await bank.close(mode: nil).status == 201)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func refusalsOfTheAccountAreKeptToo(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(100)]) { bank in
            let refused = try await bank.transact(.withdrawal, 101, key: "w")
            #expect(refused.code == "INSUFFICIENT_FUNDS")
            #expect(try await bank.transact(.deposit, 1_000).status == 201)
            #expect(try await bank.transact(.withdrawal, 101, key: "w").body == refused.body)
            #expect(try await bank.transact(.withdrawal, 101).status == 201)
            let missing = try await bank.pay("nobody", key: "n")
            #expect(try await bank.pay("nobody", key: "n").body == missing.body)
        }
    }

    @Test(arguments: Bank.stores) func twoAtOnceWithOneKeyGetOneAnswer(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(1_000)]) { bank in
            let answers = try await withThrowingTaskGroup(of: Bank.Answer.self) { group in
                for _ in 0..<16 { group.addTask { try await bank.transact(.deposit, 7, key: "same") } }
                return try await group.reduce(into: [Bank.Answer]()) { $0.append($1) }
            }
            #expect(Set(answers.map(\.body)).count == 1)
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(try await bank.account()["balance"] == 1_007)
        }
    }

    @Test(arguments: Bank.stores) func manyClaimsAtOncePayOnce(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(50_000_000)]) { bank in
            let answers = try await withThrowingTaskGroup(of: Bank.Answer.self) { group in
                for _ in 0..<64 { group.addTask { try await bank.pay() } }
                return try await group.reduce(into: [Bank.Answer]()) { $0.append($1) }
            }
            #expect(answers.filter { $0.status == 201 }.count == 1)
            #expect(answers.filter { $0.code == "ALREADY_PAID_TODAY" }.count == 63)
            #expect(try await bank.account()["balance"] == 50_002_329)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func transfersCrossingEachOtherAllArrive(_ store: Bank.Engine) async throws {
        let other = "2000-0000-0002"
        try await store.open([Fixture.account(10_000), Fixture.account(10_000, id: other, customer: "C2")]) { bank in
            let answers = try await withThrowingTaskGroup(of: Bank.Answer.self) { group in
                for index in 0..<40 {
                    group.addTask {
                        index.isMultiple(of: 2)
                            ? try await bank.transfer(Fixture.id, other, 3) : try await bank.transfer(other, Fixture.id, 2)
                    }
                }
                return try await group.reduce(into: [Bank.Answer]()) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(try await bank.account()["balance"] == 9_980)
            #expect(try await bank.account(other)["balance"] == 10_020)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func aDryRunAnswersAsIfDoneAndLeavesNothing(_ store: Bank.Engine) async throws {
        let account = Fixture.account(50_000_000)
        try await store.open([account]) { bank in
            let before = try await bank.get("/v1/books/accounts").body
            let totals = try await bank.get("/v1/books/totals").body
            #expect(try await bank.preview().gross == 2_739)
            let dry = try await bank.pay(key: "d", mode: "dry-run")
            #expect(dry.status == 201)
            #expect(dry["balanceAfter"] == 50_002_329)
            #expect(try await bank.transact(.deposit, 5, mode: "dry-run")["balanceAfter"] == 50_000_005)
            #expect(try await bank.close(mode: "dry-run")["paidOut"] == 50_002_329)
            #expect(try await bank.transact(.withdrawal, 60_000_000, mode: "dry-run").code == "INSUFFICIENT_FUNDS")
            #expect(try await bank.get("/v1/books/accounts").body == before)
            #expect(try await bank.get("/v1/books/totals").body == totals)
            // The key was not stored, and a stored one is answered to a dry run as well.
            let paid = try await bank.pay(key: "d")
            #expect(paid.status == 201)
            #expect(paid.body != dry.body)
            #expect(try await bank.pay(key: "d", mode: "dry-run").body == paid.body)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func aMirroredPayoutIsRealHereAndItsEventIsNot(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(50_000_000)]) { bank in
            #expect(try await bank.pay(mode: "mirror").status == 201)
            #expect(try await bank.pay(at: "2026-03-03T09:00:00+09:00").status == 201)
            #expect(try await bank.account()["balance"] == 50_004_658)
            try await bank.bookTaxes()
            let events = try await bank.get("/v1/books/events").json?["events"]?.array ?? []
            #expect(events.map { $0["authoritative"]?.bool } == [false, true])
            #expect(events.map { $0["incomeTax"]?.integer } == [380, 380])
            try await bank.expectCleanBooks()
        }
    }
}
