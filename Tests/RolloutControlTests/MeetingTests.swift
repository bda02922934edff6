import Migration
import RolloutTestKit
import Testing

@testable import RolloutControl

/// Two things at once, held where they meet.
@Suite("What meets")
struct MeetingTests {
    @Test("An order to roll back that meets another rollback ends with it: the way up is open again")
    func twoRollbacks() async throws {
        let bench = try await Bench.started()
        try await bench.climb(2)
        let (controller, plane, now) = (bench.controller, bench.plane, bench.clock.now)
        // While the lanes obey the order, the other rollback lowers the stage.
        plane.change { state in
            state.placing = { table in
                guard table.isShadow else { return }
                plane.change { $0.placing = nil }
                Task {
                    await controller.turns.enter()
                    try? await controller.happen(.rollback(.positiveControlSilent), at: now)
                    await controller.turns.leave()
                }
                for _ in 0..<10_000 {
                    if await controller.document.state.step == 0 { break }
                    await Task.yield()
                }
            }
        }
        _ = try? await controller.carryOut(.rollback, by: .kim, reason: "x")
        #expect(plane.share == 0 && controller.standing.latchReason != nil)
        _ = try await controller.carryOut(.resume, by: .kim, reason: "mended")
        try await bench.climb()
        #expect(plane.share == 10_000)
    }

    @Test("A store that does not answer delays no rollback, whoever waits for it")
    func storeHangs() async throws {
        let (bench, line) = try await Bench.sharing(MemoryExchange.Store(), clock: HeldClock())
        await bench.controller.seekLead()
        bench.plane.addMatches(80)
        await bench.turn()
        await bench.turn()
        _ = try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        #expect(bench.plane.share == 10_000)
        let (held, hold) = AsyncStream<Void>.makeStream()
        let (gone, go) = AsyncStream<Void>.makeStream()
        line.hold { call in
            guard call == "keys" else { return }
            hold.yield()
            for await _ in gone { break }
        }
        let running = Task { await bench.controller.run() }
        for await _ in held { break }
        bench.plane.addFailures(5)
        for _ in 0..<2_000 where bench.plane.share > 0 { try await Task.sleep(for: .milliseconds(2)) }
        #expect(bench.plane.share == 0)
        line.hold(nil)
        go.finish()
        for _ in 0..<2_000 where bench.controller.standing.latchReason == nil { try await Task.sleep(for: .milliseconds(2)) }
        #expect(bench.controller.standing.latchReason != nil && bench.disk.actions.last == "rolled-back")
        running.cancel()
        await running.value
        await bench.controller.seekLead()
        await bench.turn()
        _ = try await bench.controller.carryOut(.resume, by: .kim, reason: "mended")
        bench.plane.addMatches(80, from: 500)
        await bench.turn()
        await bench.turn()
        _ = try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        #expect(bench.plane.share == 10_000)
    }

    @Test("What was under way while a stage began is no evidence of it, and alarms all the same", arguments: [0, 5])
    func underWay(_ failures: Int) async throws {
        let bench = try await Bench.started()
        let plane = bench.plane
        await bench.prove()
        plane.change { state in
            state.placing = { table in
                guard !table.isShadow else { return }
                plane.change { $0.placing = nil }
                plane.addMatches(7)
                plane.addFailures(failures)
            }
        }
        _ = try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        #expect(plane.share == (failures == 0 ? 10_000 : 0))
        await bench.controller.look()
        let status = await bench.controller.status()
        #expect((status.latch == nil) == (failures == 0))
        #expect(status.verdict?.operations.first?.comparisons ?? 0 == 0)
        guard failures == 0 else { return }
        plane.addMatches(3)
        await bench.controller.look()
        #expect(await bench.controller.status().verdict?.operations.first?.comparisons == 3)
    }

    @Test("What a proxy compared before its rules changed is given to no one as evidence")
    func rulesChange() async throws {
        let store = MemoryExchange.Store()
        let (bench, _) = try await Bench.sharing(store, clock: HeldClock())
        for (rules, told) in [("r1", "r1"), ("r2", ""), ("r2", "r2")] {
            bench.plane.change { $0.basis.rules = rules }
            bench.plane.addMatches(1)
            await bench.turn()
            #expect(store.now.batches.last?.basis.rules == told)
        }
        #expect(store.now.batches.map(\.number) == [1, 2, 3])
    }
}
