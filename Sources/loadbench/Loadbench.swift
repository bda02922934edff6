import ArgumentParser

@main
struct Loadbench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loadbench",
        abstract: "Load, idle callers and troublesome sides for measuring a proxy on the machine it runs on.",
        discussion: """
            Everything is one event loop over prepared bytes, so that it takes little of the cores that it shares with what it \
            measures. Exit codes: 0 done · 1 some requests were not answered · 64 wrong flags · 66 a file is missing · \
            69 nothing answers, an address is taken, or the system gives too few file descriptors.
            """,
        subcommands: [OpenCommand.self, ExactCommand.self, IdleCommand.self, SideCommand.self])
}
