import ArgumentParser

/// The command line of the verifier; each subcommand is a file in `Commands`.
@main
struct Countersign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "Proves on live traffic that a new service answers exactly as the one it replaces.",
        discussion: """
            Put the proxy between callers and two HTTP services. The caller is answered by the one you trust; the other gets \
            the same request, and every difference becomes evidence and an alert.

              countersign proxy --legacy http://127.0.0.1:7001 --candidate http://127.0.0.1:7002
              countersign demo
            """,
        version: "0.1.0",
        subcommands: [
            ProxyCommand.self, DemoCommand.self, CompareCommand.self, ReplayCommand.self, ReportCommand.self, AlertsCommand.self,
            ResyncCommand.self, ConfigCommand.self, MigrateCommand.self, MatrixCommand.self, ProveCommand.self, GateCommand.self,
            RolloutCommand.self, AuditCommand.self,
        ])
}
