#if PostgreSQL
    import Foundation
    import Migration
    import RolloutTestKit
    import TestKit
    import Testing

    @testable import RolloutControl
    @testable import SharedState

    @Suite("A rollout whose shared store is away")
    struct RolloutAwayTests {
        @Test("Nothing rises while the database is away; rollbacks and kills hold at once, and are told once it is back")
        func databaseAway() async throws {
            let server = try await PostgresServer()
            defer { server.stop() }
            let address = server.address(schema: "rollout")
            _ = try await SharedStateDatabase.migrate(address: address)
            let members = try await RolloutMember.group(3, address: address)
            defer { members.end() }
            members[0].prove()
            await members.turn()
            #expect(members.shares == [10_000, 10_000, 10_000])

            try await server.halt()
            members[0].prove()
            await members.turn(2)
            #expect(members.shares == [10_000, 10_000, 10_000])
            #expect(!members.contains { !$0.controller.standing.isAway })
            await #expect(throws: RolloutRefusal.self) {
                try await members[1].controller.carryOut(.pause, by: .kim, reason: "x")
            }
            members[1].plane.addFailures(5)
            await members[1].turn()
            #expect(members.shares == [10_000, 0, 10_000])
            #expect(members[1].controller.standing.latchReason != nil)
            _ = try? await members[2].controller.kill(by: .lee, reason: "night")
            #expect(members[2].plane.isKilled)
            #expect(members[1].teller.kinds.last == .rollback && members[2].teller.kinds.last == .kill)

            try await server.resume()
            try await eventually("all of it at all", within: 30) {
                await members.turn(1)
                return members.allSatisfy {
                    $0.plane.isKilled && $0.controller.standing.latchReason != nil && !$0.controller.standing.isAway
                }
            }
            await members.turn(1)
            let logs = try members.map { try $0.log }
            #expect(logs[0].filter { $0 == "rolled-back" }.count == 1 && logs[0].filter { $0 == "killed" }.count == 1)
            #expect(logs.allSatisfy { $0 == logs[0] })
            for member in members {
                #expect(try AuditVerification.verify(path: member.folder.file("audit.jsonl")).isWhole)
            }
            #expect(members.told(.rollback) + members.told(.kill) == 2)
        }

        @Test("What was owed when the process ended is owed by the next, which starts without the share")
        func owedOverRestart() async throws {
            let members = try await RolloutMember.group(1)
            defer { members.end() }
            var second: RolloutMember? = try RolloutMember("p1", members[0].address)
            let folder = try #require(second?.folder)
            _ = try await second?.controller.start()
            members[0].prove()
            await members.turn()
            await second?.turn()
            second?.line.set(.cut)
            second?.plane.addFailures(5)
            await second?.turn()
            #expect(second?.plane.share == 0 && members[0].plane.share == 10_000)
            second?.end()
            second = nil
            let again = try RolloutMember("p1", members[0].address, folder: folder)
            defer { again.end() }
            again.line.set(.cut)
            #expect(try await again.controller.start().isShadow)
            again.line.set(.whole)
            await again.turn()
            await members.turn()
            #expect(members[0].plane.share == 0 && members[0].controller.standing.latchReason != nil)
        }

        @Test("Split views: a leader that is cut off moves nothing, while another leads and promotes; it follows once it is back")
        func splitViews() async throws {
            let members = try await RolloutMember.group(2)
            defer { members.end() }
            members[0].line.set(.cut)
            members[0].prove()
            await members[0].turn()
            #expect(members[0].plane.share == 0)
            try await eventually("another leader") {
                await members[1].controller.seekLead()
                return await members[1].controller.status().isLeader
            }
            members[1].prove()
            await members[1].turn()
            await members[1].turn()
            #expect(members.shares == [0, 10_000])
            await members[0].controller.seekLead()
            members[0].line.set(.whole)
            await members[0].controller.seekLead()
            await members.turn()
            #expect(members.shares == [10_000, 10_000])
            #expect(try members[0].log == members[1].log)
            #expect(await !members[0].controller.status().isLeader)
        }

        @Test("A step whose answer is lost is neither lost nor taken twice")
        func lostAnswer() async throws {
            let members = try await RolloutMember.group(2, automatic: false)
            defer { members.end() }
            members[0].prove()
            await members.turn()
            members[1].line.set(.cutAfterNext)
            await #expect(throws: RolloutRefusal.self) {
                try await members[1].controller.carryOut(.promote, by: .kim, reason: "")
            }
            #expect(members[1].plane.share == 0)
            members[1].line.set(.whole)
            await members.turn()
            #expect(members.shares == [10_000, 10_000])
            members[1].line.set(.cutAfterNext)
            members[1].plane.addFailures(5)
            await members[1].controller.look()
            #expect(members[1].plane.share == 0)
            members[1].line.set(.whole)
            await members.turn()
            #expect(members.shares == [0, 0])
            #expect(try members[0].log.filter { $0 == "rolled-back" }.count == 1)
            #expect(await members[1].controller.status().troubles == [])
        }

        /// A member that ordered a promotion while its line was in that state, and then restarted or not; and how many promotions were told since.
        private func ordered(
            over line: CutLine.State, restarts: Bool, _ after: (RolloutMember, RolloutMember, () -> Int) async throws -> Void
        ) async throws {
            let other = try await RolloutMember.group(1, automatic: false)[0]
            defer { other.end() }
            var asking: RolloutMember? = try RolloutMember("asking", other.address, automatic: false)
            _ = try await asking?.controller.start()
            other.prove()
            for _ in 0..<3 {
                await other.turn()
                await asking?.turn()
            }
            let before = [other, asking].compactMap { $0 }.told(.promotion)
            asking?.line.set(line)
            let refusal = await #expect(throws: RolloutRefusal.self) {
                try await asking?.controller.carryOut(.promote, by: .kim, reason: "")
            }
            #expect(refusal != nil)
            var told = [other, asking].compactMap { $0 }.told(.promotion) - before
            #expect(told == 0)
            if restarts {
                let folder = asking?.folder
                asking?.end()
                asking = nil
                asking = try RolloutMember("asking", other.address, automatic: false, folder: folder)
                _ = try await asking?.controller.start()
                told = -other.teller.kinds.filter { $0 == .promotion }.count
            } else {
                asking?.line.set(.whole)
                told = -before
            }
            let member = try #require(asking)
            defer { member.end() }
            await [other, member].turn()
            try await after(other, member) { [other, member].told(.promotion) + told }
        }

        @Test(
            "What the store took and never answered is told by who asked, once, also by his next start", arguments: [false, true])
        func lostAnswerIsTold(restarts: Bool) async throws {
            try await ordered(over: .cutAfterNext, restarts: restarts) { other, asking, told in
                #expect([other, asking].shares == [10_000, 10_000])
                #expect(told() == 1)
                await [other, asking].turn()
                #expect(told() == 1)
            }
        }

        @Test("What the store never took is not told", arguments: [false, true])
        func notTakenIsNotTold(restarts: Bool) async throws {
            try await ordered(over: .cut, restarts: restarts) { other, asking, told in
                #expect([other, asking].shares == [0, 0] && told() == 0)
                // By somebody else, later: told by him alone.
                _ = try await other.controller.carryOut(.promote, by: .kim, reason: "")
                await [other, asking].turn()
                #expect([other, asking].shares == [10_000, 10_000] && told() == 1)
            }
        }

        @Test("A proxy that starts while the store is away goes on where it was, and without a share where it never was")
        func startAway() async throws {
            let members = try await RolloutMember.group(1)
            defer { members.end() }
            let late = try RolloutMember("late", members[0].address)
            defer { late.end() }
            members[0].prove()
            await members.turn()
            late.line.set(.cut)
            #expect(try await late.controller.start().isShadow)
            #expect(late.controller.standing.isAway)
            late.line.set(.whole)
            await late.turn()
            #expect(late.plane.share == 10_000)
        }
    }
#endif
