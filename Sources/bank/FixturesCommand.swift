import ArgumentParser
import FixtureGeneration
import InterestContract

struct FixturesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fixtures",
        abstract: "Write accounts that cover every corner of the rules, and ordinary ones for the rest.",
        discussion: "The same seed and count give the same file, byte for byte.")

    @Option(help: "Where the ordinary accounts come from.") var seed: UInt64 = 1
    @Option(help: "How many accounts.") var count = 2_000
    @Option(help: "The file to write; standard output when absent.") var out: String?

    func run() async throws {
        let accounts: [FixtureAccount]
        do { accounts = try FixtureGenerator.accounts(seed: seed, count: count) } catch {
            throw Terminal.failure(.usage, error.detail + ".")
        }
        let file = FixtureGenerator.file(accounts)
        if let out {
            try BankFiles.write(file, to: out)
        } else {
            Terminal.print(String(decoding: file.dropLast(), as: UTF8.self))
        }
    }
}
