public import Foundation

/// A server program of the system (PostgreSQL, Redis) on a free port, with its data in a temporary folder. It ends, and its folder goes,
/// with ``stop()`` or with this process, however that ends: its keeper waits for the end of a pipe that only this process holds.
public final class DisposableServer: @unchecked Sendable {
    // `process` and `leash` are only touched by `stop`, once.
    private let process: Process
    private let leash: Pipe
    private let log: URL
    public let pid: Int32

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Parameters:
    ///   - script: shell text that ends in `exec` of the server; it runs with its output in a file.
    ///   - folder: made if it is missing, removed at the end.
    ///   - signal: what makes the server end. One that leaves the signals blocked which this process's threads block, and it inherits, hears
    ///     nothing but KILL.
    public init(script: String, folder: URL, signal: String = "TERM") throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        log = folder.appendingPathComponent("server.log")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let keeper = """
            sh -c "$1" >"$2" 2>&1 </dev/null &
            server=$!
            echo $server
            cat >/dev/null
            kill -$4 $server 2>/dev/null
            wait $server 2>/dev/null
            rm -rf "$3"
            """
        process.arguments = ["-c", keeper, "keeper", script, log.path, folder.path, signal]
        let leash = Pipe()
        let output = Pipe()
        process.standardInput = leash
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        self.leash = leash
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let pid = Int32(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Failure(description: "the server's keeper did not start: \(line)")
        }
        self.pid = pid
    }

    /// What the server printed.
    public var printed: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Ends it and waits until it is gone.
    public func stop() {
        try? leash.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    deinit { try? leash.fileHandleForWriting.close() }
}
