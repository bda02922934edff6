import ArgumentParser
import Foundation
import PayoutService

struct TaxWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tax-worker",
        abstract: "Book the payout service's taxes from its events, apart from the payments.",
        discussion: """
            For a payout service started with --without-tax-worker on the same database; on PostgreSQL any number of workers \
            may run. SIGTERM ends it.
            """)

    @Option(
        help: ArgumentHelp("The payout service's database: sqlite:PATH or postgres://…", valueName: "store"),
        transform: StoreChoice.parse)
    var store: StoreChoice

    func run() async throws {
        let running = ServiceRun(label: "tax-worker")
        let place = try store.sharedPlace()
        let books = try store.ofPayoutService
        let worker = try await running.make { try await TaxWorker(store: books, logger: running.logger) }
        Terminal.print("booking taxes from \(place)")
        try await running.untilSignal { try await worker.run() }
    }
}

extension StoreChoice {
    /// Where a store is that another program uses, too.
    func sharedPlace() throws(ExitCode) -> String {
        switch self {
        case .memory:
            throw Terminal.failure(
                .usage, "--store takes sqlite:PATH or postgres://…: books in memory have no second reader.")
        case .sqlite(let path):
            guard FileManager.default.fileExists(atPath: path) else {
                throw Terminal.failure(
                    .missingFile, "There is no database at \(path): name the one that `bank payout --store` uses.")
            }
            return "sqlite:\(path)"
        #if PostgreSQL
            case .postgres: return "PostgreSQL"
        #endif
        }
    }
}
