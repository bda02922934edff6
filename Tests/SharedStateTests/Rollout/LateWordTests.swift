#if PostgreSQL
    import Migration
    import RolloutTestKit
    import TestKit
    import Testing

    @testable import RolloutControl
    @testable import SharedState

    @Suite("What reaches the shared store late, or twice")
    struct LateWordTests {
        @Test("A key that was noted before a kill and is published after it reaches nobody; one that is noted later does")
        func keyAfterKill() async throws {
            let members = try await RolloutMember.group(2, automatic: false)
            defer { members.end() }
            members[1].plane.change { plane in
                plane.keys = [WrittenKey(key: "early", notedAt: 1)]
                plane.unpublished = ["early"]
            }
            _ = try await members[0].controller.carryOut(.kill, by: .kim, reason: "x")
            await members[1].controller.exchangeOnce()
            #expect(members[1].plane.isKilled && members[1].plane.seen.unpublished.isEmpty)
            await members.turn()
            #expect(members.allSatisfy { $0.plane.seen.noted.isEmpty })
            for person in [Person.kim, .lee] { _ = try await members[0].controller.carryOut(.release, by: person, reason: "") }
            await members.turn()
            members[1].plane.change { $0.unpublished = ["late"] }
            await members.turn()
            #expect(members[0].plane.seen.noted == ["late"] && members[1].plane.seen.unpublished.isEmpty)
        }

        @Test("Outcomes whose arrival was not heard of are sent again, and count once", arguments: [false, true])
        func sentTwice(_ isKeptBetween: Bool) async throws {
            let members = try await RolloutMember.group(2, automatic: false)
            defer { members.end() }
            members[1].plane.addMatches(3)
            members[1].line.set(.cutAfterNext)
            await members[1].turn()
            #expect(members[1].controller.standing.isAway)
            if isKeptBetween {
                // A failure is kept at once, and what is in the evidence is gone from the store.
                members[0].plane.addFailures(1)
                await members[0].turn()
            }
            members[1].line.set(.whole)
            members[1].plane.addMatches(1, from: 50)
            await members.turn()
            let keeper = try #require(await members[0].controller.keeper)
            let figures = try #require(keeper.evidence.verdict().operations.first)
            #expect(figures.comparisons - figures.mismatches == 4)
        }
    }
#endif
