#if Redis
    import Synchronization
    import TestKit
    import Testing

    @testable import RedisClient

    /// Against a real Redis.
    @Suite struct RedisServerTests {
        static func milliseconds(_ body: () async throws -> Void) async rethrows -> Int {
            let start = ContinuousClock.now
            try await body()
            return Int((ContinuousClock.now - start) / .milliseconds(1))
        }

        @Test func commandsDoWhatTheySay() async throws {
            let server = try await RedisServer()
            let client = RedisClient(try RedisSettings(server.address("timeout=2000")))
            try await client.ping()
            #expect(try await client.get("a") == nil)
            let value: [UInt8] = [0, 13, 10, 255, 36]
            #expect(try await client.set("a", value))
            #expect(try await client.get("a") == value)
            #expect(try await client.set("a", [], onlyIfMissing: true) == false)
            #expect(try await client.get("a") == value)
            #expect(try await client.expiry(of: "a") == nil)
            #expect(try await client.set("b", [], onlyIfMissing: true, expiryMilliseconds: 60_000))
            #expect(try await client.get("b") == [])
            #expect((59_000...60_000).contains(try await client.expiry(of: "b") ?? 0))
            #expect(try await client.delete(["a", "b", "c"]) == 2)
            // By its text, and then by its name.
            let script = RedisScript("return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])")
            #expect(try await client.run(script, keys: ["h"], [Array("f".utf8), value]) == 1)
            #expect(try await client.run(script, keys: ["h"], [Array("f".utf8), value]) == 0)
            #expect(try await client.get("h", field: "f") == value)
            let statistics = client.statistics
            #expect(statistics.hits == 4)
            #expect(statistics.misses == 1)
            #expect(statistics.refused == 1, "the script that was not known")
            #expect(statistics.breakerOpened == 0)
            await server.stop()
        }

        @Test func anErrorIsAnErrorAndTheConnectionGoesOn() async throws {
            let server = try await RedisServer()
            let client = RedisClient(try RedisSettings(server.address("timeout=2000&pool=1")))
            try await client.set("a", [1])
            let error = await #expect(throws: RedisError.self) { try await client.get("a", field: "f") }
            #expect(error?.kind == .refused)
            #expect(error?.description.contains("WRONGTYPE") == true)
            #expect(try await client.get("a") == [1])
            #expect(client.statistics.connectionsMade == 1)
            await server.stop()
        }

        @Test func whatStandsInLineGoesOutTogether() async throws {
            let server = try await RedisServer()
            let client = RedisClient(try RedisSettings(server.address("timeout=5000&pool=2")))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<500 {
                    group.addTask {
                        try await client.set("k\(index)", Array("v\(index)".utf8))
                        #expect(try await client.get("k\(index)") == Array("v\(index)".utf8))
                    }
                }
                try await group.waitForAll()
            }
            #expect(client.statistics.commands == 1_000)
            #expect(client.statistics.errors == 0)
            #expect(client.statistics.batches < 1_000)
            #expect(client.statistics.connectionsMade <= 2)
            await server.stop()
        }

        @Test(
            arguments: [
                (":right@127.0.0.1", nil), ("default:right@127.0.0.1", nil), (":wrong@127.0.0.1", "WRONGPASS"),
                ("nobody:right@127.0.0.1", "WRONGPASS"), ("127.0.0.1", "NOAUTH"),
            ] as [(String, String?)]) func passwords(_ authority: String, _ refusal: String?) async throws
        {
            let server = try await RedisServer(password: "right")
            let client = RedisClient(try RedisSettings("redis://\(authority):\(server.port)?timeout=2000"))
            if let refusal {
                let error = await #expect(throws: RedisError.self) { try await client.set("a", [1]) }
                #expect(error?.description.contains(refusal) == true, "\(error?.description ?? "")")
                #expect(error?.description.contains("right") == false)
            } else {
                try await client.set("a", [1])
            }
            await server.stop()
        }

        @Test func databasesAreApartAndNamesAreLookedUp() async throws {
            let server = try await RedisServer()
            let one = RedisClient(try RedisSettings("redis://localhost:\(server.port)/1?timeout=5000"))
            let two = RedisClient(try RedisSettings("redis://127.0.0.1:\(server.port)/2?timeout=5000"))
            try await one.set("a", [1])
            #expect(try await two.get("a") == nil)
            #expect(try await one.get("a") == [1])
            await server.stop()
            let nowhere = RedisClient(try RedisSettings("redis://no-such-host.invalid:1?timeout=300"))
            let taken = await RedisServerTests.milliseconds {
                let error = await #expect(throws: RedisError.self) { try await nowhere.ping() }
                #expect(error?.kind == .unavailable)
                #expect(error?.description.contains("no-such-host.invalid") == true)
            }
            #expect(taken < 2_000)
        }

        @Test func aFrozenRedisCostsTheTimeoutAndThenNothing() async throws {
            let server = try await RedisServer()
            let events = Mutex<[RedisClient.BreakerEvent]>([])
            let client = RedisClient(try RedisSettings(server.address("timeout=100&failures=3&pool=1"))) { event in
                events.withLock { $0.append(event) }
            }
            try await client.ping()
            server.freeze()
            for _ in 0..<3 {
                let taken = await RedisServerTests.milliseconds {
                    let error = await #expect(throws: RedisError.self) { try await client.set("late", [1]) }
                    #expect(error?.kind == .timedOut)
                }
                #expect((95..<1_000).contains(taken))
            }
            #expect(client.statistics.isBreakerOpen)
            let commands = client.statistics.batches
            for _ in 0..<100 {
                let error = await #expect(throws: RedisError.self) { try await client.ping() }
                #expect(error?.kind == .breakerOpen)
            }
            #expect(client.statistics.batches == commands, "nothing was sent")
            try await eventually("a probe that fails") { client.statistics.failedProbes > 0 }
            server.thaw()
            try await eventually("the breaker closing") { !client.statistics.isBreakerOpen }
            try await client.ping()
            let statistics = client.statistics
            #expect(statistics.timeouts == 3)
            #expect(statistics.breakerRefusals == 100)
            #expect((statistics.breakerOpened, statistics.breakerClosed) == (1, 1))
            #expect(statistics.breakerOpenMilliseconds >= 50)
            #expect(events.withLock { $0.count } == 2)
            await server.stop()
        }

        @Test func aKilledRedisIsFoundAgainOnItsPort() async throws {
            let server = try await RedisServer()
            let client = RedisClient(try RedisSettings(server.address("timeout=1000&failures=2")))
            try await client.set("a", [1])
            await server.stop()
            for _ in 0..<4 { await #expect(throws: RedisError.self) { try await client.ping() } }
            #expect(client.statistics.isBreakerOpen)
            let again = try await RedisServer(port: server.port)
            try await eventually("the breaker closing") { !client.statistics.isBreakerOpen }
            #expect(try await client.get("a") == nil)
            await again.stop()
        }

        @Test func aConnectionThatWasClosedIdleFailsNoCommand() async throws {
            let server = try await RedisServer()
            let client = RedisClient(try RedisSettings(server.address("timeout=2000&pool=1")))
            let other = RedisClient(try RedisSettings(server.address("timeout=2000&pool=1")))
            try await client.ping()
            _ = try await other.command(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"].map { Array($0.utf8) }) { _ in true
            }
            try await client.ping()
            #expect(client.statistics.connectionsMade == 2)
            #expect(client.statistics.errors == 0)
            await server.stop()
        }

        @Test func aClosedClientRefuses() async throws {
            let client = RedisClient(try RedisSettings("redis://127.0.0.1:1"))
            client.close()
            let error = await #expect(throws: RedisError.self) { try await client.ping() }
            #expect(error?.kind == .unavailable)
        }
    }
#endif
