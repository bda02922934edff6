import Migration
import RolloutTestKit
import Testing

@testable import RolloutControl

/// The process dies at every call to its disk, before and after the call came through, and the next one starts over what is left.
@Suite("Crashes between every two steps")
struct CrashTests {
    /// What the log says that the share may be: the last stage that was promoted to, until something took it back.
    private static func shareOfLog(_ disk: MemoryDisk, _ plan: RolloutPlan) -> Int {
        var step = 0
        for entry in disk.entries {
            switch entry.action {
            case "promoted":
                step = (0...plan.lastStep).first { plan.title(of: $0) == entry.details["to"] } ?? 0
            case "rolled-back", "killed": step = 0
            default: continue
            }
        }
        return plan.shares(at: step).reduce(0) { $0 + $1.thousandths }
    }

    enum Course: String, CaseIterable {
        case promote, rollback, kill, killFile, release, fail, resume, start
    }

    /// Runs a course with the process dying at a call; nil when it was through before that call.
    private func run(_ course: Course, keys: RollbackPolicy.WrittenKeys, fault: MemoryDisk.Fault) async throws -> (
        Bench, isAnswered: Bool
    )? {
        let bench = try await Bench.started(.sample(keys: keys))
        try await bench.climb(2)
        bench.plane.change { $0.keys = [WrittenKey(key: "a", notedAt: 1, writesBehind: 1)] }
        let controller = bench.controller
        switch course {
        case .release:
            _ = try await controller.carryOut(.kill, by: .kim, reason: "x")
            _ = try await controller.carryOut(.release, by: .kim, reason: "")
        case .resume: _ = try await controller.carryOut(.rollback, by: .kim, reason: "x")
        case .promote: await bench.prove()
        default: break
        }
        bench.disk.arm(fault)
        var isAnswered = true
        do {
            switch course {
            case .promote: _ = try await controller.carryOut(.promote, by: .kim, reason: "")
            case .rollback: _ = try await controller.carryOut(.rollback, by: .kim, reason: "y")
            case .kill: _ = try await controller.carryOut(.kill, by: .kim, reason: "y")
            case .release: _ = try await controller.carryOut(.release, by: .lee, reason: "")
            case .resume: _ = try await controller.carryOut(.resume, by: .lee, reason: "mended")
            case .killFile:
                bench.disk.touchKillFile()
                await controller.lookAtKillFile()
            case .fail:
                bench.plane.addFailures(5)
                await controller.look()
            case .start: _ = try await bench.again().controller.start()
            }
        } catch { isAnswered = false }
        return bench.disk.isDead ? (bench, isAnswered) : nil
    }

    @Test("No share above the log's, no kill lost, no rollback that was answered lost", arguments: Course.allCases)
    func everyPoint(_ course: Course) async throws {
        for keys in RollbackPolicy.WrittenKeys.allCases {
            for isDone in [false, true] {
                var call = 0
                while let (bench, isAnswered) = try await run(
                    course, keys: keys, fault: MemoryDisk.Fault(call: call, isDone: isDone))
                {
                    let place = "\(course) \(keys) dies at call \(call), done: \(isDone)"
                    bench.disk.arm(nil)
                    let next = try bench.again()
                    let table = try await next.controller.start()
                    let share = table.isKilled ? 0 : table.shares.reduce(0) { $0 + $1.thousandths }
                    #expect(share <= Self.shareOfLog(bench.disk, bench.plan), "\(place)")
                    #expect(next.plane.share == share, "\(place)")
                    if bench.disk.hasKillFile { #expect(table.isKilled, "\(place)") }
                    if course == .killFile { #expect(table.isKilled, "\(place)") }
                    if isAnswered, course == .kill { #expect(table.isKilled, "\(place)") }
                    if isAnswered, course == .rollback {
                        #expect(share == 0 && next.controller.standing.latchReason != nil, "\(place)")
                    }
                    if course == .release, !isAnswered { #expect(share == 0, "\(place)") }
                    // Whatever was begun, the log's last word and the state agree once the next process has looked.
                    await next.controller.look()
                    #expect(await next.controller.status().troubles == [], "\(place)")
                    if bench.disk.entries.contains(where: { $0.action == "killed" }), course == .kill || course == .killFile {
                        #expect(next.controller.standing.isKilled, "\(place)")
                    }
                    if next.controller.standing.isKilled { #expect(next.plane.seen.keys.isEmpty, "\(place)") }
                    // People hear of all that has come about, at the next start if not before.
                    let told = (bench.teller.kinds + next.teller.kinds).map(\.rawValue)
                    let state = next.controller.standing
                    for (action, kind, hasHappened) in [
                        ("rolled-back", "rollback", true), ("killed", "kill", true), ("promoted", "promotion", share > 100_000),
                        ("resumed", "resumed", state.latchReason == nil), ("released", "released", !state.isKilled),
                    ] where hasHappened {
                        let entries = bench.disk.entries.count { $0.action == action }
                        #expect(told.count { $0 == kind } >= entries, "\(place): \(action) is told of")
                    }
                    #expect(bench.disk.entries.map(\.sequence) == Array(1...bench.disk.lines.count), "\(place)")
                    call += 1
                }
                #expect(call > 0)
            }
        }
    }

    @Test("A restart goes on with the evidence, and is no fresh try")
    func evidence() async throws {
        let bench = try await Bench.started()
        bench.plane.addMatches(3)
        await bench.controller.look()
        bench.plane.addMatches(2, from: 3)
        bench.plane.addMismatch(key: 9)
        await bench.controller.look()
        let next = try bench.again()
        _ = try await next.controller.start()
        await next.controller.look()
        let status = await next.controller.status()
        #expect(status.attempt == 1 && status.verdict?.operations.first?.comparisons == 6)
        #expect(status.verdict?.operations.first?.mismatches == 1)
    }

    @Test("Evidence that is gone, or can't be read, spends its try", arguments: [nil, "{}"])
    func lostEvidence(_ text: String?) async throws {
        let bench = try await Bench.started()
        bench.plane.addMatches(5)
        await bench.controller.look()
        bench.disk.put(RolloutFolder.evidenceName, text.map { Array($0.utf8) })
        let next = try bench.again()
        _ = try await next.controller.start()
        await next.controller.look()
        #expect(await next.controller.status().attempt == 2 && bench.disk.actions.contains("evidence-voided"))
    }
}
