public import Foundation
import NIOConcurrencyHelpers

/// One of our own programs as a process of its own, found beside the test bundle. Killed when its owner is gone.
public final class ProgramUnderTest: Sendable {
    private struct State {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        var exitStatus: Int32?
    }

    private let state = NIOLockedValueBox(State())
    // Foundation's Process is not Sendable; after `run` only its pid is used here.
    public let pid: Int32
    public let name: String

    /// Starts `name` (`bank`, `countersign`) with those arguments; the environment is this process's with `environment` on top.
    public init(_ name: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = try ProgramUnderTest.locate(name)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = ProjectFolder.url
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        let state = state
        process.terminationHandler = { ended in
            let status = ended.terminationReason == .uncaughtSignal ? -ended.terminationStatus : ended.terminationStatus
            state.withLockedValue { $0.exitStatus = status }
        }
        try process.run()
        pid = process.processIdentifier
        self.name = name
        // Threads that hold the pipes' ends: a readability handler loses what is unread when the process object goes.
        Self.read(output.fileHandleForReading) { bytes in state.withLockedValue { $0.output += bytes } }
        Self.read(errors.fileHandleForReading) { bytes in state.withLockedValue { $0.errors += bytes } }
    }

    /// Reads to the end, whatever becomes of the program.
    private static func read(_ handle: FileHandle, _ take: @escaping @Sendable (Data) -> Void) {
        Thread.detachNewThread {
            while true {
                let bytes = handle.availableData
                if bytes.isEmpty { return }
                take(bytes)
            }
        }
    }

    public var output: String { String(decoding: state.withLockedValue { $0.output }, as: UTF8.self) }
    public var errors: String { String(decoding: state.withLockedValue { $0.errors }, as: UTF8.self) }

    /// Waits for a line of standard output that begins so, and returns the rest of it.
    public func line(beginning prefix: String, within seconds: Int = 60) async throws -> String {
        let name = name
        try await eventually("`\(name)` printing `\(prefix)…`", within: seconds) { [self] in
            let status = state.withLockedValue { $0.exitStatus }
            if output.split(separator: "\n").contains(where: { $0.hasPrefix(prefix) }) { return true }
            if let status { throw TestTimeout("\(name) ended with \(status) before `\(prefix)`: \(errors.suffix(2_000))") }
            return false
        }
        let found = output.split(separator: "\n").first { $0.hasPrefix(prefix) } ?? ""
        return String(found.dropFirst(prefix.count))
    }

    public func signal(_ number: Int32) { kill(pid, number) }

    /// The exit status, or minus the signal that ended it.
    public func exit(within seconds: Int = 60) async throws -> Int32 {
        let state = state
        try await eventually("`\(name)` ending", within: seconds) { state.withLockedValue { $0.exitStatus != nil } }
        return state.withLockedValue { $0.exitStatus } ?? -1
    }

    deinit {
        if state.withLockedValue({ $0.exitStatus == nil }) {
            kill(pid, SIGCONT)
            kill(pid, SIGKILL)
        }
    }

    /// Walks up from the test program to the folder that holds the built one.
    public static func locate(_ name: String) throws -> URL {
        var candidates = [Bundle.main.bundleURL, URL(fileURLWithPath: CommandLine.arguments.first ?? "/")]
        candidates += Bundle.allBundles.map(\.bundleURL)
        if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            candidates.append(URL(fileURLWithPath: own))
        }
        for configuration in ["release", "debug"] {
            candidates.append(ProjectFolder.url.appendingPathComponent(".build/\(configuration)/x"))
        }
        for candidate in candidates {
            var folder = candidate
            for _ in 0..<4 {
                let program = folder.appendingPathComponent(name)
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: program.path, isDirectory: &isFolder), !isFolder.boolValue,
                    FileManager.default.isExecutableFile(atPath: program.path)
                {
                    return program
                }
                folder.deleteLastPathComponent()
            }
        }
        throw TestTimeout("no program `\(name)` near the tests: build it first (swift build --product \(name))")
    }
}
