import Foundation
import Synchronization

/// The programs that a command starts, so that each is stopped at its end, whatever that is.
final class ProgramCast: Sendable {
    private let programs = Mutex<[ChildProgram]>([])

    /// Starts a program that says on a line of its output where it listens, and waits for that.
    ///
    /// - Returns: the program and the URLs of its first `addresses` such lines.
    ///
    /// - Parameter socket: a listening socket that it gets as its standard input.
    func start(
        _ name: String, _ executable: String, _ arguments: [String], log: URL, addresses: Int = 1, socket: CInt? = nil
    ) async throws -> (program: ChildProgram, urls: [String]) {
        try await announced(
            try ChildProgram(
                name: name, executable: SiblingProgram.find(executable), arguments: arguments, log: log, socket: socket),
            log: log, addresses: addresses)
    }

    /// One that was started elsewhere is stopped with the others.
    func keep(_ program: ChildProgram) { programs.withLock { $0.append(program) } }

    /// Starts a command line of the shell that says on a line of its output where it listens, and waits for that.
    func start(_ name: String, command: String, log: URL) async throws -> (program: ChildProgram, urls: [String]) {
        // The shell makes way for the program, so that it is the program that a signal reaches.
        let program = try ChildProgram(
            name: name, executable: URL(fileURLWithPath: "/bin/sh"), arguments: ["-c", "exec \(command)"], log: log)
        return try await announced(program, log: log, addresses: 1)
    }

    private func announced(
        _ program: ChildProgram, log: URL, addresses: Int
    ) async throws -> (program: ChildProgram, urls: [String]) {
        keep(program)
        var urls: [String] = []
        while urls.count < addresses {
            let known = urls
            let line = await program.line(within: 30) { line in
                Self.url(in: line).map { !known.contains($0) } ?? false
            }
            guard let url = line.flatMap(Self.url) else {
                throw ExitStatus.unavailable.because(
                    ProgramFailure.describe(
                        program.name, program.hasEnded ? "ended at its start" : "did not say where it listens", log: log))
            }
            urls.append(url)
            program.note(address: url)
        }
        return (program, urls)
    }

    /// Runs a program to its end and gives its output's lines. What it writes to standard error goes to `log`, or to ours (so that
    /// its progress bar is seen).
    func run(_ name: String, _ executable: String, _ arguments: [String], log: URL?) async throws -> (
        status: Int32, lines: [String]
    ) {
        let taken = Mutex<[String]>([])
        let program = try ChildProgram(
            name: name, executable: SiblingProgram.find(executable), arguments: arguments, log: log
        ) { line in taken.withLock { $0.append(line) } }
        programs.withLock { $0.append(program) }
        // The output's end comes first or last: wait for both.
        let status = await program.exitStatus()
        _ = await program.line(within: 10) { _ in false }
        return (status, taken.withLock { $0 })
    }

    /// Those that are still running, the first started first.
    var running: [ChildProgram] { programs.withLock { $0.filter { !$0.hasEnded } } }

    /// Stops everything, the last started first.
    func stopAll() async {
        for program in running.reversed() { await program.stop(within: 10) }
    }

    /// The first `http://host:port` of a line.
    private static func url(in line: String) -> String? {
        guard let start = line.range(of: "http://") else { return nil }
        let url = line[start.lowerBound...].prefix { !$0.isWhitespace && $0 != "," && $0 != ")" }
        return url.hasSuffix("/") ? String(url.dropLast()) : String(url)
    }
}
