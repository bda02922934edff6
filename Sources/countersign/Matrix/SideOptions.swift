import ArgumentParser

/// Which two services a matrix runs against.
struct SideOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The running legacy service. Default: `bank legacy` is started.", valueName: "URL"))
    var legacy: String?

    @Option(help: ArgumentHelp("The running candidate. Default: `bank payout` is started.", valueName: "URL"))
    var candidate: String?

    @Option(help: ArgumentHelp("Start the legacy by this command; it prints a line with its http:// address.", valueName: "CMD"))
    var startLegacy: String?

    @Option(help: ArgumentHelp("Start the candidate by this command.", valueName: "CMD"))
    var startCandidate: String?

    @Option(help: ArgumentHelp("Start `bank payout` with a seeded fault; repeatable.", valueName: "NAME"))
    var fault: [String] = []

    @Option(help: "Rows under way at a time, on each side.")
    var concurrency = 32

    @Option(help: ArgumentHelp("How long a call may take.", valueName: "SECONDS"))
    var timeout = 10

    func validate() throws {
        if legacy != nil, startLegacy != nil { throw ValidationError("--legacy and --start-legacy exclude each other.") }
        if candidate != nil, startCandidate != nil {
            throw ValidationError("--candidate and --start-candidate exclude each other.")
        }
        if !fault.isEmpty, candidate != nil || startCandidate != nil {
            throw ValidationError("--fault is for the `bank payout` that is started here; start yours with its own faults.")
        }
        if (legacy == nil && startLegacy == nil) != (candidate == nil && startCandidate == nil) {
            throw ValidationError("Name both sides, or none: with none, the bank's services are started.")
        }
        guard (1...512).contains(concurrency) else { throw ValidationError("--concurrency takes 1 to 512.") }
        guard (1...600).contains(timeout) else { throw ValidationError("--timeout takes 1 to 600 seconds.") }
    }

    /// Books that outlive the run know the accounts and keys of earlier ones.
    var areBooksKept: Bool { legacy != nil || candidate != nil }
}
