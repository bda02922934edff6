#if PostgreSQL
    import Foundation
    import NIOConcurrencyHelpers
    import SharedState
    import TestKit
    import Testing

    /// Two proxies as processes of their own, with one plan in one PostgreSQL.
    @Suite("A rollout of several proxies, end to end", .serialized, .timeLimit(.minutes(6)))
    struct SharedRolloutRunTests {
        private static let second = Duration.seconds(1)

        @Test("what is ordered at one proxy holds at the other, and is told once")
        func oneOrder() async throws {
            let rollout = try await RolloutUnderTest(written: "keep", store: migrated())
            let a = try await rollout.start("a")
            let b = try await rollout.start("b")
            try await rollout.prove(a, b)
            var took: [(what: String, time: Duration)] = []
            func time(_ what: String, _ isSo: @escaping @Sendable () async throws -> Bool) async throws {
                let began = ContinuousClock.now
                try await eventually("\(what) is shared", within: 30, isSo)
                took.append((what, began.duration(to: .now)))
            }

            try await rollout.post("promote", at: b, by: "kim")
            try await time("a promotion") { try await rollout.status(a).stage == "all 50/50" }
            var sides: [String] = []
            for account in 0..<20 {
                // A key that is still being compared where it was follows once it is.
                try await eventually("both place account \(account) alike") {
                    try await rollout.side(a, "\(account)") == rollout.side(b, "\(account)")
                }
                sides.append(try await rollout.side(b, "\(account)"))
            }
            let moved = try #require(sides.firstIndex(of: "candidate")).description
            #expect(sides.contains("legacy"))
            // Written by way of one, it stays where it is by way of the other.
            #expect(try await rollout.side(a, moved, pays: true) == "candidate")

            try await rollout.post("pause", at: a, by: "kim")
            try await time("a pause") { try await rollout.status(b).pause != nil }
            try await rollout.post("resume", at: b, by: "kim")
            try await time("a resumption") { try await rollout.status(a).pause == nil }

            rollout.candidate.follow(RolloutUnderTest.script("candidate", net: 2))
            _ = try await rollout.side(a, moved)
            try await eventually("it rolled back") { try await rollout.status(a).latch != nil }
            try await time("a rollback") { try await rollout.status(b).latch != nil }
            rollout.candidate.follow(RolloutUnderTest.script("candidate", net: 1))
            for (account, side) in sides.enumerated() {
                let now = try await rollout.side(b, "\(account)")
                #expect(now == ("\(account)" == moved ? side : "legacy"))
            }

            // One throws it, at one; two release it, each at another.
            try await rollout.post("kill", at: a, by: "kim")
            try await time("a kill") { try await rollout.side(b, moved) == "legacy" }
            try await rollout.post("release", at: b, by: "kim")
            #expect(try await rollout.status(a).kill != nil)
            try await rollout.post("release", at: a, by: "lee")
            try await time("a release") { try await rollout.status(b).kill == nil }

            for (what, time) in took { print("shared with the other proxy: \(what) after \(time)") }
            // The middle one: a machine may stop for a moment.
            #expect(took.map(\.time).sorted()[took.count / 2] <= Self.second, "\(took)")
            try await sameLog(rollout, a, b)
            // One proxy tells of each.
            try await eventually("the notices") {
                rollout.told("rollback") == 1 && rollout.told("kill") == 1
            }
            try await rollout.stop(a, b)
            #expect(rollout.told("rollback") == 1 && rollout.told("kill") == 1)
            try await rollout.shutdown()
        }

        @Test("killed, a proxy is missed by nobody: the other goes on to lead, and it follows when it is back")
        func leaderKilled() async throws {
            let rollout = try await RolloutUnderTest(store: migrated())
            let proxies = ["a": try await rollout.start("a"), "b": try await rollout.start("b")]
            let leader = try await leader(rollout, proxies)
            let other = leader == "a" ? "b" : "a"
            let follower = try #require(proxies[other])
            proxies[leader]?.program.signal(SIGKILL)
            _ = try await proxies[leader]?.program.exit()
            try await eventually("the other leads", within: 60) { try await rollout.status(follower).isLeader == true }
            try await rollout.prove(follower)
            try await rollout.post("promote", at: follower, by: "kim")
            #expect(try await rollout.status(follower).stage == "all 50/50")
            let again = try await rollout.start(leader)
            #expect(try await rollout.status(again).stage == "all 50/50")
            #expect(try await rollout.status(again).isLeader == false)
            try await sameLog(rollout, follower, again)
            try await rollout.stop(follower, again)
            try await rollout.shutdown()
        }

        @Test(
            "without PostgreSQL every proxy stays where it was, started anew or not; a kill holds, and is shared once it is back")
        func storeAway() async throws {
            let server = try await PostgresServer()
            let store = server.address(schema: "shared")
            _ = try await SharedStateDatabase.migrate(address: store)
            let rollout = try await RolloutUnderTest(store: store)
            let a = try await rollout.start("a")
            var b = try await rollout.start("b")
            try await rollout.prove(a, b)
            try await rollout.post("promote", at: a, by: "kim")
            try await eventually("shared") { [b] in try await rollout.status(b).stage == "all 50/50" }
            try await rollout.prove(a, b)
            var sides: [String] = []
            for account in 0..<20 { sides.append(try await rollout.side(a, "\(account)")) }
            try await server.halt()

            try await rollout.post("promote", at: a, by: "kim", expecting: 503)
            b.program.signal(SIGKILL)
            _ = try await b.program.exit()
            b = try await rollout.start("b")
            for proxy in [a, b] {
                #expect(try await rollout.status(proxy).stage == "all 50/50")
                for (account, side) in sides.enumerated() { #expect(try await rollout.side(proxy, "\(account)") == side) }
            }
            try await rollout.post("kill", at: b, by: "kim")
            for account in 0..<20 { #expect(try await rollout.side(b, "\(account)") == "legacy") }

            try await server.resume()
            try await eventually("the kill is shared", within: 60) { try await rollout.status(a).kill != nil }
            for account in 0..<20 { #expect(try await rollout.side(a, "\(account)") == "legacy") }
            try await sameLog(rollout, a, b)
            try await rollout.stop(a, b)
            try await rollout.shutdown()
            server.stop()
        }

        private func migrated() async throws -> String {
            let address = try await PostgresServer.shared().address()
            _ = try await SharedStateDatabase.migrate(address: address)
            return address
        }

        private func leader(_ rollout: RolloutUnderTest, _ proxies: [String: RolloutUnderTest.Proxy]) async throws -> String {
            let leader = NIOLockedValueBox("")
            try await eventually("one leads", within: 30) {
                for (name, proxy) in proxies where try await rollout.status(proxy).isLeader == true {
                    leader.withLockedValue { $0 = name }
                    return true
                }
                return false
            }
            return leader.withLockedValue { $0 }
        }

        /// Each has the whole log in its folder.
        private func sameLog(_ rollout: RolloutUnderTest, _ proxies: RolloutUnderTest.Proxy...) async throws {
            let files = ["a", "b"].map { rollout.state(of: $0) + "/audit.jsonl" }
            try await eventually("the logs are one") {
                try String(contentsOfFile: files[0], encoding: .utf8) == String(contentsOfFile: files[1], encoding: .utf8)
            }
            for file in files {
                let program = try ProgramUnderTest("countersign", ["audit", "verify", file])
                let status = try await program.exit()
                #expect(status == 0, "\(program.output) \(program.errors)")
            }
        }
    }
#endif
