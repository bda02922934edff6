import ArgumentParser
import Foundation
import InterestContract
import LoadDriver
import UnixSignals

struct DriveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drive",
        abstract: "Send a load of previews, payouts and bookings over the fixture's accounts.",
        discussion: """
            An open loop: each request has its own time, and latency counts from then. With all connections busy it waits, and \
            the wait is counted. The calls are a function of seed, fixture and flags: the same flags, the same calls.

            The bank's time runs faster than the wall's (--days-per-minute) and travels in X-Request-Time, so that payouts fall \
            due again. A Countersign proxy strips that header unless its listener is declared `trusted: true`; behind any other \
            one all calls happen now, and all payouts but an account's first are refused. A second run against the same books \
            should start (--from) on the day on which the first one ended.

            --profile midnight squeezes a day of 700 000 users into --duration: 12 % come in the first quarter of an hour after \
            midnight, 22 % in the first hour; --rate or --requests scale their number. SIGINT ends a run early, with its report. \
            Exit codes: 0 done, 3 nothing answered, 64 wrong flags, 65 and 66 fixture bad or missing.
            """)

    enum Profile: String, ExpressibleByArgument, CaseIterable { case steady, midnight }

    @Option(help: ArgumentHelp("The service or proxy: http://HOST:PORT.", valueName: "url")) var target: String
    @Option(help: ArgumentHelp("The accounts, as the services loaded them.", valueName: "file")) var fixture: String?
    @Option(help: "Requests a second, on average. Default 100.") var rate: Int?
    @Option(help: ArgumentHelp("500ms, 30s, 2m. Default 30s.", valueName: "time")) var duration: Span?
    @Option(help: "How many requests; with --rate and --duration a bound.") var requests: Int?
    @Option(help: "The most requests under way at once.") var connections = 16
    @Option(help: "Where kinds, accounts and amounts are drawn from.") var seed: UInt64 = 1
    @Option(help: "Weights of previews, payouts, deposits, withdrawals, transfers, closures, accounts (reads).")
    var mix = CallMix.standard.description
    @Option(help: "How the rate moves: \(Profile.allCases.map(\.rawValue).joined(separator: " or ")).") var profile = Profile
        .steady
    @Option(help: "Business days in a minute of the run; 0 stands still.") var daysPerMinute = 60.0
    @Option(help: ArgumentHelp("The first business date.", valueName: "date")) var from = BusinessClock.fixtureStart.description
    @Option(help: ArgumentHelp("Part of the idempotency keys; a fresh one when absent.", valueName: "text")) var runID: String?
    @Option(
        help: ArgumentHelp(
            "The holders of the fixture's first accounts say that they belong to this group; repeatable, the next group has the next ones.",
            valueName: "claim=accounts"))
    var audience: [String] = []
    @Option(help: ArgumentHelp("The header that says so.", valueName: "name")) var audienceHeader = "X-Audience"
    @Option(help: ArgumentHelp("How long an answer may take.", valueName: "time")) var timeout = Span(milliseconds: 10_000)
    @Option(help: ArgumentHelp("Write the report here as JSON too.", valueName: "file")) var json: String?

    func run() async throws {
        let plan = try plan()
        let report = try await drive(plan)
        Terminal.print(report.text)
        if let json { try BankFiles.write(Array(try JSONFile.encode(report)), to: json) }
        if report.answered == 0, report.sent > 0 {
            throw Terminal.failure(.noAnswer, "Nothing at \(target) answered: is it running?")
        }
    }

    private func plan() throws -> DrivePlan {
        guard let start = CivilDate(from) else {
            throw Terminal.failure(.usage, "--from takes a date such as 2026-03-02.")
        }
        let curve: RateCurve = profile == .midnight ? .midnight : .steady
        do {
            let extent = try DriveExtent(
                requests: requests, rate: rate, durationMilliseconds: duration?.milliseconds, curve: curve)
            var plan = DrivePlan(
                target: target.hasSuffix("/") ? String(target.dropLast()) : target, accounts: try BankFiles.accounts(fixture),
                requests: extent.requests, lengthMilliseconds: extent.lengthMilliseconds, curve: curve, connections: connections,
                seed: seed, runID: runID ?? UUID().uuidString, mix: try CallMix(parsing: mix),
                clock: BusinessClock(start: start, daysPerMinute: daysPerMinute), timeoutMs: timeout.milliseconds)
            if !audience.isEmpty { plan.audiences = DriveAudiences(header: audienceHeader, groups: try audience.map(group)) }
            return plan
        } catch let error as DriveError {
            throw Terminal.failure(.usage, error.description)
        }
    }

    private func group(_ text: String) throws -> DriveAudiences.Group {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let accounts = Int(parts[1]), accounts > 0 else {
            throw Terminal.failure(.usage, "--audience takes a claim and a number of accounts, as staff=100; `\(text)` is none.")
        }
        return DriveAudiences.Group(claim: String(parts[0]), accounts: accounts)
    }

    /// Until the plan is through, or a signal ends it.
    private func drive(_ plan: DrivePlan) async throws -> DriveReport {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let line = ProgressLine()
        let driving = Task { try await LoadDriver.run(plan) { line.show($0) } }
        let watching = Task { for await _ in signals { driving.cancel() } }
        defer { watching.cancel() }
        do {
            let report = try await driving.value
            line.end()
            return report
        } catch let error as DriveError {
            throw Terminal.failure(.usage, error.description)
        }
    }
}
