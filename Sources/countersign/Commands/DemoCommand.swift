import ArgumentParser
import Foundation
import UnixSignals

/// `countersign demo`: the whole of it in under two minutes, with nothing installed.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Watch it work: two services of a bank, the proxy between them, a fault, the alert.",
        discussion: """
            Starts `bank legacy`, `bank payout` and `countersign proxy` as programs of their own, on free ports of 127.0.0.1. \
            Exit status 0 only if equal sides gave no mismatch, a faulty candidate was caught, and the ledgers are equal.
            """)

    @Flag(help: "A migration instead: all the way up with proof at each stage, then a fault that only shows at 50 %.")
    var migration = false

    @Flag(help: "Leave the two services and the proxy running at the end, and print their addresses.")
    var keep = false

    @Option(help: "Length of the first act in seconds; the second takes half of it.")
    var seconds = 20

    @Option(help: "Requests a second.")
    var rate = 250

    @Option(help: "The candidate's fault in the second act (see `bank faults`).")
    var fault = "round-half-up"

    func validate() throws {
        guard (2...600).contains(seconds) else { throw ValidationError("--seconds takes 2 to 600.") }
        if migration, keep {
            throw ValidationError("--keep is for the plain demo: a migration ends what it started, and leaves its files.")
        }
        guard (1...20_000).contains(rate) else { throw ValidationError("--rate takes 1 to 20000.") }
    }

    func run() async throws {
        let cast = ProgramCast()
        let folder = try DemoFolder()
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let playing = Task {
            if migration {
                try await MigrationDemo(folder: folder, cast: cast, rate: rate).play()
            } else {
                try await Demo(folder: folder, cast: cast, seconds: seconds, rate: rate, fault: fault).play()
            }
        }
        let watching = Task {
            for await _ in signals {
                playing.cancel()
                await cast.stopAll()
            }
        }
        defer { watching.cancel() }
        let result = await playing.result
        if playing.isCancelled {
            await cast.stopAll()
            folder.removeAllButReports()
            throw ExitCode(130)
        }
        switch result {
        case .success where keep:
            leave(cast, folder)
        case .success where migration:
            await cast.stopAll()
            Screen.standard.print(
                "Everything is stopped; plans, audit logs, lists and logs of both acts stay in \(folder.root.path)")
        case .success:
            await cast.stopAll()
            folder.removeAllButReports()
            Screen.standard.print("Everything is stopped; the reports stay.")
        case .failure(let error):
            await cast.stopAll()
            Screen.complain("countersign: logs and databases are kept in \(folder.root.path)")
            throw error
        }
    }

    private func leave(_ cast: ProgramCast, _ folder: DemoFolder) {
        let screen = Screen.standard
        screen.print()
        screen.print("Left running; databases and logs in \(folder.root.path):")
        for program in cast.running { screen.print("  \(program.processID)  \(program.name)  \(program.address)") }
        screen.print("Stop them with: kill " + cast.running.map { String($0.processID) }.joined(separator: " "))
    }
}
