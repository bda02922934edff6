import Foundation
import Synchronization
import Testing

@testable import countersign

@Suite("Programs that a command starts")
struct ChildProgramTests {
    private func shell(_ script: String, onLine: @escaping @Sendable (String) -> Void = { _ in }) throws -> ChildProgram {
        try ChildProgram(
            name: "sh", executable: URL(fileURLWithPath: "/bin/sh"), arguments: ["-c", script], onLine: onLine)
    }

    @Test("All lines are read, the last without a line feed too, and the status is the program's")
    func lines() async throws {
        let taken = Mutex<[String]>([])
        let program = try shell("echo one; echo two; printf three; exit 7") { line in taken.withLock { $0.append(line) } }
        #expect(await program.exitStatus() == 7)
        _ = await program.line(within: 30) { _ in false }
        #expect(taken.withLock { $0 } == ["one", "two", "three"])
    }

    @Test("A line is found whether it came before or comes after the question")
    func waiting() async throws {
        let program = try shell("echo listening on http://h:1; read x")
        #expect(await program.line(within: 30) { $0.hasPrefix("listening") } == "listening on http://h:1")
        #expect(await program.line(within: 30) { $0.hasPrefix("listening") } == "listening on http://h:1")
        await program.stop()
    }

    @Test("A program that ends without the line answers nil at once")
    func ending() async throws {
        let program = try shell("echo other")
        #expect(await program.line(within: 300) { $0 == "wanted" } == nil)
    }

    @Test("Stop asks, and a deaf program is made to")
    func stopping() async throws {
        let willing = try shell("trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done")
        _ = await willing.line(within: 30) { $0 == "ready" }
        #expect(await willing.stop(within: 60) == 3)
        let deaf = try shell("trap '' TERM; echo ready; while :; do sleep 0.05; done")
        _ = await deaf.line(within: 30) { $0 == "ready" }
        #expect(await deaf.stop(within: 1) == 128 + SIGKILL)
    }
}
