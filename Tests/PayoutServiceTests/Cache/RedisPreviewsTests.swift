#if Redis
    import InterestContract
    import RedisClient
    import TestKit
    import Testing

    @testable import PayoutService

    /// The service with previews in Redis: whatever becomes of Redis, the answer is what the books say.
    @Suite struct RedisPreviewsTests {
        static let accounts = [
            Fixture.account(36_500_000), Fixture.account(36_500_000, id: CachedPreviewsTests.other),
        ]

        static func options(_ address: String) -> Bank.Options {
            var options = Bank.Options()
            options.allowFixtures = true
            options.configure = { $0.redisCache = address }
            return options
        }

        static func cache(_ bank: Bank) throws -> RedisPreviewCache {
            try #require(bank.service.redis.cache as? RedisPreviewCache)
        }

        /// What the books say now, with no cache in between.
        static func computed(_ bank: Bank, _ id: String = Fixture.id) async throws -> [UInt8] {
            try await bank.service.books.read { books in
                do {
                    return try bank.service.calls.payable(id, businessDay: Day(Fixture.date("2026-03-02")), books).1.answer().json
                } catch let problem as Problem {
                    return problem.json
                }
            }
        }

        @Test(arguments: CachedPreviewsTests.changes.indices) func aChangeIsSeenByTheNextReader(_ index: Int) async throws {
            let change = CachedPreviewsTests.changes[index]
            let server = try await RedisServer()
            let options = RedisPreviewsTests.options(server.address("timeout=2000"))
            try await Bank.open(RedisPreviewsTests.accounts, options) { (bank: Bank) async throws in
                let kept = try await bank.preview()
                #expect(kept.gross == 2_000)
                #expect(try await bank.preview().body == kept.body)
                #expect(try RedisPreviewsTests.cache(bank).counts.hits == 1)
                #expect(try await change.act(bank).status < 300, "\(change.name)")
                let after = try await bank.preview()
                #expect(after.body != kept.body, "\(change.name)")
                #expect(try await after.body == RedisPreviewsTests.computed(bank), "\(change.name)")
                #expect(try await bank.preview().body == after.body)
                #expect(try RedisPreviewsTests.cache(bank).counts.hits == 2, "the new one is kept")
            }
            await server.stop()
        }

        /// Redis hears nothing of the change, and comes back with what it had.
        @Test(arguments: CachedPreviewsTests.changes.indices) func aChangeWhileRedisStoodStillIsSeenAfterwards(
            _ index: Int
        ) async throws {
            let change = CachedPreviewsTests.changes[index]
            let server = try await RedisServer()
            let options = RedisPreviewsTests.options(server.address("timeout=100&failures=1"))
            try await Bank.open(RedisPreviewsTests.accounts, options) { (bank: Bank) async throws in
                let cache = try RedisPreviewsTests.cache(bank)
                let kept = try await bank.preview()
                server.freeze()
                // Opens the breaker, so that the deletion is never sent.
                #expect(try await bank.preview().body == kept.body)
                try await eventually("the breaker opening") { cache.client.statistics.isBreakerOpen }
                #expect(try await change.act(bank).status < 300, "\(change.name)")
                let during = try await bank.preview()
                #expect(try await during.body == RedisPreviewsTests.computed(bank))
                server.thaw()
                try await eventually("the breaker closing") { !cache.client.statistics.isBreakerOpen }
                let outOfDate = cache.counts.outOfDate
                let after = try await bank.preview()
                #expect(after.body != kept.body, "\(change.name)")
                #expect(try await after.body == RedisPreviewsTests.computed(bank), "\(change.name)")
                #expect(cache.counts.outOfDate == outOfDate + 1, "the old entry was there")
                #expect(cache.client.statistics.breakerClosed >= 1)
            }
            await server.stop()
        }

        @Test func restartedWithOldDataItShowsNoneOfThem() async throws {
            let server = try await RedisServer()
            try await Bank.open(RedisPreviewsTests.accounts, RedisPreviewsTests.options(server.address("timeout=2000"))) {
                (bank: Bank) async throws in
                let client = try RedisPreviewsTests.cache(bank).client
                let key = "countersign:preview:{\(Fixture.id)}"
                let field = String(Day(Fixture.date("2026-03-02")).number)
                #expect(try await bank.preview().gross == 2_000)
                let old = try #require(try await client.get(key, field: field))
                #expect(try await bank.transact(.deposit, 36_500_000, valueDate: "2026-03-01").status == 201)
                #expect(try await bank.preview().gross == 4_000)
                _ = try await client.run(
                    RedisScript("return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])"), keys: [key], [Array(field.utf8), old])
                #expect(try await bank.preview().gross == 4_000)
            }
            await server.stop()
        }

        @Test func flushedKilledAndStartedAgainItGivesTheSameAnswers() async throws {
            let server = try await RedisServer()
            let address = server.address("timeout=1000&failures=2")
            try await Bank.open(RedisPreviewsTests.accounts, RedisPreviewsTests.options(address)) { (bank: Bank) async throws in
                let cache = try RedisPreviewsTests.cache(bank)
                let kept = try await bank.preview()
                _ = try await cache.client.command([Array("FLUSHALL".utf8)]) { $0 == .status("OK") }
                #expect(try await bank.preview().body == kept.body)
                #expect(cache.counts.computations == 2)
                await server.stop()
                for _ in 0..<3 { #expect(try await bank.preview().body == kept.body) }
                #expect(cache.client.statistics.isBreakerOpen)
                #expect(try await bank.transact(.deposit, 36_500_000, valueDate: "2026-03-01").status == 201)
                let again = try await RedisServer(port: server.port)
                try await eventually("the breaker closing") { !cache.client.statistics.isBreakerOpen }
                #expect(try await bank.preview().gross == 4_000)
                let hits = cache.counts.hits
                #expect(try await bank.preview().gross == 4_000)
                #expect(cache.counts.hits == hits + 1)
                await again.stop()
            }
        }

        static let troubles: [(name: String, steps: [StubRedis.Step])] = [
            ("silence", []), ("closing", [.close]), ("another protocol", [.send("HTTP/1.1 400 Bad Request\r\n\r\n")]),
            ("a wrong type", [.send(":1\r\n*0\r\n")]), ("an error", [.send("-OOM command not allowed\r\n")]),
            ("byte by byte", [.dribble("$300\r\n" + String(repeating: "a", count: 300), milliseconds: 20)]),
            ("somebody's bytes", [.send("$5\r\nhello\r\n")]),
        ]

        @Test(arguments: troubles.indices) func aRedisInTroubleCostsTimeAndChangesNoAnswer(_ index: Int) async throws {
            let trouble = RedisPreviewsTests.troubles[index]
            let stub = try await StubRedis.start { _ in trouble.steps }
            let options = RedisPreviewsTests.options(stub.address("timeout=50&failures=3"))
            try await Bank.open(RedisPreviewsTests.accounts, options) { (bank: Bank) async throws in
                for _ in 0..<5 { #expect(try await bank.preview().gross == 2_000, "\(trouble.name)") }
                #expect(try await bank.transact(.deposit, 36_500_000, valueDate: "2026-03-01").status == 201)
                #expect(try await bank.preview().gross == 4_000, "\(trouble.name)")
                let statistics = try RedisPreviewsTests.cache(bank).client.statistics
                #expect(statistics.breakerOpened >= 1, "\(trouble.name)")
                #expect(statistics.errors >= 3)
            }
            try await stub.shutdown()
        }

        @Test func twoServicesOnTheSameBooksShareTheirPreviews() async throws {
            let server = try await RedisServer()
            let folder = try TemporaryDirectory()
            var options = RedisPreviewsTests.options(server.address("timeout=2000"))
            options.store = .sqlite(path: folder.file("books.sqlite"))
            let both = options
            try await Bank.open(RedisPreviewsTests.accounts, both) { (first: Bank) async throws in
                try await Bank.open([], both) { (second: Bank) async throws in
                    #expect(try await first.preview().gross == 2_000)
                    #expect(try await second.preview().gross == 2_000)
                    #expect(try RedisPreviewsTests.cache(second).counts.hits == 1)
                    #expect(try await second.transact(.deposit, 36_500_000, valueDate: "2026-03-01").status == 201)
                    #expect(try await first.preview().gross == 4_000)
                    #expect(try await second.preview().gross == 4_000)
                    #expect(try RedisPreviewsTests.cache(second).counts.hits == 2)
                }
            }
            await server.stop()
        }

        /// Two banks that were given one Redis by mistake, with the same accounts.
        @Test func otherBooksHaveOtherPreviews() async throws {
            let server = try await RedisServer()
            let options = RedisPreviewsTests.options(server.address("timeout=2000"))
            try await Bank.open([Fixture.account(36_500_000)], options) { (first: Bank) async throws in
                try await Bank.open([Fixture.account(73_000_000)], options) { (second: Bank) async throws in
                    for _ in 0..<2 {
                        #expect(try await first.preview().gross == 2_000)
                        #expect(try await second.preview().gross == 4_000)
                    }
                }
            }
            await server.stop()
        }

        @Test func ratesOfAnotherProductLeaveTheEntry() async throws {
            let server = try await RedisServer()
            try await Bank.open(RedisPreviewsTests.accounts, RedisPreviewsTests.options(server.address("timeout=2000"))) {
                (bank: Bank) async throws in
                #expect(try await bank.preview().gross == 2_000)
                let rates = #"{"since":"2026-03-01","bands":[{"ppm":1000}]}"#
                #expect(try await bank.post("/v1/products/TIER-50/rates", rates).status == 201)
                #expect(try await bank.status(#"{"depositFreeze":true}"#, CachedPreviewsTests.other).status == 200)
                #expect(try await bank.preview().gross == 2_000)
                #expect(try RedisPreviewsTests.cache(bank).counts.hits == 1)
            }
            await server.stop()
        }

        /// Random changes while Redis stops and goes on at random.
        @Test(arguments: 0..<3) func cachedAnswersEqualComputedOnes(_ seed: UInt64) async throws {
            let server = try await RedisServer()
            let ids = [Fixture.id, CachedPreviewsTests.other]
            let options = RedisPreviewsTests.options(server.address("timeout=20&failures=2"))
            try await Bank.open(RedisPreviewsTests.accounts, options) { (bank: Bank) async throws in
                var random = SplitMix64(state: seed)
                for _ in 0..<80 {
                    let id = ids[Int.random(in: 0..<2, using: &random)]
                    switch Int.random(in: 0..<8, using: &random) {
                    case 0: server.freeze()
                    case 1, 2: server.thaw()
                    case 3:
                        _ = try await bank.transact(
                            .deposit, Int64.random(in: 1...9_000_000, using: &random), id, valueDate: "2026-03-01")
                    case 4: _ = try await bank.status(#"{"depositFreeze":\#(Bool.random(using: &random))}"#, id)
                    case 5:
                        _ = try await bank.status(
                            #"{"customerState":"\#(Bool.random(using: &random) ? "NORMAL" : "KYC_EXPIRED")"}"#, id)
                    case 6:
                        let ppm = Int.random(in: 1_000...50_000, using: &random)
                        _ = try await bank.post(
                            "/v1/products/DEMAND-2/rates", #"{"since":"2026-03-01","bands":[{"ppm":\#(ppm)}]}"#)
                    default:
                        _ = try await bank.post(
                            "/v1/fixtures",
                            String(
                                decoding: Fixture.account(Int64.random(in: 1...99, using: &random) * 365_000, id: id).json,
                                as: UTF8.self))
                    }
                    for id in ids { #expect(try await bank.preview(id).body == RedisPreviewsTests.computed(bank, id)) }
                }
                try await bank.expectCleanBooks()
            }
            await server.stop()
        }
    }
#endif
