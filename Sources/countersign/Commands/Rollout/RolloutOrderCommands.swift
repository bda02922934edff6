import ArgumentParser
import Foundation
import Migration
import RolloutControl

/// What the orders have in common: one call to the admin port, and the status that it comes to.
struct OrderOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why: for the audit log and those who are told.", valueName: "TEXT"))
    var reason: String?

    @Flag(help: "The rollout's status as JSON.") var json = false
    @OptionGroup var place: AdminPlace

    func send(_ order: RolloutOrder, role: String? = nil, stage: String? = nil) async throws {
        if order.needsReason, reason?.allSatisfy(\.isWhitespace) ?? true {
            throw ExitStatus.usage.because("`rollout \(order.rawValue)` needs --reason TEXT: it goes into the audit log")
        }
        var body = ["reason": reason ?? ""]
        body["role"] = role
        body["stage"] = stage
        let bytes = try await place.ask("POST", "/rollout/\(order.rawValue)", body: Array(try JSONEncoder().encode(body)))
        let status = try RolloutCommand.status(bytes)
        if json { Screen.standard.print(String(decoding: bytes, as: UTF8.self)) } else { RolloutText(status).print(.standard) }
    }
}

extension RolloutCommand {
    private static let exits =
        "Exit status: 0 done, 1 refused by the rollout's rules, 69 no proxy answers, 77 the token does not suffice."

    struct Promote: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask for the next stage; it begins once the approvals are there.", discussion: exits)
        @OptionGroup var options: OrderOptions
        func run() async throws { try await options.send(.promote) }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve the next stage, or the legacy's retirement.", discussion: exits)
        @Option(
            name: .customLong("as"),
            help: ArgumentHelp("In which of your roles; without it the one that is missing.", valueName: "ROLE"))
        var role: String?
        @Option(
            help: ArgumentHelp(
                "What is approved, as the status names it, or `retirement`; refused if something else waits by now.",
                valueName: "STAGE"))
        var stage: String?
        @OptionGroup var options: OrderOptions
        func run() async throws { try await options.send(.approve, role: role, stage: stage) }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let no share rise until somebody resumes.", discussion: exits)
        @OptionGroup var options: OrderOptions
        func run() async throws { try await options.send(.pause) }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go on after a pause, or from the shadow after a rollback.", discussion: exits)
        @OptionGroup var options: OrderOptions
        func run() async throws { try await options.send(.resume) }
    }

    struct Rollback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the candidate's whole share away at once, until somebody resumes.", discussion: exits)
        @OptionGroup var options: OrderOptions
        func run() async throws { try await options.send(.rollback) }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Agree to release the kill switch; it takes two persons.", discussion: exits)
        @OptionGroup var options: OrderOptions
        func run() async throws { try await options.send(.release) }
    }

    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End the comparison with the legacy. There is no way back.", discussion: exits)
        @OptionGroup var options: OrderOptions
        func run() async throws { try await options.send(.retire) }
    }
}
