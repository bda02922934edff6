#if PostgreSQL
    import Alerting
    import TestKit
    import Testing
    import Verdicts

    @testable import SharedState

    @Suite("Keys at two proxies")
    struct KeyExchangeTests {
        private func members(_ count: Int) async throws -> [Member] {
            let address = try await sharedStore()
            return try (0..<count).map { try Member("proxy-\($0)", address) }
        }

        private func exchange(_ members: [Member]) async { for member in members { await member.publisher.exchangeKeys() } }

        private func advance(_ members: [Member], _ milliseconds: Int64) {
            for member in members { member.world.advance(milliseconds: milliseconds) }
        }

        @Test("one seen at two within the window is contested at all, with one warning; one seen at one is not")
        func contested() async throws {
            let members = try await members(3)
            defer { for member in members { member.end() } }
            members[0].world.see([1, 2, .max])
            members[1].world.see([3])
            await exchange(members)
            #expect(members.allSatisfy { $0.world.contested.isEmpty })
            advance(members, 299_000)
            members[1].world.see([2, .max])
            // The first hears of it as it looks again, and so does one that saw nothing of it.
            await exchange(members)
            await exchange(members)
            #expect(members.allSatisfy { $0.world.contested == [2, .max] })
            #expect(members.allSatisfy { $0.publisher.standing.keysAtTwoProxies == 2 })
            members[0].world.see([2])
            members[2].world.see([2, 3])
            await exchange(members)
            let incidents = try await members[0].sharedBook.incidents()
            #expect(incidents.count == 1)
            #expect(incidents.first?.kind == "key-at-two-proxies" && incidents.first?.count == 3)
            #expect(try await members[0].sharedBook.notices().count == 1)
        }

        @Test("what is out of the window is forgotten, however much it is")
        func forgotten() async throws {
            let members = try await members(1)
            defer { members[0].end() }
            let now = members[0].world.now
            try await members[0].database.store.write { connection in
                try connection.execute(
                    "INSERT INTO key_sighting SELECT g, 'gone', CAST(? AS BIGINT) + g FROM generate_series(1, 45000) g",
                    [.integer(now - 3_600_000_000)])
                try connection.execute(
                    "INSERT INTO key_sighting VALUES (1, 'b', ?)", [.integer(now)])
            }
            members[0].world.see([2])
            await exchange(members)
            let left = try await members[0].database.store.read { try $0.rows("SELECT count(*) FROM key_sighting", []) }
            #expect(try left.first?.integer(0) == 2)
        }

        @Test("seen again after the window, a key is at one proxy; a conflict ends after the window too")
        func windowEnds() async throws {
            let members = try await members(2)
            defer { for member in members { member.end() } }
            members[0].world.see([7])
            await exchange(members)
            advance(members, 330_001)
            members[1].world.see([7])
            await exchange(members)
            #expect(members.allSatisfy { $0.world.contested.isEmpty })
            members[0].world.see([7])
            await exchange(members)
            await exchange(members)
            #expect(members.allSatisfy { $0.world.contested == [7] })
            advance(members, 300_001)
            await exchange(members)
            #expect(members.allSatisfy { $0.world.contested.isEmpty })
        }

        @Test("two who tell the same key at the same moment both hear of it")
        func atOnce() async throws {
            let members = try await members(4)
            defer { for member in members { member.end() } }
            let keys = (1...3_000).map { UInt64($0) }
            for member in members { member.world.see(keys) }
            await withTaskGroup(of: Void.self) { group in
                for member in members { group.addTask { await member.publisher.exchangeKeys() } }
            }
            await exchange(members)
            #expect(members.allSatisfy { $0.world.contested == Set(keys) })
            #expect(try await members[0].sharedBook.notices().count == 1)
            #expect(try await members[0].sharedBook.incidents().first?.count == 3_000)
        }

        @Test("without the store what was contested stays so, until its window is over")
        func storeAway() async throws {
            let server = try await PostgresServer()
            let address = server.address(schema: "keys")
            _ = try await SharedStateDatabase.migrate(address: address)
            let members = try (0..<2).map { try Member("proxy-\($0)", address) }
            defer { for member in members { member.end() } }
            for member in members { member.world.see([9]) }
            await exchange(members)
            await exchange(members)
            server.stop()
            advance(members, 299_000)
            await exchange(members)
            #expect(members.allSatisfy { $0.world.contested == [9] })
            advance(members, 2_000)
            await exchange(members)
            #expect(members.allSatisfy { $0.world.contested.isEmpty })
        }

        @Test("a busy key is told a few times in a window; beyond the bound keys are dropped and counted")
        func watch() {
            var watch = KeyWatch(windowMicroseconds: 1_000)
            watch.note([1], now: 0)
            #expect(watch.due(max: 10) == [1])
            watch.told([1])
            watch.note([1], now: 99)
            #expect(watch.due(max: 10).isEmpty)
            watch.note([1], now: 100)
            #expect(watch.due(max: 10) == [1])
            watch.note((0..<UInt64(KeyWatch.keysMax)).map { $0 + 10 }, now: 100)
            #expect(watch.count == KeyWatch.keysMax && watch.dropped == 1)
            // Out of the window, they make room.
            watch.note([5], now: 1_200)
            #expect(watch.count == 1 && watch.dropped == 1)
        }
    }
#endif
