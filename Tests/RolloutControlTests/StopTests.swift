import Foundation
import Migration
import RolloutTestKit
import Testing

@testable import RolloutControl

@Suite("What takes the share away")
struct StopTests {
    @Test("Four failures in a row change nothing, five take everything back and latch")
    func failures() async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        #expect(bench.plane.share == 10_000)
        await bench.prove()
        bench.plane.addFailures(4)
        await bench.controller.look()
        #expect(bench.plane.share == 10_000)
        bench.plane.addFailures(1)
        await bench.controller.look()
        #expect(bench.plane.share == 0)
        #expect(bench.controller.standing.latchReason == "the candidate failed 5 times in a row")
        #expect(bench.disk.actions.suffix(1) == ["rolled-back"] && bench.teller.kinds.last == .rollback)
        await bench.prove()
        await #expect(throws: RolloutRefusal.self) { try await bench.controller.carryOut(.promote, by: .kim, reason: "") }
        _ = try await bench.controller.carryOut(.resume, by: .kim, reason: "mended")
        await bench.prove()
        _ = try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        #expect(bench.plane.share == 10_000)
    }

    @Test(
        "One mismatch at a critical place, and no other, takes the share away",
        arguments: [("$.netInterest", 0), ("$.note", 10_000)])
    func critical(_ place: String, _ share: Int) async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        bench.plane.addMatches(80)
        bench.plane.addMismatch(at: [place])
        await bench.controller.look()
        #expect(bench.plane.share == share)
        #expect((bench.disk.entries.last?.details["trigger"] == "critical-mismatch") == (share == 0))
        #expect(bench.teller.told.filter { $0.kind == .rollback }.map(\.stop.operations) == (share == 0 ? [["payout"]] : []))
        #expect(bench.teller.told.last { $0.kind == .rollback }?.stop.place == (share == 0 ? place : nil))
    }

    @Test("Evidence that rejects takes the share away")
    func rejected() async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        for key in 0..<20 { bench.plane.addMismatch(key: UInt64(key)) }
        await bench.controller.look()
        #expect(bench.plane.share == 0 && bench.disk.entries.last?.details["trigger"] == "rejected")
        let last = try #require(bench.teller.told.last)
        #expect(last.kind == .rollback && last.stop.operations == [] && last.stop.place == nil)
    }

    @Test("A planted mismatch that is not seen within its time takes the share away", arguments: [(9_999, 10_000), (10_000, 0)])
    func silent(_ waitMs: Int64, _ share: Int) async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        bench.plane.change { $0.findings.controls = ControlFigures(planted: 3, seen: 2) }
        await bench.controller.look()
        bench.clock.advance(milliseconds: waitMs)
        await bench.controller.look()
        #expect(bench.plane.share == share)
    }

    @Test("A planted mismatch that is seen late, but in its time, is no alarm")
    func seenLate() async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        bench.plane.change { $0.findings.controls = ControlFigures(planted: 1, seen: 0) }
        await bench.controller.look()
        bench.clock.advance(milliseconds: 9_000)
        bench.plane.change { $0.findings.controls = ControlFigures(planted: 2, seen: 1) }
        await bench.controller.look()
        bench.clock.advance(milliseconds: 9_000)
        bench.plane.change { $0.findings.controls = ControlFigures(planted: 2, seen: 2) }
        await bench.controller.look()
        #expect(bench.plane.share == 10_000)
    }

    @Test(
        "The lanes obey before anything is written, whatever the disk says",
        arguments: [["audit"], ["record"], ["audit", "record", "list", "kill"]])
    func fullDisk(_ failing: [String]) async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        bench.disk.fail(Set(failing))
        bench.plane.addFailures(5)
        await bench.controller.look()
        #expect(bench.plane.share == 0)
        let latched = bench.controller.standing.latchReason
        #expect(latched != nil)
        #expect(await !bench.controller.status().troubles.isEmpty)
        bench.disk.fail([])
        await bench.controller.look()
        #expect(bench.disk.actions.filter { $0 == "rolled-back" }.count == 1)
        #expect(await bench.controller.status().troubles == [])
        #expect(bench.teller.kinds.filter { $0 == .rollback }.count == 1)
    }

    @Test(
        "A stop that is in the log alone holds after a restart, and its written keys go back",
        arguments: [RolloutOrder.rollback, .kill], RollbackPolicy.WrittenKeys.allCases)
    func inTheLogAlone(_ order: RolloutOrder, _ keys: RollbackPolicy.WrittenKeys) async throws {
        let bench = try await Bench.started(.sample(keys: keys))
        try await bench.climb()
        bench.plane.change { $0.keys = [WrittenKey(key: "a", notedAt: 1)] }
        bench.disk.fail(["record", "kill"])
        _ = try? await bench.controller.carryOut(order, by: .kim, reason: "x")
        #expect(bench.disk.actions.last == (order == .kill ? "killed" : "rolled-back"))
        bench.disk.fail([])
        let next = try bench.again()
        let table = try await next.controller.start()
        #expect(table.isShadow && table.isKilled == (order == .kill))
        #expect((next.controller.standing.latchReason != nil) == (order == .rollback))
        #expect(next.plane.seen.calls.contains("return") == (order == .kill || keys == .return))
    }

    @Test("A rollback lists the written keys before it lets them go, and its entry vouches for the list")
    func writtenKeys() async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        bench.plane.change { plane in
            plane.keys = [
                WrittenKey(key: "a", notedAt: 1_772_000_000_000_000, mismatches: 2),
                WrittenKey(key: "b", notedAt: 2, writesBehind: 3),
                WrittenKey(key: "c", notedAt: 3, writesBehind: 1, isDiverged: true),
                WrittenKey(key: "d", notedAt: 4, isUnverified: true),
            ]
        }
        _ = try await bench.controller.carryOut(.rollback, by: .kim, reason: "payouts differ")
        #expect(bench.plane.seen.calls.last == "return" && bench.plane.seen.keys.isEmpty)
        let entry = try #require(bench.disk.entries.last)
        #expect(entry.action == "rolled-back" && entry.details["written-keys"] == "4" && entry.actor == "kim")
        let list = try #require(bench.disk.file("rollback-\(entry.sequence).keys.jsonl"))
        let needs = String(decoding: list, as: UTF8.self).split(separator: "\n").compactMap { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["needs"] as? String
        }
        #expect(needs == ["nothing", "catch-up", "resync", "read-back"])
        let first = String(decoding: list, as: UTF8.self).prefix { $0 != "\n" }
        #expect(first == #"{"key":"a","mismatches":2,"needs":"nothing","noted-at":"2026-02-25T06:13:20.000Z","writes-behind":0}"#)
        #expect(entry.details["written-keys-sha256"] == AffectedKeys(listed: list).facts["written-keys-sha256"])
        #expect(bench.teller.told.last?.stop.affectedKeys == 4 && bench.teller.told.last?.head.sequence == entry.sequence)
        #expect(bench.disk.file(AffectedKeys.pendingName) == nil)
    }

    @Test("With `keep` a rollback leaves written keys where they are, and a kill does not")
    func keeping() async throws {
        let bench = try await Bench.started(.sample(keys: .keep))
        try await bench.climb()
        bench.plane.change { $0.keys = [WrittenKey(key: "a", notedAt: 1)] }
        _ = try await bench.controller.carryOut(.rollback, by: .kim, reason: "look")
        #expect(!bench.plane.seen.calls.contains("return"))
        let list = try #require(bench.disk.file("rollback-\(bench.disk.lines.count).keys.jsonl"))
        #expect(String(decoding: list, as: UTF8.self).contains("stays-on-candidate"))
        _ = try await bench.controller.carryOut(.kill, by: .kim, reason: "now")
        #expect(bench.plane.seen.calls.contains("return") && bench.plane.isKilled)
    }

    @Test("Keys that can't go back now go with a later look, also after a restart")
    func returnFails() async throws {
        let bench = try await Bench.started()
        try await bench.climb()
        bench.plane.change { $0.returnFails = true }
        _ = try await bench.controller.carryOut(.rollback, by: .kim, reason: "look")
        #expect(!bench.plane.seen.calls.contains("return"))
        let next = try bench.again()
        _ = try await next.controller.start()
        #expect(next.plane.seen.calls.contains("return"))
        bench.plane.change { $0.returnFails = false }
        await bench.controller.look()
        #expect(bench.plane.seen.calls.contains("return"))
    }
}
