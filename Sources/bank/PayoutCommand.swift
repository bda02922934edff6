import ArgumentParser
import PayoutService

struct PayoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payout",
        abstract: "The interest payout service: exact sums over runs of days, taxes booked after the payment.",
        discussion: "Prints `listening on http://HOST:PORT` once it takes calls. SIGTERM ends it when its calls are answered.")

    @OptionGroup var service: ServiceOptions
    @OptionGroup var redis: RedisOptions
    @OptionGroup var events: TaxEventOptions
    @Option(help: ArgumentHelp("Compose a fault in, to see it caught; repeatable. `bank faults` lists them.", valueName: "name"))
    var fault: [String] = []
    @Option(
        help: ArgumentHelp(
            "The faults act only while more than so many payouts a second are answered that are not mirrored.",
            valueName: "payouts a second"))
    var faultAbove: Int?
    @Flag(help: "Leave the taxes to `bank tax-worker` on the same database.") var withoutTaxWorker = false

    func validate() throws {
        for name in fault where !Faults.all.contains(where: { $0.name == name }) {
            throw ValidationError("There is no fault `\(name)`; `bank faults` lists those there are.")
        }
        if let faultAbove {
            if fault.isEmpty { throw ValidationError("--fault-above needs a --fault.") }
            if faultAbove < 0 { throw ValidationError("--fault-above takes a number from 0 on.") }
            if let refusal = Faults.refusal(ofLoadFor: fault) { throw ValidationError("--fault-above: \(refusal.description).") }
        }
        if events.events != nil, case .memory = service.store {
            throw ValidationError("--events needs books that a tax worker can open: --store sqlite:PATH or postgres://…")
        }
        if events.events != nil, withoutTaxWorker {
            throw ValidationError("With --events no taxes are booked here anyway; leave --without-tax-worker out.")
        }
    }

    func run() async throws {
        let running = ServiceRun(label: "payout")
        var configuration = PayoutServiceConfiguration(
            store: try service.store.ofPayoutService, products: try BankFiles.products(service.products),
            accounts: try BankFiles.accounts(service.fixture))
        configuration.host = service.host
        configuration.port = service.port
        configuration.allowFixtures = service.allowFixtures
        configuration.faults = fault
        configuration.faultsAbove = faultAbove
        configuration.embeddedTaxWorker = !withoutTaxWorker
        configuration.taxEvents = events.events
        configuration.crash = events.crashAt
        try redis.apply(to: &configuration)
        let payout = try await running.make { [configuration] in try await PayoutService(configuration, logger: running.logger) }
        let service = service
        try await running.untilSignal { try await payout.run { port in service.announce(port: port) } }
    }
}

extension StoreChoice {
    /// - Throws: the exit, after a sentence, if the address can't be used.
    var ofPayoutService: PayoutServiceConfiguration.Store {
        get throws(ExitCode) {
            switch self {
            case .memory: return .memory
            case .sqlite(let path): return .sqlite(path: path)
            #if PostgreSQL
                case .postgres(let address):
                    do { return try .postgres(address: address) } catch {
                        throw Terminal.failure(.usage, "--store: \(error).")
                    }
            #endif
            }
        }
    }
}
