import Console
import Foundation
import Logging
import Migration
import Reports
import RolloutControl
import RolloutTestKit
import TestKit
import Testing

@testable import countersign

@Suite("Rollout commands, by their exit status and what they say")
struct RolloutCommandTests {
    private static let kim = "a-secret-of-kim-the-operator"

    private func run(
        _ arguments: [String], token: String? = kim
    ) async throws -> (status: Int32, output: String, errors: String) {
        let program = try ProgramUnderTest(
            "countersign", arguments, environment: ["COUNTERSIGN_TOKEN": token ?? "", "USER": "oncall"])
        let status = try await program.exit()
        try await eventually("the end of the output") { !program.output.isEmpty || !program.errors.isEmpty }
        return (status, program.output, program.errors)
    }

    /// An admin port over a rollout whose traffic is the test's.
    private func withPort(_ work: (_ url: String, FakePlane, RolloutController, TemporaryDirectory) async throws -> Void)
        async throws
    {
        let folder = try TemporaryDirectory()
        let plane = FakePlane()
        let rollout = try RolloutController(
            RolloutSetup(
                plan: .sample(), isAutomatic: false, folder: folder.path, killFile: folder.file("kill-switch")), plane: plane,
            teller: FakeTeller())
        _ = try await rollout.start()
        let tokens = [
            try #require(AdminToken(name: "kim", roles: [.operator], secret: Self.kim)),
            try #require(AdminToken(name: "vi", roles: [.viewer], secret: "a-secret-of-vi-the-viewer")),
        ]
        let (ports, port) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let console = Console(
            host: "127.0.0.1", port: 0,
            source: Console.Source(read: { ConsoleReading() }, resync: { _ in true }, rollout: rollout),
            access: AdminAccess(tokens: tokens), logger: logger
        ) { port.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await console.run() }
            let chosen = try #require(await ports.first { _ in true })
            try await work("http://127.0.0.1:\(chosen)", plane, rollout, folder)
            group.cancelAll()
        }
    }

    @Test("status says whether more may move and on what figures; promote moves it; history tells it")
    func course() async throws {
        try await withPort { url, plane, rollout, folder in
            let held = try await run(["rollout", "status", "--admin", url])
            #expect(held.status == 2 && held.output.contains("staff 90/10 may not begin:"), "\(held)")
            #expect(held.output.contains("nothing was compared of `payout`"))
            plane.addMatches(80)
            await rollout.look()
            let ready = try await run(["rollout", "status", "--admin", url + "/"])
            #expect(ready.status == 0 && ready.output.contains("staff 90/10 may begin: countersign rollout promote"), "\(ready)")
            #expect(ready.output.contains("payout: 80 compared, 0 mismatches; ratio -") && ready.output.contains("build b1"))
            let token = try folder.write(Self.kim + "\n", to: "token")
            let moved = try await run(["rollout", "promote", "--admin", url, "--token-file", token], token: nil)
            #expect(moved.status == 0 && moved.output.contains("payout: staff 90/10, since") && plane.share == 10_000, "\(moved)")
            let json = try await run(["rollout", "status", "--admin", url, "--json"])
            #expect(json.output.contains("\"stage\" : \"staff 90/10\""), "\(json)")
            let history = try await run(["rollout", "history", "--admin", url])
            #expect(history.status == 0 && history.output.contains("kim (operator): promoted"), "\(history)")
            #expect(try await run(["rollout", "keys", "--admin", url]).output.contains("0 keys"))
            let log = folder.file("audit.jsonl")
            #expect(try await run(["audit", "verify", log, "--head", "\(rollout.standing.head)"]).status == 0)
        }
    }

    @Test("Refusals have their statuses: 1 by the rules, 64 without a reason, 69 nobody there, 77 no sufficient token")
    func refusals() async throws {
        try await withPort { url, plane, _, _ in
            let early = try await run(["rollout", "promote", "--admin", url])
            #expect(early.status == 1 && early.errors.contains("The evidence does not suffice"), "\(early)")
            #expect(try await run(["rollout", "pause", "--admin", url]).status == 64)
            #expect(try await run(["rollout", "status", "--admin", url], token: nil).status == 77)
            let viewer = try await run(["rollout", "kill", "--reason", "x", "--admin", url], token: "a-secret-of-vi-the-viewer")
            #expect(viewer.status == 77 && viewer.errors.contains("vi has no token of the role"), "\(viewer)")
            #expect(!plane.isKilled)
            #expect(try await run(["rollout", "status"]).status == 64)
            #expect(try await run(["rollout", "status", "--admin", "ftp://x"]).status == 64)
        }
        let port = try LoopbackSocket.freePort()
        #expect(try await run(["rollout", "status", "--admin", "http://127.0.0.1:\(port)"]).status == 69)
    }

    @Test("kill by the port; by the file where no port answers; by the file alone")
    func kill() async throws {
        try await withPort { url, plane, rollout, folder in
            let port = try await run(["rollout", "kill", "--reason", "payouts differ", "--admin", url])
            #expect(port.status == 0 && port.output.contains("KILLED by kim: payouts differ") && plane.isKilled, "\(port)")
            let once = try await run(["rollout", "release", "--admin", url])
            #expect(once.status == 0 && once.output.contains("release asked for by kim"), "\(once)")
            let twice = try await run(["rollout", "release", "--admin", url])
            #expect(twice.status == 1 && twice.errors.contains("a second person must"), "\(twice)")
        }
        let folder = try TemporaryDirectory()
        let away = "http://127.0.0.1:\(try LoopbackSocket.freePort())"
        #expect(try await run(["rollout", "kill", "--reason", "x", "--admin", away]).status == 69)
        let both = try await run(["rollout", "kill", "--reason", "night", "--admin", away, "--state", folder.path])
        #expect(both.status == 0 && both.output.contains("thrown by the file"), "\(both)")
        let kill = KillSwitchFile.read(path: folder.file("kill-switch"))
        #expect(kill?.thrownBy == "oncall" && kill?.reason == "night")
        let again = try await run(["rollout", "kill", "--reason", "x", "--state", folder.path])
        #expect(again.status == 0 && again.output.contains("is there already"), "\(again)")
        // Whoever is on call lacks a secret of the configuration; another configuration lets the system choose the port.
        for (name, secret, status) in [("locked", "NOBODY_HAS_THIS", 65 as Int32), ("free", "COUNTERSIGN_TOKEN", 64)] {
            let state = folder.file(name)
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: false)
            let config = try folder.write(
                """
                listen: 127.0.0.1:0
                admin:
                  address: 127.0.0.1:0
                  tokens:
                    - { name: kim, role: operator, secret: { env: \(secret) } }
                state: \(state)
                sides:
                  legacy: { url: http://127.0.0.1:1 }
                  candidate: { url: http://127.0.0.1:2 }
                operations: []

                """, to: name + ".yaml")
            let arguments = ["rollout", "kill", "--reason", "night", "--config", config]
            let without = try await run(arguments)
            #expect(without.status == status, "\(without)")
            let with = try await run(arguments + ["--state", state])
            #expect(with.status == 0 && with.output.contains("thrown by the file"), "\(with)")
            #expect(KillSwitchFile.read(path: state + "/kill-switch")?.reason == "night")
        }
        #expect(try await run(["rollout", "kill", "--state", folder.path]).status == 64)
        #expect(try await run(["rollout", "kill", "--reason", "x"]).status == 64)
        #expect(try await run(["rollout", "kill", "--reason", "x", "--state", folder.file("none")]).status == 66)
    }

    @Test("resync shows the token to a running proxy: 77 without one that suffices")
    func resync() async throws {
        try await withPort { url, _, _, folder in
            let now = Date()
            let note = RunNote(
                processID: ProcessInfo.processInfo.processIdentifier, startedAt: now, updatedAt: now,
                plan: PlanSummary(legacy: "http://127.0.0.1:1", candidate: "http://127.0.0.1:2", source: "test"), listen: url,
                admin: url, inFlight: 0, awaitingComparison: 0, latencies: [], bounds: [])
            let encoder = JSONEncoder()
            encoder.dateEncodingStrategy = .iso8601
            _ = try folder.write(String(decoding: try encoder.encode(note), as: UTF8.self), to: "run.json")
            let arguments = ["resync", "k", "--done", "--state", folder.path]
            let done = try await run(arguments)
            #expect(done.status == 0 && done.output.contains("k is trusted again"), "\(done)")
            let token = try folder.write(Self.kim + "\n", to: "token")
            #expect(try await run(arguments + ["--token-file", token], token: nil).status == 0)
            for token in [nil, "a-secret-of-vi-the-viewer"] {
                let refused = try await run(arguments, token: token)
                #expect(refused.status == 77 && refused.errors.contains("--token-file gives your token"), "\(refused)")
            }
        }
    }

    @Test("audit mend puts an entry in a torn line's place, and leaves a log that was touched alone")
    func mend() async throws {
        try await withPort { _, _, _, folder in
            let log = folder.file("audit.jsonl")
            let text = try String(contentsOfFile: log, encoding: .utf8)
            let torn = try folder.write(text + "{\"act", to: "torn.jsonl")
            #expect(try await run(["audit", "verify", torn]).status == 1)
            #expect(try await run(["audit", "mend", torn, "--by", "kim"]).status == 0)
            #expect(try await run(["audit", "verify", torn]).status == 0)
            let touched = try folder.write(
                text.replacing("payout", with: "payuot").replacing("\"sequence\":1", with: "\"sequence\":2"), to: "touched.jsonl")
            #expect(try await run(["audit", "mend", touched, "--by", "kim"]).status == 1)
            #expect(try await run(["audit", "mend", folder.file("none"), "--by", "kim"]).status == 66)
        }
    }
}
