#if PostgreSQL
    import Synchronization
    import TestKit
    import Testing
    import Verdicts

    @testable import SharedState

    @Suite("Counts of several proxies together")
    struct SharedFigureTests {
        private func figures(_ ledger: CountLedger, inFlight: Int = 0) -> InstanceFigures {
            InstanceFigures(
                epoch: ledger.epoch, operations: ledger.totals(), inFlight: inFlight, awaitingComparison: 0, note: "{}")
        }

        @Test("are the sum of all, conserved, whatever is published twice; a restart goes on, a new ledger adds up")
        func sums() async throws {
            let address = try await sharedStore()
            let folder = try TemporaryDirectory()
            let members = try ["a", "b"].map { try Member($0, address) }
            defer { for member in members { member.end() } }
            func ledger(_ name: String) throws -> CountLedger { try CountLedger(path: folder.file(name), lanes: 1) }
            func publish(_ member: Member, _ ledger: CountLedger, inFlight: Int = 0) async {
                let figures = figures(ledger, inFlight: inFlight)
                member.world.state.withLock { $0.figures = figures }
                await member.publisher.publishFigures()
                await member.publisher.publishFigures()
            }
            func all() async throws -> SharedFigures { try await SharedFigures.read(from: members[0].database.store) }

            var a = try ledger("a")
            let b = try ledger("b")
            for (ledger, matches) in [(a, 5), (b, 7)] {
                let operation = ledger.register(operation: "payout")
                let lane = ledger.lane(0)
                for _ in 0..<matches {
                    lane.received(operation)
                    lane.settled(operation, .match)
                }
                // One is under way.
                lane.received(operation)
            }
            await publish(members[0], a, inFlight: 1)
            await publish(members[1], b, inFlight: 1)
            var sum = try await all()
            #expect(sum.received == 14 && sum.inFlight == 2 && sum.operations.first?[.match] == 12 && sum.isConserved)
            #expect(sum.instances.map(\.name) == ["a", "b"])

            // Killed and started again: what was under way is interrupted, and nothing counts twice.
            a = try ledger("a")
            await publish(members[0], a)
            sum = try await all()
            #expect(sum.received == 14 && sum.inFlight == 1 && sum.operations.first?[.interrupted] == 1 && sum.isConserved)

            // Its folder was lost: the new ledger begins at zero, and the old counts stay counted.
            let other = try ledger("a-new")
            let lane = other.lane(0)
            let operation = other.register(operation: "payout")
            lane.received(operation)
            lane.settled(operation, .mismatch)
            await publish(members[0], other)
            sum = try await all()
            #expect(sum.received == 15 && sum.operations.first?[.mismatch] == 1 && sum.isConserved)
        }

        @Test("a copied folder beside its original is told, by whatever name; one that was renamed goes on after a while")
        func copied() async throws {
            let address = try await sharedStore()
            let folder = try TemporaryDirectory()
            let ledger = try CountLedger(path: folder.file("a"), lanes: 1)
            let members = try ["a", "b"].map { try Member($0, address) }
            defer { for member in members { member.end() } }
            for member in members {
                member.world.state.withLock { $0.figures = figures(ledger) }
                await member.publisher.publishFigures()
            }
            #expect(members[0].publisher.standing.trouble == nil)
            #expect(members[1].publisher.standing.trouble?.contains("another process publishes") == true)
            members[1].world.advance(milliseconds: 11_000)
            await members[1].publisher.publishFigures()
            #expect(members[1].publisher.standing.trouble == nil)
        }

        @Test("a folder that was restored takes back what it no longer counts")
        func restored() async throws {
            let member = try Member("a", try await sharedStore())
            defer { member.end() }
            let folder = try TemporaryDirectory()
            let ledger = try CountLedger(path: folder.file("a"), lanes: 1)
            let lane = ledger.lane(0)
            let operation = ledger.register(operation: "payout")
            lane.received(operation)
            lane.settled(operation, .match)
            let before = figures(ledger)
            lane.received(operation)
            lane.settled(operation, .mismatch)
            for figures in [figures(ledger), before] {
                member.world.state.withLock { $0.figures = figures }
                await member.publisher.publishFigures()
            }
            let sum = try await SharedFigures.read(from: member.database.store)
            #expect(sum.received == 1 && sum.operations.first?[.mismatch] == 0 && sum.isConserved)
        }

        @Test("an epoch stays with its ledger, and a new ledger has another")
        func epochs() throws {
            let folder = try TemporaryDirectory()
            let first = try CountLedger(path: folder.file("a"), lanes: 1).epoch
            #expect(try CountLedger(path: folder.file("a"), lanes: 4).epoch == first)
            #expect(try CountLedger(path: folder.file("b"), lanes: 1).epoch != first)
            #expect(first.count == 16 && first != String(repeating: "0", count: 16))
        }

        @Test("of two processes by one name the earlier says so, and writes no counts")
        func sameName() async throws {
            let address = try await sharedStore()
            let earlier = try Member("a", address)
            defer { earlier.end() }
            let world = Member.World()
            world.advance(milliseconds: 1_000)
            let later = try Member("a", address, world: world)
            defer { later.end() }
            await earlier.publisher.publishFigures()
            #expect(earlier.publisher.standing.trouble == nil)
            await later.publisher.publishFigures()
            await earlier.publisher.publishFigures()
            await earlier.publisher.publishFigures()
            #expect(later.publisher.standing.trouble == nil)
            #expect(earlier.publisher.standing.trouble?.contains("another process publishes as the instance `a`") == true)
            #expect(earlier.world.log.count == 1)
        }
    }
#endif
