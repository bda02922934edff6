import InterestContract
import Testing

@testable import LegacyCore

@Suite struct IdempotencyTests {
    @Test(arguments: Bank.stores) func sameRequestSameBytes(_ store: BankStore) async throws {
        let bank = try await Bank(on: store)
        let first = await bank.payout(key: "one")
        #expect(first.status == 201)
        let before = try await bank.contents()
        let again = await bank.payout(key: "one")
        #expect(again.body == first.body && again.status == 201 && again.contentType == first.contentType)
        // Even on a later day, when something else would happen, and as a dry run.
        #expect(await bank.payout(key: "one", at: "2026-05-01T09:00:00+09:00").body == first.body)
        #expect(await bank.payout(key: "one", mode: "dry-run").body == first.body)
        #expect(try await bank.contents() == before)
    }

    @Test(arguments: Bank.stores) func refusalsAreKept(_ store: BankStore) async throws {
        let bank = try await Bank(on: store, [Bank.account { $0.depositFreeze = true }])
        let refused = await bank.payout(key: "one")
        #expect(refused.code == .depositFrozen)
        #expect(await bank.post("/v1/accounts/A-1/status", #"{"depositFreeze":false}"#).status == 200)
        let again = await bank.payout(key: "one")
        #expect(again.body == refused.body && again.contentType == Problem.contentType)
        #expect(await bank.payout(key: "two").status == 201)
    }

    @Test(arguments: Bank.stores) func formFaultsAreNotKept(_ store: BankStore) async throws {
        let bank = try await Bank(on: store)
        let path = "/v1/accounts/A-1/transactions"
        #expect(await bank.post(path, "{", key: "one").status == 400)
        #expect(
            await bank.post(path, #"{"type":"DEPOSIT","amount":1,"channel":"ATM","valueDate":"2030-01-01"}"#, key: "one").status
                == 400)
        #expect(await bank.post(path, #"{"type":"DEPOSIT","amount":1,"channel":"ATM"}"#, key: "one").status == 201)
    }

