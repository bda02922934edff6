import Migration
import RolloutTestKit
import Synchronization
import Testing

@testable import RolloutControl

/// What the lanes have been told by the time of each call to the disk.
@Suite("The order of work")
struct OrderOfWorkTests {
    private final class Seen: Sendable {
        let shares = Mutex<[(call: String, share: Int, isKilled: Bool, hasReturned: Bool)]>([])
        var calls: [String] { shares.withLock { $0.map(\.call) } }
    }

    private func listen(to bench: Bench) -> Seen {
        let seen = Seen()
        let plane = bench.plane
        bench.disk.listen { call in
            let state = plane.seen
            let told = (call, plane.share, plane.isKilled, state.calls.contains("return"))
            seen.shares.withLock { $0.append(told) }
        }
        return seen
    }

    @Test(
        "A rollback, ordered or found, and a kill reach the lanes before the disk",
        arguments: ["order", "failures", "kill", "file"])
    func lowering(_ way: String) async throws {
        let bench = try await Bench.started()
        try await bench.climb(3)
        let seen = listen(to: bench)
        switch way {
        case "order": _ = try await bench.controller.carryOut(.rollback, by: .kim, reason: "x")
        case "kill": _ = try await bench.controller.carryOut(.kill, by: .kim, reason: "x")
        case "file":
            bench.disk.touchKillFile()
            await bench.controller.lookAtKillFile()
        default:
            bench.plane.addFailures(5)
            await bench.controller.look()
        }
        let told = seen.shares.withLock { $0 }
        #expect(!told.isEmpty && told.allSatisfy { $0.share == 0 })
        // The list of written keys is there before they go back, and the record knows of the stop before the list.
        let calls = seen.calls
        let list = try #require(calls.firstIndex(of: "list"))
        #expect(!told[list].hasReturned && calls[..<list].contains("record"))
        if way == "kill" { #expect(calls.first == "kill" && told.allSatisfy(\.isKilled)) }
        let entry = try #require(calls.firstIndex(of: "audit"))
        #expect(entry > list && told[entry].hasReturned)
    }

    @Test("A promotion and a release reach the disk, log and record, before the lanes")
    func raising() async throws {
        let bench = try await Bench.started()
        await bench.prove()
        var seen = listen(to: bench)
        _ = try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        let promoted = seen.shares.withLock { $0 }
        let last = try #require(promoted.firstIndex { $0.share > 0 } ?? promoted.endIndex as Int?)
        #expect(promoted[..<last].map(\.call).contains("audit") && promoted[..<last].last?.call == "record")
        _ = try await bench.controller.carryOut(.kill, by: .kim, reason: "x")
        bench.clock.advance(milliseconds: 5_000)
        _ = try await bench.controller.carryOut(.release, by: .kim, reason: "")
        seen = listen(to: bench)
        _ = try await bench.controller.carryOut(.release, by: .lee, reason: "")
        let released = seen.shares.withLock { $0 }
        #expect(released.prefix(3).map(\.call) == ["audit", "kill", "record"] && released.prefix(3).allSatisfy(\.isKilled))
    }

    @Test("A kill does not wait for an order that is being carried out, and what that order places is placed killed")
    func killOvertakes() async throws {
        let bench = try await Bench.started()
        await bench.prove()
        let controller = bench.controller
        // Somebody else has the turn, as while a store does not answer.
        await controller.turns.enter()
        let order = Task { try await controller.carryOut(.promote, by: .kim, reason: "") }
        let kill = Task { try await controller.carryOut(.kill, by: .lee, reason: "x") }
        for _ in 0..<2_000 where !bench.plane.isKilled { await Task.yield() }
        for _ in 0..<500 where !bench.plane.isKilled { try await Task.sleep(for: .milliseconds(2)) }
        #expect(bench.plane.isKilled && bench.disk.hasKillFile)
        await controller.turns.leave()
        _ = await (order.result, kill.result)
        #expect(bench.plane.isKilled && !bench.plane.seen.tables.contains { !$0.isKilled && !$0.isShadow })
    }
}
