import Foundation
import Migration
import TestKit
import Testing

@Suite("Commands, by their exit status and what they say")
struct CommandTests {
    private func run(_ arguments: [String]) async throws -> (status: Int32, output: String, errors: String) {
        let program = try ProgramUnderTest("countersign", arguments)
        let status = try await program.exit()
        try await eventually("the end of the output") { !program.output.isEmpty || !program.errors.isEmpty }
        return (status, program.output, program.errors)
    }

    @Test("proxy: a candidate at the legacy's own address is refused")
    func sameAddress() async throws {
        let result = try await run(["proxy", "--legacy", "http://127.0.0.1:1", "--candidate", "http://127.0.0.1:1"])
        #expect(result.status == 64)
        #expect(result.errors.contains("can't be compared with itself"))
    }

    @Test("compare: equal, tolerated, different, not JSON, no file")
    func compare() async throws {
        let folder = try TemporaryDirectory()
        let one = try folder.write(#"{"net":2329,"at":1}"#, to: "one.json")
        let two = try folder.write(#"{"at":1,"net":2330}"#, to: "two.json")
        let broken = try folder.write(#"{"net":"#, to: "broken.json")
        let rules = try folder.write("rules:\n  - { path: $.net, tolerance: { absolute: 1 } }\n", to: "rules.yaml")
        #expect(try await run(["compare", one, one]).status == 0)
        let differ = try await run(["compare", one, two])
        #expect(differ.status == 1)
        #expect(differ.output.contains("$.net") && differ.output.contains("2329") && differ.output.contains("2330"))
        #expect(try await run(["compare", one, two, "--rules", rules]).status == 0)
        let malformed = try await run(["compare", one, broken])
        #expect(malformed.status == 65 && malformed.errors.contains("broken.json is not JSON"))
        #expect(try await run(["compare", broken, broken]).status == 65)
        #expect(try await run(["compare", one, folder.path + "/none.json"]).status == 66)
        #expect(try await run(["compare", one]).status == 64)
    }

    @Test("config check lists every error with its line")
    func configCheck() async throws {
        let folder = try TemporaryDirectory()
        let sound = """
            listen: 127.0.0.1:0
            admin: 127.0.0.1:0
            state: \(folder.path)/state
            sides:
              legacy: { url: http://127.0.0.1:1 }
              candidate: { url: http://127.0.0.1:2 }
            operations: []

            """
        #expect(try await run(["config", "check", try folder.write(sound, to: "sound.yaml")]).status == 0)
        let wrong = try await run(["config", "check", try folder.write(sound + "bogus: 1\nshare: 200\n", to: "wrong.yaml")])
        #expect(wrong.status == 65)
        #expect(wrong.errors.contains(":8:1: bogus") && wrong.errors.contains(":9:"))
        #expect(try await run(["config", "check", folder.path + "/none.yaml"]).status == 66)
    }

    @Test("rollout plan: sound, shown, wrong, unproved operations, no file")
    func rolloutPlan() async throws {
        let folder = try TemporaryDirectory()
        let plan = try String(
            contentsOf: ProjectFolder.url.appendingPathComponent("fixtures/migration-plan.yaml"), encoding: .utf8
        )
        .replacing("{ env: COUNTERSIGN_SALT }", with: "{ file: salt }")
        _ = try folder.write("pepper-and-salt-of-the-plan\n", to: "salt")
        let sound = try folder.write(plan, to: "sound.yaml")
        let checked = try await run(["rollout", "plan", "check", sound])
        #expect(checked.status == 0 && checked.output.contains("is sound: 4 audiences"), "\(checked)")
        #expect(try await run(["rollout", "plan", "show", sound]).output.contains("developers"))
        // The bank's file compares three operations more than the plan asks a proof of, and nobody in it may approve.
        let bank = ProjectFolder.url.appendingPathComponent("fixtures/countersign-bank.yaml")
        let unproved = try await run(["rollout", "plan", "check", sound, "--config", bank.path])
        #expect(unproved.status == 65 && unproved.errors.contains("no proof of `closure`, `status`, `rates`, "), "\(unproved)")
        #expect(unproved.errors.contains("2 × risk, and no token approves as that"), "\(unproved)")
        let compared = try folder.write(
            """
            listen: 127.0.0.1:0
            admin: 127.0.0.1:0
            state: \(folder.path)/state
            sides:
              legacy: { url: http://127.0.0.1:1 }
              candidate: { url: http://127.0.0.1:2 }
            operations:
              - { name: payout, method: POST, path: "/v1/accounts/{id}/interest-payouts", mode: mirrored-write, key: path.id, order: key }
              - { name: other, method: POST, path: /v1/other, mode: never }

            """, to: "proved.yaml")
        let small = try folder.write(
            """
            name: small
            salt: { file: salt }
            audiences: [{ name: all, everyone: true, stages: [100] }]
            promotion: { operations: [payout] }
            rollback: { written-keys: return }
            """, to: "small.yaml")
        let proved = try await run(["rollout", "plan", "check", small, "--config", compared])
        #expect(proved.status == 0, "\(proved)")
        // What the proxy would not start with, its configuration's check does not let by.
        let text = try String(contentsOfFile: compared, encoding: .utf8)
        for (plan, status) in [("small.yaml", Int32(0)), ("sound.yaml", 65), ("none.yaml", 66)] {
            let file = try folder.write(text + "rollout: { plan: \(plan) }\n", to: "rolled.yaml")
            let checked = try await run(["config", "check", file])
            #expect(checked.status == status, "\(checked)")
            guard status == 65 else { continue }
            let proxy = try await run(["proxy", "--config", file])
            #expect(proxy.status == 65 && proxy.errors.contains("the plan interest-payout"), "\(proxy)")
        }
        let wrong = try await run(["rollout", "plan", "check", try folder.write(plan + "bogus: 1\n", to: "wrong.yaml")])
        #expect(wrong.status == 65 && wrong.errors.contains("bogus"), "\(wrong)")
        #expect(try await run(["rollout", "plan", "check", folder.path + "/none.yaml"]).status == 66)
        let simulated = try await run(["rollout", "simulate", sound, "--runs", "20"])
        #expect(simulated.status == 0 && simulated.output.contains("promised"), "\(simulated)")
    }

    @Test("audit: whole, cut, edited, torn, no file")
    func audit() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/audit.jsonl"
        var heads: [AuditHead] = []
        do {
            let log = try AuditLog(path: path)
            for action in ["promote", "pause"] {
                heads.append(
                    try log.append(
                        action, actor: "kim", role: "operator", details: ["stage": "pilot 10 %"], at: Instant(milliseconds: 0)))
            }
        }
        let whole = try await run(["audit", "verify", path, "--head", "\(heads[1])"])
        #expect(whole.status == 0 && whole.output.contains("\(heads[1])"), "\(whole)")
        let shown = try await run(["audit", "show", path])
        #expect(shown.output.contains("kim") && shown.output.contains("promote"))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n")
        let cut = try folder.write(lines[0] + "\n", to: "cut.jsonl")
        #expect(try await run(["audit", "verify", cut]).status == 0, "a chain alone can't show it")
        #expect(try await run(["audit", "verify", cut, "--head", "\(heads[1])"]).status == 1)
        let edited = try await run(["audit", "verify", try folder.write(text.replacing("kim", with: "lee"), to: "edited.jsonl")])
        #expect(edited.status == 1 && edited.errors.contains("not as it was written"), "\(edited)")
        let torn = try await run(["audit", "verify", try folder.write(text.dropLast(9) + "", to: "torn.jsonl")])
        #expect(torn.status == 1 && torn.errors.contains("torn off"), "\(torn)")
        #expect(try await run(["audit", "verify", path, "--head", "2:abc"]).status == 64)
        #expect(try await run(["audit", "show", folder.path + "/none.jsonl"]).status == 66)
    }

    @Test("Commands on a state folder that is none say so")
    func noState() async throws {
        let folder = try TemporaryDirectory()
        for command in [["report"], ["replay", "x"], ["alerts", "list"], ["resync", "k"]] {
            let result = try await run(command + ["--state", folder.path])
            #expect(result.status == 66, "\(command)")
            #expect(result.errors.contains(folder.path), "\(command)")
        }
    }

    @Test("proxy without sides says what it needs")
    func proxyUsage() async throws {
        let bare = try await run(["proxy"])
        #expect(bare.status == 64 && bare.errors.contains("--legacy URL and --candidate URL"))
        #expect(try await run(["proxy", "--legacy", "ftp://x:1", "--candidate", "http://y:1"]).status == 64)
        let open = try await run([
            "proxy", "--legacy", "http://127.0.0.1:1", "--candidate", "http://127.0.0.1:2", "--admin", "0.0.0.0:0",
        ])
        #expect(open.status == 64 && open.errors.contains("open to everybody who reaches `0.0.0.0`"), "\(open)")
    }
}
