import ArgumentParser
import LegacyCore

struct LegacyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "legacy",
        abstract: "The legacy core: interest day by day from daily rows, 80 statements in a payout's transaction.",
        discussion: """
            Prints `listening on http://HOST:PORT` once it takes calls. SIGTERM ends it when its calls are answered.

            A PostgreSQL schema (`legacy`, unless the address names another: ?schema=NAME) must have been migrated before, by
            `bank migrate --service legacy`.
            """)

    @OptionGroup var service: ServiceOptions
    @Option(help: "How late it answers: talk (mean 250 ms, at most 1.72 s), none, fixed:MS.") var latency = LatencyChoice.none

    func run() async throws {
        let running = ServiceRun(label: "legacy")
        var configuration = LegacyCoreConfiguration(
            store: try running.make { try store }, products: try BankFiles.products(service.products),
            accounts: try BankFiles.accounts(service.fixture))
        configuration.host = service.host
        configuration.port = service.port
        configuration.allowFixtures = service.allowFixtures
        configuration.latency = latency.emulation
        let core = try await running.make { [configuration] in try await LegacyCore(configuration, logger: running.logger) }
        let service = service
        try await running.untilSignal { try await core.run { port in service.announce(port: port) } }
    }

    private var store: LegacyCoreConfiguration.Store {
        get throws {
            switch service.store {
            case .memory: .memory
            case .sqlite(let path): .sqlite(path: path)
            #if PostgreSQL
                case .postgres(let address): try .postgres(address: address)
            #endif
            }
        }
    }
}

/// `talk`, `none` or `fixed:MS`.
enum LatencyChoice: ExpressibleByArgument {
    case talk
    case none
    case fixed(milliseconds: Int)

    init?(argument: String) {
        switch argument {
        case "talk": self = .talk
        case "none": self = .none
        default:
            let prefix = "fixed:"
            guard argument.hasPrefix(prefix), let milliseconds = Int(argument.dropFirst(prefix.count)),
                (0...60_000).contains(milliseconds)
            else { return nil }
            self = .fixed(milliseconds: milliseconds)
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .talk: "talk"
        case .none: "none"
        case .fixed(let milliseconds): "fixed:\(milliseconds)"
        }
    }

    var emulation: LatencyEmulation {
        switch self {
        case .talk: .talk(seed: 1)
        case .none: .none
        case .fixed(let milliseconds): .fixed(milliseconds: milliseconds)
        }
    }
}
