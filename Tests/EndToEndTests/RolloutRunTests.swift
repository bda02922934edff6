import Foundation
import TestKit
import Testing

/// A plan carried out by the program, ordered by the commands of those who may.
@Suite("A rollout, end to end", .serialized)
struct RolloutRunTests {
    @Test("one stage after the other, by those who may, with proof")
    func theWayUp() async throws {
        let rollout = try await RolloutUnderTest()
        let proxy = try await rollout.start()
        #expect(try await rollout.status(proxy).stage == "shadow")
        #expect(try await rollout.order(proxy, by: "kim", ["promote"]).status == 1)
        try await rollout.prove(proxy)
        // Nobody, a stranger to the role, and then the operator.
        #expect(try await rollout.order(proxy, by: nil, ["promote"]).status == 77)
        #expect(try await rollout.order(proxy, by: "viv", ["promote"]).status == 77)
        #expect(try await rollout.order(proxy, by: "kim", ["promote"]).status == 0)
        #expect(try await rollout.status(proxy).stage == "all 50/50")
        var sides: Set<String> = []
        for account in 0..<20 {
            let side = try await rollout.side(proxy, "\(account)")
            sides.insert(side)
            let writes = try await rollout.side(proxy, "\(account)", pays: true)
            #expect(writes == side)
        }
        #expect(sides == ["legacy", "candidate"])
        try await rollout.prove(proxy)
        #expect(try await rollout.order(proxy, by: "kim", ["promote"]).status == 0)
        #expect(try await rollout.status(proxy).stage == "all 50/50")
        let own = try await rollout.order(proxy, by: "kim", ["approve"])
        #expect(own.status != 0)
        #expect(try await rollout.order(proxy, by: "lee", ["approve"]).status == 0)
        try await eventually("the last stage") { try await rollout.status(proxy).stage == "all 0/100" }
        for account in 0..<5 { #expect(try await rollout.side(proxy, "\(account)", pays: true) == "candidate") }
        // The legacy goes on being compared, as the shadow.
        try await eventually("the legacy had the write") { rollout.legacy.seen.last?.method == "POST" }
        #expect(rollout.legacy.seen.last?.header("X-Shadow-Mode") == "mirror")
        let history = try await rollout.order(proxy, by: "viv", ["history"])
        for word in ["promoted", "approved", "promotion-requested", "promote-refused"] { #expect(history.output.contains(word)) }
        try await verify(rollout)
        try await rollout.shutdown()
    }

    @Test("a restart goes on where it was, and a kill outlives it", arguments: [SIGTERM, SIGKILL])
    func restarts(signal: Int32) async throws {
        let rollout = try await RolloutUnderTest()
        var proxy = try await rollout.start()
        try await rollout.prove(proxy)
        try await rollout.order(proxy, by: "kim", ["promote"])
        var before: [String] = []
        for account in 0..<20 { before.append(try await rollout.side(proxy, "\(account)", pays: true)) }
        #expect(Set(before).count == 2)
        proxy = try await restart(rollout, proxy, signal)
        #expect(try await rollout.status(proxy).stage == "all 50/50")
        for account in 0..<20 { #expect(try await rollout.side(proxy, "\(account)", pays: true) == before[account]) }
        // By the file alone, as at three in the morning.
        _ = FileManager.default.createFile(atPath: rollout.state + "/kill-switch", contents: nil)
        try await eventually("the switch is thrown") { [proxy] in try await rollout.status(proxy).kill != nil }
        for account in 0..<20 { #expect(try await rollout.side(proxy, "\(account)", pays: true) == "legacy") }
        proxy = try await restart(rollout, proxy, signal)
        for account in 0..<20 { #expect(try await rollout.side(proxy, "\(account)", pays: true) == "legacy") }
        #expect(try await rollout.order(proxy, by: "kim", ["release"]).status == 0)
        #expect(try await rollout.status(proxy).kill != nil)
        #expect(try await rollout.order(proxy, by: "kim", ["release"]).status == 1)
        #expect(try await rollout.order(proxy, by: "lee", ["release"]).status == 0)
        #expect(try await rollout.status(proxy).kill == nil)
        #expect(try await rollout.status(proxy).stage == "shadow")
        try await verify(rollout)
        try await rollout.shutdown()
    }

    @Test("SIGUSR2 throws the kill switch")
    func killsBySignal() async throws {
        let rollout = try await RolloutUnderTest()
        let proxy = try await rollout.start()
        proxy.program.signal(SIGUSR2)
        try await eventually("the switch is thrown") { try await rollout.status(proxy).kill != nil }
        #expect(FileManager.default.fileExists(atPath: rollout.state + "/kill-switch"))
        try await rollout.shutdown()
    }

    @Test("one critical mismatch takes everything back, tells, and names the keys", arguments: ["return", "keep"])
    func rollsBack(written: String) async throws {
        let rollout = try await RolloutUnderTest(written: written)
        let proxy = try await rollout.start()
        try await rollout.prove(proxy)
        try await rollout.order(proxy, by: "kim", ["promote"])
        var moved: [String] = []
        for account in 0..<20 where try await rollout.side(proxy, "\(account)", pays: true) == "candidate" {
            moved.append("\(account)")
        }
        try #require(!moved.isEmpty)
        rollout.candidate.follow(RolloutUnderTest.script("candidate", net: 2))
        _ = try await rollout.side(proxy, moved[0])
        // The lanes obey before the list is written.
        try await eventually("it rolled back, and listed the keys") {
            let status = try await rollout.status(proxy)
            return status.latch != nil && status.keysFile != nil
        }
        let status = try await rollout.status(proxy)
        #expect(status.stage == "shadow" && status.latch?.reason.contains("$.net") == true)
        rollout.candidate.follow(RolloutUnderTest.script("candidate", net: 1))
        for account in moved {
            #expect(try await rollout.side(proxy, account) == (written == "return" ? "legacy" : "candidate"))
        }
        let file = rollout.state + "/" + (try #require(status.keysFile))
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == moved.count)
        for account in moved { #expect(lines.contains { $0.contains("\"key\":\"\(account)\"") }) }
        #expect(lines.allSatisfy { $0.contains(written == "return" ? "\"nothing\"" : "\"stays-on-candidate\"") })
        // Whose caller was told something else is marked.
        #expect(lines.filter { !$0.contains("\"mismatches\":0") }.allSatisfy { $0.contains("\"key\":\"\(moved[0])\"") })
        #expect(lines.contains { $0.contains("\"key\":\"\(moved[0])\"") && $0.contains("\"mismatches\":1") })
        // Latched: the evidence alone does not go on.
        try await rollout.prove(proxy)
        #expect(try await rollout.order(proxy, by: "kim", ["promote"]).status == 1)
        #expect(try await rollout.order(proxy, by: "kim", ["resume"]).status == 64)
        #expect(try await rollout.order(proxy, by: "kim", ["resume", "--reason", "a wrong build, taken back"]).status == 0)
        try await eventually("an alert with the log's head") {
            rollout.receiver.notices.contains {
                $0.bodyText.contains("rolled back") && $0.bodyText.contains("auditHead")
                    && $0.bodyText.contains("\"stage\":\"all 50/50\"")
            }
        }
        try await verify(rollout)
        try await rollout.shutdown()
    }

    @Test("with --auto nobody asks, and five failures in a row end it")
    func byItself() async throws {
        let rollout = try await RolloutUnderTest()
        let proxy = try await rollout.start("", ["--auto"])
        for account in 0..<20 {
            _ = try await rollout.side(proxy, "\(account)")
            _ = try await rollout.side(proxy, "\(account)", pays: true)
        }
        try await eventually("the next stage") { try await rollout.status(proxy).stage == "all 50/50" }
        rollout.candidate.follow { _ in [.send(StubAnswer.json(500, "{}"))] }
        for account in 0..<12 { _ = try await rollout.side(proxy, "\(account)") }
        try await eventually("it rolled back") { try await rollout.status(proxy).latch != nil }
        #expect(try await rollout.status(proxy).stage == "shadow")
        try await rollout.shutdown()
    }

    private func restart(
        _ rollout: RolloutUnderTest, _ proxy: RolloutUnderTest.Proxy, _ signal: Int32
    ) async throws -> RolloutUnderTest.Proxy {
        proxy.program.signal(signal)
        _ = try await proxy.program.exit()
        return try await rollout.start()
    }

    private func verify(_ rollout: RolloutUnderTest) async throws {
        let program = try ProgramUnderTest("countersign", ["audit", "verify", rollout.auditLog])
        let status = try await program.exit()
        #expect(status == 0, "\(program.output) \(program.errors)")
    }
}
