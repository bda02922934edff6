import Foundation
import Migration
import RolloutControl

/// The commands of those who look after the rollout, as they would type them.
struct MigrationDesk {
    let screen = Screen.standard

    func status(_ pair: MigrationPair) async throws -> RolloutStatus {
        let (_, lines) = try await run(pair, "kim", ["status", "--json"])
        guard let status = try? JSONDecoder().decode(RolloutStatus.self, from: Data(lines.joined(separator: "\n").utf8)) else {
            throw failed(pair, "status")
        }
        return status
    }

    /// Shows the command, and demands that it is carried out.
    func order(_ pair: MigrationPair, by person: String, _ arguments: [String]) async throws {
        screen.print(screen.paint("  $ countersign rollout \(arguments.joined(separator: " "))   (\(person))", .soft))
        let (status, _) = try await run(pair, person, arguments + ["--json"])
        guard status == 0 else { throw failed(pair, arguments[0]) }
    }

    /// Output lines of a command.
    func lines(_ pair: MigrationPair, _ arguments: [String]) async throws -> [String] {
        try await run(pair, "kim", arguments).lines
    }

    /// Waits for a status; nil when it does not come in time.
    func wait(_ pair: MigrationPair, seconds: Int, until wanted: (RolloutStatus) -> Bool) async throws -> RolloutStatus? {
        for _ in 0..<(seconds * 4) {
            let status = try await status(pair)
            if wanted(status) { return status }
            try await Task.sleep(for: .milliseconds(250))
        }
        return nil
    }

    private func run(
        _ pair: MigrationPair, _ person: String, _ arguments: [String]
    ) async throws -> (status: Int32, lines: [String]) {
        try Task.checkCancellation()
        let token = MigrationFiles.token(of: person, pair.act, in: pair.folder).path
        return try await pair.cast.run(
            "countersign rollout", "countersign", ["rollout"] + arguments + ["--admin", pair.admin, "--token-file", token],
            log: pair.folder.file("\(pair.act)-rollout.log"))
    }

    private func failed(_ pair: MigrationPair, _ command: String) -> any Error {
        ExitStatus.differ.because(
            ProgramFailure.describe(
                "countersign rollout \(command)", "was not carried out", log: pair.folder.file("\(pair.act)-rollout.log")))
    }
}
