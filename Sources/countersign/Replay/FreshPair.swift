import Foundation
import InterestContract

/// Both services of the bank, started afresh with a few accounts, for one call.
struct FreshPair {
    var legacy: String
    var candidate: String

    /// - Parameters:
    ///   - accounts: what both start with.
    ///   - faults: for the payout service, as its `--fault` takes them.
    static func start(
        accounts: [FixtureAccount], products: String, faults: [String], folder: URL, cast: ProgramCast
    ) async throws -> FreshPair {
        let fixture = folder.appendingPathComponent("accounts.jsonl")
        let lines = accounts.map { String(decoding: $0.json, as: UTF8.self) + "\n" }.joined()
        try Data(lines.utf8).write(to: fixture)
        let files = ["--fixture", fixture.path, "--products", products, "--store", "memory", "--port", "0"]
        func service(_ name: String, _ extra: [String]) async throws -> String {
            try await cast.start(
                "bank \(name)", "bank", [name] + files + extra, log: folder.appendingPathComponent("\(name).log")
            ).urls[0]
        }
        async let legacy = service("legacy", [])
        async let candidate = service("payout", faults.flatMap { ["--fault", $0] })
        return FreshPair(legacy: try await legacy, candidate: try await candidate)
    }
}
