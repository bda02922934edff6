import ArgumentParser
import NIOCore

struct OpenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Open loop: requests due at fixed instants, latency counted from when each was due.",
        discussion: """
            A target that stalls cannot make the load wait for it: what is due while no connection is free queues in the \
            generator, and that wait counts. `sent late` tells how much of the latency came about before sending.
            """)

    @OptionGroup var traffic: TrafficOptions
    @Option(help: "Requests due a second.") var rate: Int
    @Option(help: "How long, after the warm-up.") var seconds: Double
    @Option(help: ArgumentHelp("Seconds of the same load before, outside of the figures.", valueName: "seconds")) var warmup = 0.0
    @Option(help: "Over how many accounts the requests are spread.") var accounts = 10_000

    func validate() throws {
        try traffic.check()
        guard (1...1_000_000).contains(rate) else { throw ValidationError("--rate takes 1 to 1000000 requests a second.") }
        guard seconds >= 0.01, seconds <= 86_400 else { throw ValidationError("--seconds takes 0.01 to 86400.") }
        guard warmup >= 0, warmup <= 3_600 else { throw ValidationError("--warmup takes 0 to 3600 seconds.") }
        guard (1...10_000_000).contains(accounts) else { throw ValidationError("--accounts takes 1 to 10000000.") }
    }

    func run() throws {
        let warmUp = Int(warmup * 1_000)
        let instants = DueInstants(rate: rate, milliseconds: warmUp + Int(seconds * 1_000))
        try LoadCommand.run(
            traffic.plan(accounts: accounts, pace: .due(instants, warmUpMilliseconds: warmUp)), asJSON: traffic.json)
    }
}
