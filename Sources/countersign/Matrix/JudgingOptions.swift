import ArgumentParser

/// What rows are judged by beside the two sides.
struct JudgingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The program that states the rules, or `none`. Default: the suite's.", valueName: "CMD"))
    var oracle: String?

    @Option(help: ArgumentHelp("Signed departures of the legacy from the rules (docs/matrix-runs.md).", valueName: "FILE"))
    var exceptions: String?
}
