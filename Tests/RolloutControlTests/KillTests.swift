import Migration
import RolloutTestKit
import Testing

@testable import RolloutControl

@Suite("The kill switch")
struct KillTests {
    @Test("One person throws it, two release it, and it survives a restart without a person's word")
    func thrownAndReleased() async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        let status = try await bench.controller.carryOut(.kill, by: .kim, reason: "payouts differ")
        #expect(bench.plane.isKilled && bench.disk.hasKillFile && status.kill?.by == "kim")
        let next = try bench.again()
        #expect(try await next.controller.start().isKilled)
        #expect(!next.plane.seen.tables.contains { !$0.isKilled })
        _ = try await next.controller.carryOut(.release, by: .kim, reason: "")
        #expect(next.plane.isKilled && next.disk.hasKillFile)
        await #expect(throws: RolloutRefusal.self) { try await next.controller.carryOut(.release, by: .kim, reason: "") }
        _ = try await next.controller.carryOut(.release, by: .lee, reason: "")
        #expect(!next.plane.isKilled && next.plane.share == 0 && !next.disk.hasKillFile)
        await next.controller.lookAtKillFile()
        #expect(!next.plane.isKilled)
        #expect(next.disk.actions.suffix(3).first == "release-asked" && next.disk.actions.last == "released")
    }

    @Test("A file throws it, whatever it holds", arguments: ["", "schema: 99", "who: kim\nwhy: night\n"])
    func file(_ text: String) async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        bench.disk.touchKillFile(text)
        await bench.controller.lookAtKillFile()
        #expect(bench.plane.isKilled && bench.disk.actions.last == "killed" && bench.teller.kinds.last == .kill)
        await bench.controller.lookAtKillFile()
        #expect(bench.disk.actions.filter { $0 == "killed" }.count == 1)
        bench.clock.advance(milliseconds: 10_000)
        for person in [Person.kim, .lee] { _ = try await bench.controller.carryOut(.release, by: person, reason: "") }
        #expect(!bench.disk.hasKillFile && !bench.plane.isKilled)
    }

    @Test("A file that is there at the start is obeyed before the first request")
    func fileAtStart() async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        bench.disk.touchKillFile()
        let next = try bench.again()
        #expect(try await next.controller.start().isKilled && next.plane.isKilled)
        #expect(next.disk.actions.last == "killed")
    }

    @Test("A file of a switch that was released is old; one that is put there anew throws it again")
    func oldFile() async throws {
        let bench = try await Bench.started()
        _ = try await bench.controller.carryOut(.kill, by: .kim, reason: "x")
        let text = KillSwitchFile.encode(KillSwitch(thrownBy: "kim", reason: "x", at: bench.clock.now))
        bench.clock.advance(milliseconds: 10_000)
        for person in [Person.kim, .lee] { _ = try await bench.controller.carryOut(.release, by: person, reason: "") }
        bench.disk.touchKillFile(text)
        await bench.controller.lookAtKillFile()
        #expect(!bench.plane.isKilled && !bench.disk.hasKillFile)
        bench.disk.touchKillFile()
        await bench.controller.lookAtKillFile()
        #expect(bench.plane.isKilled)
    }

    @Test("A disk that takes nothing does not keep it from being thrown, and whoever threw it is told")
    func fullDisk() async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        bench.disk.fail(["audit", "record", "kill", "list"])
        await #expect(throws: RolloutRefusal.self) { try await bench.controller.carryOut(.kill, by: .kim, reason: "x") }
        #expect(bench.plane.isKilled && bench.controller.standing.isKilled)
        bench.disk.fail([])
        await bench.controller.look()
        #expect(bench.disk.actions.last == "killed" && bench.plane.isKilled)
        let next = try bench.again()
        #expect(try await next.controller.start().isKilled)
    }

    @Test("Thrown twice it is refused the second time, and stays thrown")
    func twice() async throws {
        let bench = try await Bench.started()
        _ = try await bench.controller.carryOut(.kill, by: .kim, reason: "x")
        await #expect(throws: RolloutRefusal.self) { try await bench.controller.carryOut(.kill, by: .lee, reason: "y") }
        #expect(bench.plane.isKilled && bench.disk.killSwitch()?.thrownBy == "kim")
    }

    @Test("Without a reason nothing is thrown, and the legacy that is retired gets nothing back")
    func refusals() async throws {
        let bench = try await Bench.started()
        await #expect(throws: RolloutRefusal.self) { try await bench.controller.carryOut(.kill, by: .kim, reason: " ") }
        #expect(!bench.plane.isKilled)
        try await bench.climb(4)
        await bench.prove()
        _ = try await bench.controller.carryOut(.retire, by: .kim, reason: "done")
        #expect(bench.plane.seen.isRetired)
        for order in RolloutOrder.allCases {
            await #expect(throws: RolloutRefusal.self) { try await bench.controller.carryOut(order, by: .kim, reason: "x") }
        }
        bench.disk.touchKillFile()
        await bench.controller.lookAtKillFile()
        bench.plane.addFailures(20)
        await bench.controller.look()
        #expect(!bench.plane.isKilled && bench.plane.share == 200_000)
        // Whoever put it there is told why nothing happens.
        #expect(await bench.controller.status().troubles.contains { $0.contains("the legacy is retired") })
        // It is told of once an hour, not with each failure.
        for _ in 0..<3 {
            bench.plane.addFailures(20)
            await bench.controller.look()
        }
        #expect(bench.teller.told.filter { $0.notice.text.contains("no way back") }.count == 1)
        bench.clock.advance(milliseconds: 3_600_000)
        bench.plane.addFailures(20)
        await bench.controller.look()
        #expect(bench.teller.told.filter { $0.notice.text.contains("no way back") }.count == 2)
        let next = try bench.again()
        _ = try await next.controller.start()
        #expect(next.plane.seen.isRetired && !next.plane.isKilled)
    }
}
