import TestKit
import Testing

@Suite("Programs under test") struct ProgramUnderTestTests {
    @Test("its output and its exit are seen")
    func exit() async throws {
        let program = try ProgramUnderTest("bank", ["--help"])
        #expect(try await program.line(beginning: "USAGE:").contains("bank"))
        #expect(try await program.exit() == 0)
    }

    @Test("a refusal is seen too")
    func failure() async throws {
        let program = try ProgramUnderTest("bank", ["--no-such-option"])
        #expect(try await program.exit() != 0)
        #expect(program.errors.contains("no-such-option"))
        await #expect(throws: TestTimeout.self) { try await program.line(beginning: "listening on") }
    }

    @Test("one that is not there is named")
    func missing() {
        #expect(throws: TestTimeout.self) { try ProgramUnderTest("no-such-program", []) }
    }
}
