#if PostgreSQL
    import Alerting
    import PostgreSQLClient
    import TestKit
    import Testing
    import Verdicts

    @testable import SharedState

    @Suite("The shared tables' version")
    struct SharedSchemaTests {
        @Test("migrating twice changes something once; ten at once do it once")
        func idempotent() async throws {
            let address = try await PostgresServer.shared().address()
            let changes = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 { group.addTask { try await SharedStateDatabase.migrate(address: address).count } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(changes.sorted() == Array(repeating: 0, count: 9) + [SharedSchema.schema.migrations.count])
            let database = try SharedStateDatabase(address: address)
            defer { database.close() }
            try await database.check()
        }

        @Test("an older schema and a newer one are refused, each with its mend")
        func otherVersions() async throws {
            let address = try await PostgresServer.shared().address()
            let database = try SharedStateDatabase(address: address)
            defer { database.close() }
            let none = await #expect(throws: PostgresError.self) { try await database.check() }
            #expect(none?.kind == .schema)
            #expect(none?.message.contains("countersign migrate --store") == true)
            _ = try await SharedStateDatabase.migrate(address: address)
            try await database.store.write {
                try $0.execute("INSERT INTO schema_version (version, name) VALUES (99, 'later')", [])
            }
            let newer = await #expect(throws: PostgresError.self) { try await database.check() }
            #expect(newer?.kind == .schema)
            #expect(newer?.message.contains("a newer one has migrated it") == true)
            await #expect(throws: PostgresError.self) { _ = try await SharedStateDatabase.migrate(address: address) }
        }

        @Test("a schema that is migrated under a running proxy is left alone; alerts come from the folder then")
        func migratedMeanwhile() async throws {
            let member = try Member("a", try await sharedStore())
            defer { member.end() }
            await member.publisher.publishFigures()
            #expect(member.publisher.standing.trouble == nil)
            try await member.database.store.write {
                try $0.execute("INSERT INTO schema_version (version, name) VALUES (99, 'later')", [])
            }
            await member.publisher.publishFigures()
            #expect(member.publisher.standing.trouble?.contains("a newer one has migrated it") == true)
            try await member.meet([Member.evidence("e1", at: member.world.now)])
            member.world.advance(milliseconds: 10_000)
            await member.publisher.ship()
            await member.publisher.alertLate()
            #expect(try await member.shared().isEmpty)
            #expect(try await member.ownBook.notices().count == 1)
        }

        @Test("values come back as they went; the one character that PostgreSQL's text can't hold is marked")
        func values() async throws {
            let database = try SharedStateDatabase(address: try await sharedStore())
            defer { database.close() }
            let row = try await database.store.read { connection in
                try connection.rows(
                    "SELECT CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BYTEA), CAST(? AS TEXT), 1 = 1",
                    [.text("a\u{0}b합"), .integer(.min), .bytes([0, 255]), .null]
                ).first
            }
            let found = try #require(row)
            #expect(try found.text(0) == "a\u{FFFD}b합" && found.integer(1) == .min && found.bytes(2) == [0, 255])
            #expect(try found.textIfAny(3) == nil && found.flag(4))
            #expect(throws: StateError.self) { try found.text(3) }
            #expect(throws: StateError.self) { try found.text(5) }
        }
    }
#endif
