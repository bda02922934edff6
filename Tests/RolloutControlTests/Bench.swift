import Foundation
import Migration
import RolloutTestKit

@testable import RolloutControl

/// A controller over a disk, a plane and a clock that a test holds. `again()` is the next process over the same disk.
struct Bench {
    let disk: MemoryDisk
    let plane: FakePlane
    let teller: FakeTeller
    let clock: HeldClock
    let plan: RolloutPlan
    let controller: RolloutController

    init(
        _ plan: RolloutPlan = .sample(), automatic: Bool = false, disk: MemoryDisk = MemoryDisk(), clock: HeldClock = HeldClock(),
        plane: FakePlane = FakePlane(), exchange: MemoryExchange? = nil
    ) throws {
        (self.disk, self.clock, self.plan, self.plane) = (disk, clock, plan, plane)
        teller = FakeTeller()
        controller = try RolloutController(
            RolloutSetup(plan: plan, isAutomatic: automatic, folder: "/nowhere", killFile: "/nowhere/kill-switch"), plane: plane,
            teller: teller, exchange: exchange, disk: disk, now: { clock.now }, log: { _ in })
    }

    /// Started.
    static func started(_ plan: RolloutPlan = .sample(), automatic: Bool = false) async throws -> Bench {
        let bench = try Bench(plan, automatic: automatic)
        _ = try await bench.controller.start()
        return bench
    }

    /// One of several over one store, started.
    static func sharing(
        _ store: MemoryExchange.Store, automatic: Bool = false, disk: MemoryDisk = MemoryDisk(), clock: HeldClock
    ) async throws -> (bench: Bench, line: MemoryExchange) {
        let line = MemoryExchange(store)
        let bench = try Bench(automatic: automatic, disk: disk, clock: clock, exchange: line)
        _ = try await bench.controller.start()
        return (bench, line)
    }

    /// One round of a loop that shares.
    func turn() async {
        await controller.look()
        await controller.exchangeOnce()
    }

    func again(_ plan: RolloutPlan? = nil, automatic: Bool = false) throws -> Bench {
        let plane = FakePlane()
        // The ledger of written keys stands on the disk as well.
        plane.change { $0.keys = self.plane.seen.keys }
        return try Bench(plan ?? self.plan, automatic: automatic, disk: disk, clock: clock, plane: plane)
    }

    /// Enough matches for a promotion, and a look at them.
    func prove() async {
        plane.addMatches(80)
        await controller.look()
    }

    /// Proves and promotes, so many stages.
    func climb(_ stages: Int = 1) async throws {
        for _ in 0..<stages {
            await prove()
            _ = try await controller.carryOut(.promote, by: .kim, reason: "")
        }
    }
}

enum Entries {
    static func decode(_ bytes: [UInt8]) throws -> AuditEntry { try JSONDecoder().decode(AuditEntry.self, from: Data(bytes)) }

    /// As a full disk says it.
    static var full: AuditError {
        do {
            _ = try AuditLog(path: "/nowhere/at/all")
        } catch { return error }
        preconditionFailure("there is a log at /nowhere/at/all")
    }
}
