#if Redis
    import InterestContract
    import RedisClient
    import TestKit
    import Testing

    @testable import PayoutService

    @Suite struct RedisAccountLockTests {
        static func options(_ address: String) -> Bank.Options {
            var options = Bank.Options()
            options.configure = { $0.redisLock = address }
            return options
        }

        static func client(_ server: RedisServer) throws -> RedisClient {
            RedisClient(try RedisSettings(server.address("timeout=2000")))
        }

        static let key = "countersign:lock:{\(Fixture.id)}"
        static let other = CachedPreviewsTests.other

        @Test func aHeldAccountIsBusyAtOnceForEveryWriteAndNoRead() async throws {
            let server = try await RedisServer()
            let accounts = [
                Fixture.account(36_500_000), Fixture.account(36_500_000, id: RedisAccountLockTests.other, customer: "C2"),
            ]
            try await Bank.open(accounts, RedisAccountLockTests.options(server.address("timeout=2000"))) {
                (bank: Bank) async throws in
                let holder = RedisClaim(
                    try RedisAccountLockTests.client(server), key: RedisAccountLockTests.key, expiryMilliseconds: 60_000)
                #expect(await holder.take() == .ours)
                let key = "one-key"
                let answers = [
                    try await bank.pay(key: key), try await bank.pay(mode: "dry-run"), try await bank.transact(.deposit, 1),
                    try await bank.transact(.withdrawal, 1), try await bank.close(),
                    try await bank.status(#"{"depositFreeze":true}"#),
                    try await bank.transfer(Fixture.id, RedisAccountLockTests.other, 1),
                    try await bank.transfer(RedisAccountLockTests.other, Fixture.id, 1),
                ]
                #expect(answers.map(\.code) == Array(repeating: "ACCOUNT_BUSY", count: answers.count))
                #expect(answers.allSatisfy { $0.status == 409 })
                #expect(try await bank.preview().gross == 2_000)
                #expect(
                    try await bank.post("/v1/accounts/\(Fixture.id)/interest-payouts", "{}").code == "MALFORMED_REQUEST",
                    "form comes first")
                // A transfer that found its second account busy lets go of the first.
                #expect(try await bank.transact(.deposit, 1, RedisAccountLockTests.other).status == 201)
                #expect(await holder.released())
                #expect(try await bank.pay(key: key).status == 201, "a busy answer is not stored")
                #expect(try await bank.transfer(Fixture.id, RedisAccountLockTests.other, 1).status == 201)
                try await bank.expectCleanBooks()
            }
            await server.stop()
        }

        @Test func theLockIsLetGoOfAfterAnAnswerAndAfterARefusal() async throws {
            let server = try await RedisServer()
            try await Bank.open([Fixture.account(36_500_000)], RedisAccountLockTests.options(server.address("timeout=2000"))) {
                bank in
                let client = try RedisAccountLockTests.client(server)
                #expect(try await bank.pay().status == 201)
                try await eventually("the key going") { try await client.get(RedisAccountLockTests.key) == nil }
                #expect(try await bank.pay().code == "ALREADY_PAID_TODAY")
                try await eventually("the key going") { try await client.get(RedisAccountLockTests.key) == nil }
                let lock = try #require(bank.service.redis.lock as? RedisAccountLock)
                #expect(lock.counts == .init(taken: 2))
            }
            await server.stop()
        }

        @Test func aClaimOfSomebodyElseIsNotLetGoOf() async throws {
            let server = try await RedisServer()
            let client = try RedisAccountLockTests.client(server)
            let first = RedisClaim(client, key: "k", expiryMilliseconds: 30)
            #expect(await first.take() == .ours)
            try await eventually("the claim expiring") { try await client.get("k") == nil }
            let second = RedisClaim(client, key: "k", expiryMilliseconds: 60_000)
            #expect(await second.take() == .ours)
            #expect(await first.released())
            #expect(try await client.get("k") == second.holder)
            #expect(await RedisClaim(client, key: "k").take() == .taken)
            await server.stop()
        }

        @Test func withoutRedisWritesGoOn() async throws {
            let server = try await RedisServer()
            let options = RedisAccountLockTests.options(server.address("timeout=100&failures=2"))
            try await Bank.open([Fixture.account(36_500_000)], options) { (bank: Bank) async throws in
                let lock = try #require(bank.service.redis.lock as? RedisAccountLock)
                server.freeze()
                for _ in 0..<3 { #expect(try await bank.transact(.deposit, 1).status == 201) }
                #expect(try await bank.pay().status == 201)
                #expect(lock.counts.without == 4)
                server.thaw()
                // What was asked of Redis meanwhile is carried out now, and let go of again well before it would expire.
                try await eventually("the account free", within: 4) { try await bank.transact(.deposit, 1).status == 201 }
                try await bank.expectCleanBooks()
            }
            await server.stop()
        }

        /// Why the lock does not suffice alone. The first holder checks that today is unpaid and is stopped; its key expires; the second
        /// takes the lock, rightly, and pays. The first one goes on, in the belief that it is alone. Only the books stop it.
        @Test func aHolderStoppedPastItsExpiryIsStoppedByTheBooks() async throws {
            let server = try await RedisServer()
            // A service whose check and posting are apart (a deliberate fault), so that a stop in between can happen;
            // the unique index of the books is as it always is.
            let client = try RedisAccountLockTests.client(server)
            try await Bank.open([Fixture.account(36_500_000)]) { (bank: Bank) async throws in
                let calls = bank.service.calls
                let day = Day(Fixture.date("2026-03-02"))
                let brief = RedisAccountLock(client, expiryMilliseconds: 50)
                // Holder 1: the lock, the check, and the stop.
                let letGo = try await brief.take([Fixture.id])
                let (basis, quote) = try await bank.service.books.read { books in
                    try calls.payable(Fixture.id, businessDay: day, books)
                }
                try await eventually("the key expiring") { try await client.get(RedisAccountLockTests.key) == nil }
                // Holder 2: the lock is free, and today is unpaid.
                let secondLetsGo = try await brief.take([Fixture.id])
                #expect(try await bank.pay().status == 201)
                secondLetsGo()
                // Holder 1 wakes.
                let failure = await #expect(throws: BooksFailure.self) {
                    try await bank.service.books.transact { books in
                        let posting = try PayoutPosting(
                            basis: basis, quote: quote,
                            occasion: Occasion(businessDay: day, instant: 0, channel: .batch, isAuthoritative: true),
                            payoutId: "P-second", origin: "PAYOUT", policies: calls.policies)
                        try books.execute(try posting.steps)
                        return Outcome(value: ())
                    }
                }
                #expect(failure == .paidAlready)
                letGo()
                #expect(try await bank.account()["balance"] == 36_500_000 + 1_700)
                try await bank.expectCleanBooks()
            }
            await server.stop()
        }
    }
#endif
