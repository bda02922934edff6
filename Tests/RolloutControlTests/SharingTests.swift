import Migration
import RolloutTestKit
import Testing

@testable import RolloutControl

@Suite("A store that several share")
struct SharingTests {
    /// Leads, with what promotes.
    private func proved(_ store: MemoryExchange.Store, _ clock: HeldClock, automatic: Bool = false) async throws -> Bench {
        let (bench, _) = try await Bench.sharing(store, automatic: automatic, clock: clock)
        await bench.controller.seekLead()
        bench.plane.addMatches(80)
        await bench.turn()
        return bench
    }

    @Test("A store that was set back releases no kill switch and raises no share, now or at the next start")
    func setBack() async throws {
        let (store, clock) = (MemoryExchange.Store(), HeldClock())
        let bench = try await proved(store, clock)
        _ = try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        let backup = store.now
        _ = try await bench.controller.carryOut(.kill, by: .kim, reason: "x")
        store.change { $0 = backup }
        clock.advance(milliseconds: 2_000)
        bench.plane.addMatches(5, from: 200)
        for _ in 0..<2 {
            await bench.controller.seekLead()
            await bench.turn()
            #expect(bench.plane.isKilled && bench.disk.hasKillFile)
            #expect(await bench.controller.status().troubles.contains { $0.contains("set back") })
        }
        let refusal = await #expect(throws: RolloutRefusal.self) {
            try await bench.controller.carryOut(.release, by: .kim, reason: "")
        }
        #expect(refusal?.kind == .unavailable && refusal?.description.contains("set back") == true)
        #expect(bench.plane.isKilled && store.now.document == backup.document)
        // Nor where the kill switch's file is gone.
        bench.disk.removeKillFile()
        let (next, _) = try await Bench.sharing(store, disk: bench.disk, clock: clock)
        #expect(next.plane.isKilled && next.controller.standing.isKilled)
        #expect(!next.controller.standing.isAway)
        #expect(await next.controller.status().troubles.contains { $0.contains("set back") })
    }

    @Test("A store that went another way since it was set back raises nothing", arguments: [false, true])
    func otherWay(_ isOther: Bool) async throws {
        let (store, clock) = (MemoryExchange.Store(), HeldClock())
        let bench = try await proved(store, clock)
        let backup = store.now
        for order in [RolloutOrder.promote, .rollback, .resume] {
            _ = try await bench.controller.carryOut(order, by: .kim, reason: "x")
        }
        let whole = store.now
        if isOther {
            store.change { $0 = backup }
            clock.advance(milliseconds: 1_000)
        }
        let (other, _) = try await Bench.sharing(store, clock: clock)
        await other.controller.seekLead()
        other.plane.addMatches(80, from: 300)
        await other.turn()
        await other.turn()
        _ = try await other.controller.carryOut(.promote, by: .lee, reason: "")
        #expect(other.plane.share == 10_000)
        store.change { $0.document?.version += 50 }
        await bench.turn()
        #expect(bench.plane.share == (isOther ? 0 : 10_000))
        #expect(bench.disk.lines.starts(with: whole.lines))
        #expect(await bench.controller.status().troubles.contains { $0.contains("does not follow") } == isOther)
    }

    @Test("What a full disk kept a proxy from following it follows once there is room")
    func fullDisk() async throws {
        let (store, clock) = (MemoryExchange.Store(), HeldClock())
        let bench = try await proved(store, clock)
        let (other, _) = try await Bench.sharing(store, clock: clock)
        other.disk.fail(["record"])
        _ = try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        await other.turn()
        #expect(other.plane.share == 0)
        other.disk.fail([])
        await other.turn()
        #expect(other.plane.share == 10_000)
    }

    @Test("A leader that was stopped for as long as its lead lasts decides nothing", arguments: [(2_999, 10_000), (3_000, 0)])
    func stopped(_ stoppedMs: Int64, _ share: Int) async throws {
        let (store, clock) = (MemoryExchange.Store(), HeldClock())
        let (bench, _) = try await Bench.sharing(store, automatic: true, clock: clock)
        await bench.controller.seekLead()
        clock.advance(milliseconds: stoppedMs)
        bench.plane.addMatches(80)
        await bench.turn()
        await bench.turn()
        #expect(bench.plane.share == share)
        #expect(await bench.controller.status().isLeader == (share > 0))
        await bench.controller.seekLead()
        await bench.turn()
        await bench.turn()
        #expect(bench.plane.share == 10_000)
    }

    @Test("A proxy whose candidate has not said its build gathers evidence with those whose candidate has")
    func buildUnknown() async throws {
        let (store, clock) = (MemoryExchange.Store(), HeldClock())
        let bench = try await proved(store, clock)
        let (other, _) = try await Bench.sharing(store, clock: clock)
        for (build, count) in [("", 82), ("b1", 84), ("b2", 84)] {
            other.plane.change { $0.basis.candidateBuild = build }
            // The look at which it becomes another one counts for neither.
            await other.turn()
            other.plane.addMatches(2, from: 1_000 + count)
            await other.turn()
            clock.advance(milliseconds: 1_000)
            await bench.turn()
            #expect(await bench.controller.status().verdict?.operations.first?.comparisons == count, "\(build)")
        }
    }
}
