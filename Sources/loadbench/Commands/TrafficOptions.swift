import ArgumentParser

/// What a request is made of: shared by the commands that send.
struct TrafficOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Whom to load.", valueName: "host:port")) var target: Endpoint
    @Option(help: "The callers' keep-alive connections.") var connections = 32
    @Flag(help: "All requests of one account.") var hot = false
    @Option(help: "Where the walk over the accounts begins.") var seed: UInt64 = 1
    @Option(help: ArgumentHelp("The path; %04d is the account's number.", valueName: "path"))
    var pathTemplate = PathTemplate.payouts
    @Option(help: "The method; not HEAD or CONNECT.") var method = "POST"
    @Option(help: "The body; none for a GET unless given.") var body: String?
    @Option(help: ArgumentHelp("How long an answer may take, in seconds.", valueName: "seconds")) var timeout = 10.0
    @Flag(help: "Print one JSON object instead of a table.") var json = false

    func check() throws {
        guard (1...100_000).contains(connections) else { throw ValidationError("--connections takes 1 to 100000.") }
        guard timeout >= 0.001, timeout <= 3_600 else { throw ValidationError("--timeout takes 0.001 to 3600 seconds.") }
        guard !method.isEmpty, method.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }),
            method != "HEAD", method != "CONNECT"
        else { throw ValidationError("--method takes an HTTP method in capitals, not HEAD or CONNECT.") }
    }

    func composer(accounts: Int) -> RequestComposer {
        let standard = method == "GET" || method == "DELETE" ? "" : #"{"channel":"MOBILE"}"#
        return RequestComposer(
            method: method, path: pathTemplate, body: Array((body ?? standard).utf8), host: target.description,
            accounts: hot ? .hot : AccountSequence(accounts: accounts, seed: seed), run: Self.runName())
    }

    func plan(accounts: Int, pace: LoadPlan.Pace) -> LoadPlan {
        LoadPlan(
            target: target, connections: connections, pace: pace, composer: composer(accounts: accounts),
            timeoutMilliseconds: Int(timeout * 1_000))
    }

    /// Eight hexadecimal digits that no other run has: a side may remember the idempotency keys it has seen.
    private static func runName() -> String {
        let text = String(UInt32.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}
