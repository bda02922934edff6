import Foundation
import Migration
import RolloutTestKit
import TestKit
import Testing

@testable import RolloutControl

/// Over a real folder, with the loop running.
@Suite("A rollout in its folder")
struct FolderTests {
    private struct Running {
        let folder: String
        let plane = FakePlane()
        let controller: RolloutController

        init(_ folder: String) throws {
            self.folder = folder
            var setup = RolloutSetup(
                plan: .sample(), isAutomatic: true, folder: folder, killFile: folder + "/kill-switch")
            setup.lookEveryMs = 600_000
            controller = try RolloutController(setup, plane: plane, teller: FakeTeller())
        }
    }

    /// Waits, bounded, for what another task brings about.
    private func wait(_ what: String, _ isSo: () -> Bool) async {
        for _ in 0..<1_000 {
            if isSo() { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("\(what) did not come about within 10 s")
    }

    @Test("The bell brings a rollback without waiting for the next look, a file and a signal kill, and the log is whole")
    func running() async throws {
        let place = try TemporaryDirectory()
        let running = try Running(place.path)
        _ = try await running.controller.start()
        let task = Task { await running.controller.run() }
        running.plane.addMatches(80)
        await wait("the promotion") { running.plane.share == 10_000 }
        running.plane.addMismatch(at: ["$.netInterest"])
        await wait("the rollback") { running.plane.share == 0 }
        // A kill that came first would have nothing left to roll back.
        await wait("its entry") { running.controller.standing.latchReason != nil }
        #expect(FileManager.default.createFile(atPath: place.path + "/kill-switch", contents: nil))
        await wait("the kill") { running.plane.isKilled }
        await wait("its entry") { running.controller.standing.isKilled }
        task.cancel()
        await task.value
        let report = try AuditVerification.verify(path: place.path + "/audit.jsonl", expected: running.controller.standing.head)
        #expect(report.isWhole)
        let actions = try running.controller.history(after: 0, limit: 100).map(\.action)
        #expect(actions == ["started", "promoted", "rolled-back", "killed"])
        #expect(try running.controller.history(after: 1, limit: 1).map(\.action) == ["promoted"])
        let mode = try FileManager.default.attributesOfItem(atPath: place.path + "/rollout.json")[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("The signal kills")
    func signal() async throws {
        let place = try TemporaryDirectory()
        let running = try Running(place.path)
        _ = try await running.controller.start()
        let task = Task { await running.controller.run() }
        // Whatever it has found is taken up by the loop, whose handler stands by then.
        running.plane.addMatches(80)
        await wait("the loop") { running.plane.share == 10_000 }
        kill(getpid(), SIGUSR2)
        await wait("its entry") { running.controller.standing.isKilled }
        #expect(KillSwitchFile.read(path: place.path + "/kill-switch")?.reason == "the signal SIGUSR2 came")
        task.cancel()
        await task.value
    }

    @Test("A log that was edited, cut or torn is refused in a sentence that says what to do")
    func tampered() async throws {
        let place = try TemporaryDirectory()
        let log = place.path + "/audit.jsonl"
        func open() throws -> Running { try Running(place.path) }
        do {
            let running = try open()
            _ = try await running.controller.start()
            _ = try await running.controller.carryOut(.pause, by: .kim, reason: "x")
        }
        let whole = try Data(contentsOf: URL(filePath: log))
        let text = String(decoding: whole, as: UTF8.self)
        let cases: [(String, String)] = [
            (text.replacing("kim", with: "lee"), "not as it was written"),
            (text.split(separator: "\n").dropLast().map { $0 + "\n" }.joined(), "not as it was written"),
            (text + "{\"act", "countersign audit mend \(log) --by NAME"),
        ]
        for (spoiled, says) in cases {
            try Data(spoiled.utf8).write(to: URL(filePath: log))
            let error = #expect(throws: RolloutStartError.self) { try open() }
            #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
        }
        try whole.write(to: URL(filePath: log))
        _ = try open()
    }
}
