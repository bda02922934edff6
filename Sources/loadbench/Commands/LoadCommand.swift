import ArgumentParser
import NIOCore
import NIOPosix

/// What `open` and `exact` have in common: run the plan, print the report, end with the right status.
enum LoadCommand {
    static func run(_ plan: LoadPlan, asJSON: Bool) throws {
        do { try OpenFiles.allow(connections: plan.connections) } catch {
            throw Terminal.failure(.unavailable, "\(error)")
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let report: LoadReport
        do { report = try LoadRun.start(plan, on: group.next()).report.wait() } catch {
            throw Terminal.failure(.unavailable, "\(error)")
        }
        try finish(report, asJSON: asJSON)
    }

    static func finish(_ report: LoadReport, asJSON: Bool) throws {
        Terminal.print(asJSON ? try report.json() : report.text)
        if report.answered == 0 {
            throw Terminal.failure(.unavailable, "\(report.target) answered none of \(report.sent) requests.")
        }
        if report.failed > 0 {
            throw Terminal.failure(.notAllAnswered, "\(report.failed) requests to \(report.target) were not answered.")
        }
    }
}
