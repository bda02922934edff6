#if Redis
    import InterestContract
    import RedisClient
    import Synchronization
    import TestKit
    import Testing

    @testable import PayoutService

    /// The cache by itself, with tokens and computations of the test's making.
    @Suite struct RedisPreviewCacheTests {
        static let day = Day(Fixture.date("2026-03-02"))

        static func token(_ version: Int64, customer: Int64 = 0, reference: String? = nil) -> PreviewToken {
            PreviewToken(
                books: "b", customerId: "C1", customerVersion: customer, product: "DEMAND-2", productVersion: 0,
                accountVersion: version, lastReference: reference)
        }

        static func preview(_ text: String) -> CachedPreview {
            CachedPreview(reply: Reply(status: 200, contentType: Reply.jsonType, body: Array(text.utf8)), version: 1)
        }

        static func text(_ reply: Reply) -> String { String(decoding: reply.body, as: UTF8.self) }

        /// The account's token in the books of a test.
        final class Books: Sendable {
            let present: Mutex<PreviewToken?>
            init(_ token: PreviewToken?) { present = Mutex(token) }
            func change(to token: PreviewToken?) { present.withLock { $0 = token } }
        }

        final class Counter: Sendable {
            private let state = Mutex(0)
            var value: Int { state.withLock { $0 } }
            func next() -> Int {
                state.withLock { value in
                    value += 1
                    return value
                }
            }
        }

        static func cache(
            _ server: RedisServer, _ books: Books, rules: String = "", clock: WallClock = .system, computation: Int = 2_000
        ) throws -> RedisPreviewCache {
            RedisPreviewCache(
                RedisClient(try RedisSettings(server.address("timeout=2000"))), rules: rules, clock: clock,
                computationMicroseconds: computation
            ) { _ in books.present.withLock { $0 } }
        }

        @Test func midnightIsKorean() {
            let day: Int64 = 86_400_000
            // 2026-03-03T00:00:00+09:00
            let midnight = Int64(Day(Fixture.date("2026-03-03")).number) * day - 9 * 3_600_000
            #expect(KoreanMidnight.next(after: midnight - 1) == midnight)
            #expect(KoreanMidnight.next(after: midnight - day) == midnight)
            #expect(KoreanMidnight.next(after: midnight) == midnight + day)
            #expect(KoreanMidnight.next(after: -9 * 3_600_000 - 1) == -9 * 3_600_000)
            #expect(KoreanMidnight.next(after: -9 * 3_600_000) == 15 * 3_600_000)
        }

        @Test func anEntryExpiresAtTheNextKoreanMidnightOnEitherSideOfIt() async throws {
            let server = try await RedisServer()
            let now = WallClock.system.unixMilliseconds()
            let midnight = KoreanMidnight.next(after: now)
            let books = Books(RedisPreviewCacheTests.token(1))
            for (clock, expiry) in [(now, midnight), (midnight - 1, midnight), (midnight, midnight + 86_400_000)] {
                let cache = try RedisPreviewCacheTests.cache(server, books, clock: WallClock { clock })
                _ = try await cache.preview(account: "A\(clock)", day: RedisPreviewCacheTests.day) {
                    RedisPreviewCacheTests.preview("x")
                }
                let left = try #require(try await cache.client.expiry(of: "countersign:preview:{A\(clock)}"))
                let expires = WallClock.system.unixMilliseconds() + Int64(left)
                #expect((expiry - 1_000...expiry + 5).contains(expires), "off by \(expires - expiry) ms")
            }
            await server.stop()
        }

        @Test func anEntryIsShownUnderItsTokenDayAndRulesAlone() async throws {
            let server = try await RedisServer()
            let books = Books(RedisPreviewCacheTests.token(1))
            let cache = try RedisPreviewCacheTests.cache(server, books)
            let day = RedisPreviewCacheTests.day
            func shown(_ text: String, day: Day = day, by cache: RedisPreviewCache) async throws -> String {
                RedisPreviewCacheTests.text(
                    try await cache.preview(account: "A", day: day) { RedisPreviewCacheTests.preview(text) })
            }
            #expect(try await shown("one", by: cache) == "one")
            #expect(try await shown("two", by: cache) == "one")
            // What another process sees.
            let second = try RedisPreviewCacheTests.cache(server, books)
            #expect(try await shown("two", by: second) == "one")
            #expect(second.counts.hits == 1)
            #expect(try await shown("tomorrow", day: day + 1, by: cache) == "tomorrow")
            #expect(try await shown("two", by: cache) == "one")
            let others: [PreviewToken] = [
                RedisPreviewCacheTests.token(2), RedisPreviewCacheTests.token(1, customer: 1),
                RedisPreviewCacheTests.token(1, reference: "T-1"),
            ]
            for (index, token) in others.enumerated() {
                books.change(to: token)
                #expect(try await shown("changed \(index)", by: cache) == "changed \(index)")
            }
            let faulty = try RedisPreviewCacheTests.cache(server, books, rules: "half-up-rounding")
            #expect(try await shown("wrong", by: faulty) == "wrong")
            #expect(try await shown("right", by: cache) == "right")
            await server.stop()
        }

        @Test func aLateWriterPutsNothingBack() async throws {
            let server = try await RedisServer()
            let books = Books(RedisPreviewCacheTests.token(1))
            let late = try RedisPreviewCacheTests.cache(server, books)
            let quick = try RedisPreviewCacheTests.cache(server, books)
            let day = RedisPreviewCacheTests.day
            let isReading = Latch()
            let mayFinish = Latch()
            let reading = Task {
                try await late.preview(account: "A", day: day) {
                    isReading.open()
                    await withCheckedContinuation { continuation in mayFinish.whenOpen { continuation.resume() } }
                    return RedisPreviewCacheTests.preview("old")
                }
            }
            await withCheckedContinuation { continuation in isReading.whenOpen { continuation.resume() } }
            books.change(to: RedisPreviewCacheTests.token(2))
            #expect(
                RedisPreviewCacheTests.text(
                    try await quick.preview(account: "A", day: day) { RedisPreviewCacheTests.preview("new") }) == "new")
            mayFinish.open()
            _ = try await reading.value
            // It saw that its token had gone, and wrote nothing.
            #expect((late.counts.kept, late.counts.late) == (0, 0))
            #expect(
                RedisPreviewCacheTests.text(
                    try await quick.preview(account: "A", day: day) { RedisPreviewCacheTests.preview("computed again") }) == "new"
            )
            await server.stop()
        }

        /// A writer that was stopped between its last look at the books and its write: the script compares.
        @Test func theScriptKeepsTheLaterState() async throws {
            let server = try await RedisServer()
            let client = RedisClient(try RedisSettings(server.address("timeout=2000")))
            func write(_ token: PreviewToken, _ text: String) async throws -> Int64 {
                let entry = RedisPreviewEntry(token: token, rules: "")
                return try await client.run(
                    RedisPreviewCache.keeping, keys: ["p", "c"],
                    [
                        Array("1".utf8), entry.bytes(RedisPreviewCacheTests.preview(text).reply), Array(entry.lineage.utf8),
                        Array(token.order.utf8), Array("9999999999999".utf8), Array("nobody".utf8),
                    ])
            }
            #expect(try await write(RedisPreviewCacheTests.token(9), "nine") == 1)
            #expect(try await write(RedisPreviewCacheTests.token(8), "eight") == 0)
            #expect(try await write(RedisPreviewCacheTests.token(10), "ten") == 1)
            #expect(try await write(RedisPreviewCacheTests.token(9), "nine") == 0)
            // Fixtures begin the account's version anew and raise the customer's.
            #expect(try await write(RedisPreviewCacheTests.token(0, customer: 1), "loaded") == 1)
            #expect(try await write(RedisPreviewCacheTests.token(11), "eleven") == 0)
            let kept = try #require(try await client.get("p", field: "1"))
            #expect(
                RedisPreviewEntry(token: RedisPreviewCacheTests.token(0, customer: 1), rules: "").reply(kept)
                    == RedisPreviewCacheTests.preview("loaded").reply)
            await server.stop()
        }

        @Test func ofManyReadersAtOnceOneComputesInAProcess() async throws {
            let server = try await RedisServer()
            let cache = try RedisPreviewCacheTests.cache(server, Books(RedisPreviewCacheTests.token(1)))
            let computations = Counter()
            let shown = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        RedisPreviewCacheTests.text(
                            try await cache.preview(account: "A", day: RedisPreviewCacheTests.day) {
                                let number = computations.next()
                                try await Task.sleep(for: .milliseconds(50))
                                return RedisPreviewCacheTests.preview("\(number)")
                            })
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(shown == ["1"])
            #expect(computations.value == 1)
            await server.stop()
        }

        @Test func andOneOfTwoProcesses() async throws {
            let server = try await RedisServer()
            let books = Books(RedisPreviewCacheTests.token(1))
            let caches = try (0..<2).map { _ in try RedisPreviewCacheTests.cache(server, books, computation: 2_000_000) }
            let computations = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        let reply = try await caches[index % 2].preview(account: "A", day: RedisPreviewCacheTests.day) {
                            _ = computations.next()
                            try await Task.sleep(for: .milliseconds(100))
                            return RedisPreviewCacheTests.preview("once")
                        }
                        #expect(RedisPreviewCacheTests.text(reply) == "once")
                    }
                }
                try await group.waitForAll()
            }
            #expect(computations.value == 1)
            #expect(caches.map(\.counts.takenOver).reduce(0, +) == 1)
            #expect(
                try await caches[0].client.get(
                    "countersign:claim:{A}:\(RedisPreviewCacheTests.day.number):\(RedisPreviewCacheTests.token(1).order)") == nil)
            await server.stop()
        }

        /// A process that died while it computed is not waited for longer than a computation takes.
        @Test func anAbandonedClaimIsWaitedForBriefly() async throws {
            let server = try await RedisServer()
            let cache = try RedisPreviewCacheTests.cache(server, Books(RedisPreviewCacheTests.token(1)), computation: 20_000)
            let claim = "countersign:claim:{A}:\(RedisPreviewCacheTests.day.number):\(RedisPreviewCacheTests.token(1).order)"
            try await cache.client.set(claim, [1], expiryMilliseconds: 60_000)
            let start = ContinuousClock.now
            let reply = try await cache.preview(account: "A", day: RedisPreviewCacheTests.day) {
                RedisPreviewCacheTests.preview("x")
            }
            #expect(RedisPreviewCacheTests.text(reply) == "x")
            #expect(ContinuousClock.now - start < .milliseconds(500))
            #expect((cache.counts.awaited, cache.counts.takenOver, cache.counts.computations) == (1, 0, 1))
            #expect(try await cache.client.get(claim) == [1], "the claim is not ours to delete")
            await server.stop()
        }

        @Test func whatMustNotBeKeptIsNot() async throws {
            let server = try await RedisServer()
            let cache = try RedisPreviewCacheTests.cache(server, Books(nil))
            for _ in 0..<2 {
                _ = try await cache.preview(account: "A", day: RedisPreviewCacheTests.day) {
                    RedisPreviewCacheTests.preview("none")
                }
            }
            #expect(cache.client.statistics.commands == 0, "an account that does not exist is not asked for")
            let known = try RedisPreviewCacheTests.cache(server, Books(RedisPreviewCacheTests.token(1)))
            for _ in 0..<2 {
                _ = try await known.preview(account: "A", day: RedisPreviewCacheTests.day) {
                    CachedPreview(reply: RedisPreviewCacheTests.preview("x").reply, version: nil)
                }
            }
            #expect((known.counts.computations, known.counts.kept) == (2, 0))
            await server.stop()
        }

        @Test(arguments: ["", "1", "1\n2\n3\n4\n5\n6", "{}"]) func whatSomebodyElseWroteIsNotShown(_ bytes: String) async throws {
            let server = try await RedisServer()
            let cache = try RedisPreviewCacheTests.cache(server, Books(RedisPreviewCacheTests.token(1)))
            let set = RedisScript("return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])")
            _ = try await cache.client.run(
                set, keys: ["countersign:preview:{A}"],
                [Array(String(RedisPreviewCacheTests.day.number).utf8), Array(bytes.utf8)])
            let reply = try await cache.preview(account: "A", day: RedisPreviewCacheTests.day) {
                RedisPreviewCacheTests.preview("right")
            }
            #expect(RedisPreviewCacheTests.text(reply) == "right")
            #expect(cache.counts.outOfDate == 1)
            await server.stop()
        }
    }
#endif
