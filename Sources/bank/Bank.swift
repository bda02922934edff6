import ArgumentParser

@main
struct Bank: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bank",
        abstract: "The reference pair: a legacy core and the interest payout service that replaces it.",
        discussion: """
            Exit codes: 0 done · 1 the two sides differ, or a service failed · 3 a side does not answer · 64 wrong flags · \
            65 a file that can't be used · 66 a file that is missing.
            """,
        subcommands: [
            LegacyCommand.self, PayoutCommand.self, TaxWorkerCommand.self, MigrateCommand.self,
            DriveCommand.self,
            ReconcileCommand.self, FixturesCommand.self, FaultsCommand.self,
        ])
}
