import ArgumentParser

struct ExactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exact",
        abstract: "Closed loop: exactly so many requests, as fast as the answers come, then the end.",
        discussion: "Latency counts from sending, so that it says nothing of a stall's victims: use `open` for that.")

    @OptionGroup var traffic: TrafficOptions
    @Option(help: "How many.") var requests: Int
    @Option(help: "Distinct accounts, visited in turn.") var keys = 10_000

    func validate() throws {
        try traffic.check()
        guard (1...1_000_000_000).contains(requests) else { throw ValidationError("--requests takes 1 to 1000000000.") }
        guard (1...10_000_000).contains(keys) else { throw ValidationError("--keys takes 1 to 10000000.") }
    }

    func run() throws {
        var plan = traffic.plan(accounts: keys, pace: .closed(requests: requests))
        plan.connections = min(plan.connections, requests)
        try LoadCommand.run(plan, asJSON: traffic.json)
    }
}
