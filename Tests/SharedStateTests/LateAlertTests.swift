#if PostgreSQL
    import Alerting
    import TestKit
    import Testing
    import Verdicts

    @testable import SharedState

    @Suite("Alerts while the shared store is away")
    struct LateAlertTests {
        /// A port on which PostgreSQL may come to be.
        private func away() throws -> (port: Int, address: String) {
            let port = try LoopbackSocket.freePort()
            return (port, "postgres://test@127.0.0.1:\(port)/postgres?schema=shared")
        }

        @Test("told from the folder after the bound, not before; once it is back, shipped in silence, and the next is told there")
        func bounded() async throws {
            let (port, address) = try away()
            let member = try Member("a", address)
            defer { member.end() }
            let world = member.world
            try await member.meet([Member.evidence("e1", at: world.now)])
            await member.publisher.ship()
            #expect(member.publisher.standing.awaySince == world.now)
            #expect(member.publisher.standing.evidenceWaiting == 1)
            #expect(world.log.count == 1 && world.log[0].hasPrefix("the shared state is away"))
            world.advance(milliseconds: 9_999)
            await member.publisher.alertLate()
            #expect(try await member.ownBook.notices().isEmpty)
            world.advance(milliseconds: 1)
            await member.publisher.alertLate()
            await member.publisher.alertLate()
            #expect(try await member.ownBook.notices().count == 1)
            #expect(member.publisher.standing.alertedHere == 1)

            let server = try await PostgresServer(port: port)
            _ = try await SharedStateDatabase.migrate(address: address)
            try await eventually("the evidence in the store") {
                await member.publisher.ship()
                return member.publisher.standing.evidenceWaiting == 0
            }
            #expect(member.publisher.standing.awaySince == nil && member.publisher.standing.trouble == nil)
            #expect(world.log.last == "the shared state is there again")
            #expect(try await member.shared() == ["e1"])
            #expect(try await member.sharedBook.incidents().map(\.isRaised) == [true])
            #expect(try await member.sharedBook.notices().isEmpty)
            try await member.meet([Member.evidence("e2", operation: "transfer", at: world.now)])
            await member.publisher.ship()
            #expect(try await member.sharedBook.notices().count == 1)

            // Away again: what the store has been told of before is not told a second time.
            server.stop()
            try await member.meet([
                Member.evidence("e3", operation: "transfer", at: world.now),
                Member.evidence("e4", operation: "closure", at: world.now),
            ])
            world.advance(milliseconds: 10_000)
            await member.publisher.ship()
            await member.publisher.alertLate()
            #expect(try await Set(member.ownBook.incidents().map(\.operation)) == ["payout", "closure"])
        }

        @Test("a cascade that was shipped does not keep its kind's first real mismatch from being told")
        func afterCascade() async throws {
            let server = try await PostgresServer()
            let member = try Member("a", server.address(schema: "shared"))
            defer { member.end() }
            _ = try await SharedStateDatabase.migrate(address: server.address(schema: "shared"))
            try await member.meet([Member.evidence("e1"), Member.evidence("e2", operation: "transfer", cascadeOf: "e1")])
            await member.publisher.ship()
            #expect(try await member.sharedBook.incidents().count == 1)
            server.stop()
            try await member.meet([Member.evidence("e3", operation: "transfer", at: member.world.now)])
            member.world.advance(milliseconds: 10_000)
            await member.publisher.alertLate()
            #expect(try await member.ownBook.incidents().map(\.operation) == ["transfer"])
            #expect(try await member.ownBook.notices().count == 1)
        }

        @Test("after a start the store has its time first")
        func afterStart() async throws {
            let member = try Member("a", try away().address)
            defer { member.end() }
            try await member.meet([Member.evidence("e1", at: member.world.now - 60_000_000)])
            await member.publisher.alertLate()
            #expect(try await member.ownBook.notices().isEmpty)
            member.world.advance(milliseconds: 10_000)
            await member.publisher.alertLate()
            #expect(try await member.ownBook.notices().count == 1)
        }
    }
#endif