    @Test(
        arguments: Bank.stores,
        [
            ("/v1/accounts/A-1/transactions", #"{"type":"DEPOSIT","amount":1,"channel":"MOBILE" }"#),
            ("/v1/accounts/A-1/transactions", #"{"type":"DEPOSIT","amount":2,"channel":"MOBILE"}"#),
            ("/v1/accounts/A-1/transactions?x=1", #"{"type":"DEPOSIT","amount":1,"channel":"MOBILE"}"#),
            ("/v1/accounts/B-2/transactions", #"{"type":"DEPOSIT","amount":1,"channel":"MOBILE"}"#),
            ("/v1/accounts/A-1/interest-payouts", #"{"channel":"MOBILE"}"#),
            ("/v1/accounts/A-1/closure", #"{"channel":"MOBILE"}"#),
            ("/v1/accounts/A-1/status", #"{"depositFreeze":true}"#),
            ("/v1/transfers", #"{"from":"A-1","to":"B-2","amount":1,"channel":"MOBILE"}"#),
            ("/v1/products/DEMAND-2/rates", #"{"since":"2026-03-01","bands":[{"ppm":1}]}"#),
        ])
    func anotherRequest(_ store: BankStore, _ given: (path: String, body: String)) async throws {
        let (path, body) = given
        let bank = try await Bank(on: store, [Bank.account(), Bank.account("B-2")])
        let first = await bank.post(
            "/v1/accounts/A-1/transactions", #"{"type":"DEPOSIT","amount":1,"channel":"MOBILE"}"#, key: "one")
        #expect(first.status == 201)
        let before = try await bank.contents()
        #expect(await bank.post(path, body, key: "one").code == .idempotencyKeyReused)
        #expect(try await bank.contents() == before)
    }

    @Test(arguments: Bank.stores) func everyPostNeedsAKey(_ store: BankStore) async throws {
        let bank = try await Bank(on: store, allowFixtures: true)
        for (path, body) in [
            ("/v1/accounts/A-1/interest-payouts", Bank.channel), ("/v1/accounts/A-1/closure", Bank.channel),
            ("/v1/accounts/A-1/status", #"{"depositFreeze":true}"#),
            ("/v1/accounts/A-1/transactions", #"{"type":"DEPOSIT","amount":1,"channel":"MOBILE"}"#),
            ("/v1/transfers", #"{"from":"A-1","to":"B-2","amount":1,"channel":"MOBILE"}"#),
            ("/v1/products/DEMAND-2/rates", #"{"since":"2026-03-01","bands":[{"ppm":1}]}"#), ("/v1/fixtures", ""),
        ] {
            #expect(await bank.post(path, body, key: nil).code == .idempotencyKeyMissing, "\(path)")
            #expect(await bank.post(path, body, key: "a b").code == .malformedRequest, "\(path)")
            #expect(await bank.post(path, body, key: String(repeating: "k", count: 201)).code == .malformedRequest)
            #expect(await bank.post(path, body, key: "").code == .malformedRequest)
        }
    }

    @Test(arguments: Bank.sharedStores) func twoAtOnceWithOneKey(_ kind: BankStore) async throws {
        let store = try await kind.open()
        defer { BankStore.remove(store) }
        let bank = try await Bank(on: .existing(store))
        let bodies = await withTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<16 { group.addTask { await bank.payout(key: "one").body } }
            return await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(bodies.count == 1)
        #expect(try await bank.number("SELECT COUNT(*) FROM payout") == 1)
    }

    @Test(arguments: Bank.sharedStores) func manyClaimsPayOnce(_ kind: BankStore) async throws {
        let store = try await kind.open()
        defer { BankStore.remove(store) }
        let bank = try await Bank(on: .existing(store))
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<32 { group.addTask { await bank.payout().status } }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 201 } == 1)
        #expect(statuses.count { $0 == 409 } == 31)
        #expect(try await bank.complaints() == [])
    }

    @Test(
        arguments: Bank.stores,
        [
            ("/v1/accounts/A-1/interest-payouts", #"{"channel":"MOBILE"}"#, 201),
            ("/v1/accounts/A-1/closure", #"{"channel":"MOBILE"}"#, 201),
            ("/v1/accounts/A-1/status", #"{"accountState":"SEIZED","customerState":"DECEASED"}"#, 200),
            ("/v1/accounts/A-1/transactions", #"{"type":"WITHDRAWAL","amount":5,"channel":"ATM"}"#, 201),
            ("/v1/accounts/A-1/transactions", #"{"type":"WITHDRAWAL","amount":500000000,"channel":"ATM"}"#, 422),
            ("/v1/transfers", #"{"from":"A-1","to":"B-2","amount":1,"channel":"MOBILE"}"#, 201),
            ("/v1/products/DEMAND-2/rates", #"{"since":"2020-01-01","bands":[{"ppm":1}]}"#, 201),
            ("/v1/fixtures", "", 201),
        ])
    func dryRunLeavesNothing(_ store: BankStore, _ given: (path: String, body: String, status: Int)) async throws {
        let (path, body, status) = given
        let bank = try await Bank(on: store, [Bank.account(), Bank.account("B-2")], allowFixtures: true)
        var bytes = body
        if path == "/v1/fixtures" { bytes = String(decoding: Bank.account(balance: 7).json, as: UTF8.self) }
        let before = try await bank.contents()
        let dry = await bank.post(path, bytes, key: "one", mode: "dry-run")
        #expect(dry.status == status)
        #expect(try await bank.contents() == before)
        // The real thing answers the same afterwards.
        let real = await bank.post(path, bytes, key: "one")
        #expect(real.body == dry.body && real.status == dry.status)
        #expect(try await bank.contents() != before)
    }
}
