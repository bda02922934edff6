import ArgumentParser
import ProxyConfiguration
import Reports
import ShadowProxy

/// `countersign config check FILE`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check a configuration file.", subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a file as the proxy would, and list every error with its line.",
            discussion: "Exit status: 0 sound, 65 with errors, 66 no such file.")

        @Argument(help: ArgumentHelp("The file.", valueName: "FILE"))
        var file: String

        func run() throws {
            let configuration = try ProxySettings.read(file)
            let plan = configuration.plan
            if let rollout = configuration.rollout {
                try RolloutFit(plan: try RolloutOpening.plan(rollout.planFile), configuration: configuration).check()
            }
            let screen = Screen.standard
            screen.print(
                screen.paint("\(file) is sound", .good)
                    + ": \(ReportText.count(plan.operations.count, "operation")), \(ReportText.count(configuration.channels.count, "alert channel")), listens on "
                    + "\(plan.listen.host):\(plan.listen.port)" + (plan.tls == nil ? "" : " (TLS)"))
        }
    }
}
