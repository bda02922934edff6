import ArgumentParser
import Foundation
import Logging
import PayoutService
import ServiceLifecycle

struct TaxWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tax-worker",
        abstract: "Book the payout service's taxes from its events, apart from the payments.",
        discussion: """
            For a payout service on the same database, started with --without-tax-worker, or with the same --events. On PostgreSQL \
            any number of workers may run. SIGTERM ends it.
            """)

    @Option(
        help: ArgumentHelp("The payout service's database: sqlite:PATH or postgres://…", valueName: "store"),
        transform: StoreChoice.parse)
    var store: StoreChoice
    @OptionGroup var events: TaxEventOptions
    @Option(
        help: ArgumentHelp("The group of workers that share the topic. Default \(TaxTopic.defaultGroup).", valueName: "name"))
    var group: String?
    @Option(help: "Serve /metrics and /healthz on this port of --metrics-host; 0 picks a free one.") var metricsPort: Int?
    @Option(help: "The address to serve /metrics on.") var metricsHost = "127.0.0.1"
    @Flag(help: "Send the dead letters on their way once more, and end.") var replayDeadLetters = false

    func validate() throws {
        guard metricsPort.map({ (0...65_535).contains($0) }) ?? true else {
            throw ValidationError("--metrics-port takes 0 … 65535.")
        }
        guard group == nil || events.events != nil else {
            throw ValidationError("--group names the readers of a topic; it goes with --events.")
        }
        guard group != "" else { throw ValidationError("--group takes a name.") }
    }

    func run() async throws {
        let running = ServiceRun(label: "tax-worker")
        let place = try store.sharedPlace()
        let books = try store.ofPayoutService
        if replayDeadLetters { return try await replay(books) }
        let worker = try await running.make { () async throws -> any Service in try await service(books, running.logger) }
        Terminal.print("booking taxes from \(place)" + (events.events == nil ? "" : ", through Kafka"))
        try await running.untilSignal { try await worker.run() }
    }

    private func service(_ books: PayoutServiceConfiguration.Store, _ logger: Logger) async throws -> any Service {
        let host = metricsHost
        let announce: @Sendable (Int) async -> Void = { Terminal.print("metrics on http://\(host):\($0)/metrics") }
        #if Kafka
            if let address = events.events {
                let worker = try await KafkaTaxWorker(
                    events: address, group: group ?? TaxTopic.defaultGroup, store: books, logger: logger, crash: events.crashAt)
                guard let metricsPort else { return worker }
                return TaxWorkerPage(worker, host: host, port: metricsPort, logger: logger, onReady: announce)
            }
        #endif
        let worker = try await TaxWorker(store: books, logger: logger, crash: events.crashAt)
        guard let metricsPort else { return worker }
        return TaxWorkerPage(worker, host: host, port: metricsPort, logger: logger, onReady: announce)
    }

    private func replay(_ books: PayoutServiceConfiguration.Store) async throws {
        let count: Int
        do {
            #if Kafka
                if let address = events.events {
                    count = try await DeadLetterReplay.run(
                        events: address, group: group ?? TaxTopic.defaultGroup, store: books)
                } else {
                    count = try await DeadLetterReplay.run(store: books)
                }
            #else
                count = try await DeadLetterReplay.run(store: books)
            #endif
        } catch {
            throw Terminal.failure(.failed, "The dead letters can't be replayed: \(error).")
        }
        Terminal.print(count == 0 ? "there are no dead letters" : "\(count) dead letters are on their way again")
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
