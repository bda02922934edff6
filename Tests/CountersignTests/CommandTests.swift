import Foundation
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
    }
}
