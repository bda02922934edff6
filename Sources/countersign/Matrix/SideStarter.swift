import Foundation
import MatrixRun

/// Brings the two sides of a run up and names where they are.
struct SideStarter {
    let options: SideOptions
    let products: String?
    let cast: ProgramCast
    let folder: RunFolder
    let run: String

    func legacy() async throws -> SideCaller {
        let url: String
        if let given = options.legacy {
            url = given
        } else if let command = options.startLegacy {
            url = try await cast.start("the legacy", command: command, log: folder.file("legacy.log")).urls[0]
        } else {
            url = try await bank("legacy", log: "legacy", extra: []).urls[0]
        }
        return caller(.legacy, url)
    }

    func candidate() async throws -> SideCaller {
        let url: String
        if let given = options.candidate {
            url = given
        } else if let command = options.startCandidate {
            url = try await cast.start("the candidate", command: command, log: folder.file("candidate.log")).urls[0]
        } else {
            url = try await bank("payout", log: "payout", extra: options.fault.flatMap { ["--fault", $0] }).urls[0]
        }
        return caller(.candidate, url)
    }

    /// A fresh candidate with one fault, for `prove`.
    func faulty(_ fault: String, command: String?) async throws -> (program: ChildProgram, caller: SideCaller) {
        let log = "candidate-\(fault)"
        let started =
            if let command {
                try await cast.start(
                    "the candidate with \(fault)", command: command.replacing("{fault}", with: fault),
                    log: folder.file("\(log).log"))
            } else {
                try await bank("payout", log: log, extra: ["--fault", fault])
            }
        return (started.program, caller(.candidate, started.urls[0]))
    }

    private func caller(_ side: Side, _ url: String) -> SideCaller {
        SideCaller(
            side, url: url, run: run, timeoutMs: options.timeout * 1_000, concurrency: options.concurrency)
    }

    private func bank(_ name: String, log: String, extra: [String]) async throws -> (program: ChildProgram, urls: [String]) {
        // The rows bring their own accounts: books begin empty.
        var arguments = [name, "--store", "memory", "--allow-fixtures", "--port", "0", "--fixture", "/dev/null"]
        if let products { arguments += ["--products", products] }
        return try await cast.start("bank \(name)", "bank", arguments + extra, log: folder.file("\(log).log"))
    }
}
