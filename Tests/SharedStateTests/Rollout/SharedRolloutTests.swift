#if PostgreSQL
    import Foundation
    import Migration
    import RolloutTestKit
    import TestKit
    import Testing

    @testable import RolloutControl
    @testable import SharedState

    @Suite("A rollout at several proxies")
    struct SharedRolloutTests {
        @Test("The evidence of all of them promotes all of them, once, and each has the whole log")
        func together() async throws {
            let members = try await RolloutMember.group(3)
            defer { members.end() }
            #expect(await members[0].controller.status().isLeader)
            #expect(await !members[1].controller.status().isLeader)
            // A third of what it takes, at each.
            for (index, member) in members.enumerated() { member.plane.addMatches(4, from: 100 * index) }
            await members.turn()
            #expect(members.shares == [10_000, 10_000, 10_000])
            for member in members {
                #expect(try member.log == ["promoted"])
                let report = try AuditVerification.verify(
                    path: member.folder.file("audit.jsonl"), expected: members[0].controller.standing.head)
                #expect(report.isWhole)
            }
            #expect(
                members.told(.promotion) == 2,
                "the verdict and the promotion, each told once")
        }

        @Test("A failure at a follower rolls all back, and its written keys go back everywhere")
        func rollback() async throws {
            let members = try await RolloutMember.group(3, automatic: false)
            defer { members.end() }
            members[0].prove()
            await members.turn()
            _ = try await members[1].controller.carryOut(.promote, by: .kim, reason: "")
            await members.turn()
            #expect(members.shares == [10_000, 10_000, 10_000])
            for member in members { member.plane.change { $0.keys = [WrittenKey(key: "a", notedAt: 1)] } }
            members[2].plane.addFailures(5)
            await members[2].controller.look()
            #expect(members.shares == [10_000, 10_000, 0])
            await members.turn(1)
            #expect(members.shares == [0, 0, 0])
            for member in members {
                #expect(member.controller.standing.latchReason?.contains("failed 5 times") == true)
                #expect(member.plane.seen.calls.contains("return"))
                let sequence = member.controller.standing.head.sequence
                #expect(FileManager.default.fileExists(atPath: member.folder.file("rollback-\(sequence).keys.jsonl")))
            }
            #expect(members.told(.rollback) == 1)
        }

        @Test("Keys that one notes, the others note; after a rollback none of them is heard of again")
        func keys() async throws {
            let members = try await RolloutMember.group(2)
            defer { members.end() }
            members[0].plane.change { $0.unpublished = ["a", "b", "nul\0"] }
            await members.turn(1)
            #expect(members[1].plane.seen.noted == ["a", "b", "nul\0"] && members[0].plane.seen.unpublished.isEmpty)
            members[0].prove()
            await members.turn()
            _ = try await members[0].controller.carryOut(.rollback, by: .kim, reason: "x")
            await members.turn()
            let late = try RolloutMember("late", members[0].address)
            defer { late.end() }
            _ = try await late.controller.start()
            await late.turn()
            #expect(late.plane.seen.noted.isEmpty)
        }

        @Test("A kill at any of them holds at all, two kills at once are one, and the release of two holds at all")
        func kill() async throws {
            let members = try await RolloutMember.group(3)
            defer { members.end() }
            members[0].prove()
            await members.turn()
            async let first: Void? = try? members[1].controller.kill(by: .kim, reason: "one")
            async let second: Void? = try? members[2].controller.kill(by: .lee, reason: "two")
            _ = await (first, second)
            #expect(members[1].plane.isKilled && members[2].plane.isKilled)
            await members.turn(1)
            #expect(!members.contains { !$0.plane.isKilled })
            #expect(try members[0].log.filter { $0 == "killed" }.count == 1)
            _ = try await members[0].controller.carryOut(.release, by: .kim, reason: "")
            await members.turn(1)
            _ = try await members[1].controller.carryOut(.release, by: .lee, reason: "")
            await members.turn()
            for member in members { await member.controller.lookAtKillFile() }
            #expect(members.allSatisfy { !$0.plane.isKilled && $0.plane.share == 0 })
            #expect(members.allSatisfy { !FileManager.default.fileExists(atPath: $0.folder.file("kill-switch")) })
        }

        @Test("When the leader is gone another goes on with its evidence, in the same try")
        func leaderGone() async throws {
            let members = try await RolloutMember.group(2)
            defer { members.end() }
            members[0].plane.addMatches(3)
            members[1].plane.addMatches(3, from: 50)
            await members.turn()
            // No further turn of the first: it was killed. Its lease runs out by the database's clock.
            let next = members[1]
            try await eventually("another leader") {
                await next.controller.seekLead()
                return await next.controller.status().isLeader
            }
            await next.turn()
            let status = await next.controller.status()
            #expect(status.attempt == 1 && status.verdict?.operations.first?.comparisons == 6)
            next.plane.addMatches(6, from: 90)
            await next.turn()
            await next.turn()
            #expect(next.plane.share == 10_000)
            // The first comes back and takes itself for nothing more than it is.
            await members[0].controller.seekLead()
            await members[0].turn()
            #expect(members[0].plane.share == 10_000)
            #expect(await !members[0].controller.status().isLeader)
        }

        @Test("Outcomes of another stage, or compared under other rules, are no evidence")
        func otherBasis() async throws {
            let members = try await RolloutMember.group(2)
            defer { members.end() }
            members[1].plane.change { $0.basis.rules = "r2" }
            members[1].prove()
            await members.turn()
            #expect(members.shares == [0, 0])
            members[1].plane.addMismatch(at: ["$.netInterest"])
            await members.turn()
            #expect(members[0].controller.standing.latchReason?.contains("netInterest") == true)
        }

        @Test("A proxy that was down during a rollback lets its keys go back when it starts")
        func downDuringRollback() async throws {
            let members = try await RolloutMember.group(1)
            defer { members.end() }
            var second: RolloutMember? = try RolloutMember("p1", members[0].address)
            let folder = try #require(second?.folder)
            let plane = try #require(second?.plane)
            _ = try await second?.controller.start()
            members[0].prove()
            await members.turn()
            await second?.turn()
            #expect(plane.share == 10_000)
            plane.change { $0.keys = [WrittenKey(key: "a", notedAt: 1)] }
            second?.end()
            second = nil
            _ = try await members[0].controller.carryOut(.rollback, by: .kim, reason: "x")
            let again = try RolloutMember("p1", members[0].address, folder: folder, keys: plane)
            defer { again.end() }
            #expect(try await again.controller.start().isShadow)
            #expect(again.plane.seen.calls.contains("return"))
        }

        @Test("A log of its own that the shared one does not follow is refused")
        func otherLog() async throws {
            let members = try await RolloutMember.group(1, automatic: false)
            defer { members.end() }
            _ = try await members[0].controller.carryOut(.pause, by: .kim, reason: "x")
            let folder = try TemporaryDirectory()
            func runAlone() async throws {
                let setup = RolloutSetup(
                    plan: .sample(), isAutomatic: false, folder: folder.path, killFile: folder.file("kill-switch"))
                let alone = try RolloutController(setup, plane: FakePlane(), teller: FakeTeller())
                _ = try await alone.start()
                await alone.finish()
            }
            try await runAlone()
            let other = try RolloutMember("other", members[0].address, folder: folder)
            defer { other.end() }
            let error = await #expect(throws: RolloutStartError.self) { try await other.controller.start() }
            #expect(error?.description.contains("move it away") == true)
        }
    }
#endif
