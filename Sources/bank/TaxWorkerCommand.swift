import ArgumentParser
import Foundation
import PayoutService

struct TaxWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tax-worker",
        abstract: "Book the payout service's taxes from its events, apart from the payments.",
        discussion: "For a payout service started with --without-tax-worker on the same database. SIGTERM ends it.")

    @Option(help: ArgumentHelp("The payout service's database.", valueName: "sqlite:path")) var store: StoreChoice

    func run() async throws {
        let running = ServiceRun(label: "tax-worker")
        guard case .sqlite(let path) = store else {
            throw Terminal.failure(.usage, "--store takes sqlite:PATH: books in memory have no second reader.")
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw Terminal.failure(.missingFile, "There is no database at \(path): name the one that `bank payout --store` uses.")
        }
        let worker = try running.make { try TaxWorker(store: .sqlite(path: path), logger: running.logger) }
        Terminal.print("booking taxes from sqlite:\(path)")
        try await running.untilSignal { try await worker.run() }
    }
}
