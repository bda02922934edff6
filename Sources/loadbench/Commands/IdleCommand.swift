import ArgumentParser
import Foundation
import NIOCore
import NIOPosix

struct IdleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle",
        abstract: "Hold many keep-alive connections open; `ready` is printed when all have had one answer.",
        discussion: """
            They are closed after --seconds, or when standard input ends, where that is a pipe or a terminal. With --active-rate \
            they carry an open loop of requests meanwhile, each connection in its turn.
            """)

    @OptionGroup var traffic: TrafficOptions
    @Option(help: "How long they are held, from `ready` on.") var seconds: Double
    @Option(help: "Requests due a second over all of them.") var activeRate: Int?
    @Option(help: "Over how many accounts the requests are spread.") var accounts = 10_000

    func validate() throws {
        try traffic.check()
        guard seconds >= 0.01, seconds <= 86_400 else { throw ValidationError("--seconds takes 0.01 to 86400.") }
        guard (1...1_000_000).contains(activeRate ?? 1) else { throw ValidationError("--active-rate takes 1 to 1000000.") }
        guard (1...10_000_000).contains(accounts) else { throw ValidationError("--accounts takes 1 to 10000000.") }
    }

    func run() throws {
        do { try OpenFiles.allow(connections: traffic.connections) } catch {
            throw Terminal.failure(.unavailable, "\(error)")
        }
        let milliseconds = Int(seconds * 1_000)
        let pace: LoadPlan.Pace =
            if let activeRate {
                .due(DueInstants(rate: activeRate, milliseconds: milliseconds), warmUpMilliseconds: 0)
            } else {
                .hold(milliseconds: milliseconds)
            }
        var plan = traffic.plan(accounts: accounts, pace: pace)
        plan.greets = true
        plan.ready = { Terminal.print("ready") }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let load = LoadRun.start(plan, on: group.next())
        Self.atEndOfInput { load.stop() }
        let report: LoadReport
        do { report = try load.report.wait() } catch {
            throw Terminal.failure(.unavailable, "\(error)")
        }
        if activeRate != nil {
            try LoadCommand.finish(report, asJSON: traffic.json)
        } else {
            Terminal.print(traffic.json ? try report.json() : report.text)
        }
        if report.lost > 0 {
            throw Terminal.failure(
                .notAllAnswered,
                "\(report.target) closed \(report.lost) of \(report.connections) connections while they were held.")
        }
    }

    /// Something in the background often has /dev/null for input: that has no end worth waiting for.
    private static func atEndOfInput(_ act: @escaping @Sendable () -> Void) {
        var status = stat()
        guard fstat(0, &status) == 0 else { return }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFIFO || kind == S_IFSOCK || isatty(0) == 1 else { return }
        Thread.detachNewThread {
            while !FileHandle.standardInput.availableData.isEmpty {}
            act()
        }
    }
}
