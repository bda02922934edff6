import ArgumentParser
import Foundation
import Migration
import ProxyConfiguration

/// `countersign rollout`: the plan by which traffic moves, and a rollout on its way. The orders stand in `Rollout/`.
struct RolloutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollout", abstract: "Move traffic to the candidate by a plan, and take it back.",
        discussion: "docs/migration.md describes plans, how evidence decides, and how a rollout is run.",
        subcommands: [
            Status.self, Promote.self, Approve.self, Pause.self, Resume.self, Rollback.self, Kill.self, Release.self, Retire.self,
            History.self, Keys.self, Plan.self, Simulate.self,
        ])

    struct Plan: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a plan, or show it.", subcommands: [Check.self, Show.self])
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a plan, and list every error with its line.",
            discussion: "Exit status: 0 sound, 65 with errors, 66 no such file.")

        @Argument(help: ArgumentHelp("The plan.", valueName: "FILE")) var file: String
        @Option(
            help: ArgumentHelp(
                "The proxy's configuration, to which the plan must fit: operations, critical places, approvals.",
                valueName: "FILE"))
        var config: String?

        func run() throws {
            let plan = try RolloutOpening.plan(file)
            if let config { try RolloutFit(plan: plan, configuration: try ProxySettings.read(config)).check() }
            let screen = Screen.standard
            screen.print(
                screen.paint("\(file) is sound", .good)
                    + ": \(plan.size), the last one \(plan.audiences.last?.stages.last?.candidate ?? .none) of all"
            )
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a plan as it will be carried out.", discussion: "Exit status: 0, 65 with errors, 66 no such file.")

        @Argument(help: ArgumentHelp("The plan.", valueName: "FILE")) var file: String

        func run() throws { Screen.standard.print(PlanText.render(try RolloutOpening.plan(file))) }
    }

    struct Simulate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try a plan's promotion policies on made-up traffic: how often they are wrong.",
            discussion: """
                Candidates at the good and at the bad rate of each policy, the hardest that its promise speaks of, decided by the code that \
                decides about a rollout. Exit status: 0 every promise kept, 1 one is not, 65 and 66 as for `plan check`.
                """)

        @Argument(help: ArgumentHelp("The plan.", valueName: "FILE")) var file: String
        @Option(help: "How many runs of each setting.") var runs = 10_000
        @Option(help: "The same seed gives the same table.") var seed: UInt64 = 1

        func validate() throws {
            guard (1...1_000_000).contains(runs) else { throw ValidationError("--runs takes 1 … 1000000.") }
        }

        func run() throws {
            let plan = try RolloutOpening.plan(file)
            let simulation = PromotionSimulation(seed: seed, runs: runs)
            let rows = simulation.rows(of: plan)
            Screen.standard.print(PromotionSimulation.table(rows))
            if !rows.allSatisfy(\.keepsPromise) { throw ExitCode(ExitStatus.differ.rawValue) }
        }
    }
}
