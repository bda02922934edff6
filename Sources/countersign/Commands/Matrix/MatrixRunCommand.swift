import ArgumentParser
import CaseDesign
import CaseMatrix
import Foundation
import MatrixRun
import RuleFiles
import RunRecords

/// `countersign matrix run SUITE.yaml`: every row on both sides, judged against each other and the rules.
struct MatrixRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run every row of a suite on both sides, and judge them against each other and the rules.",
        discussion: """
            Without addresses the bank's services are started with empty books. Each row gets an account of its own, its calls and \
            its read-backs; a row that fails is run again, and the distinct failures are shrunk to their smallest cases.

            Exit status: 0 all agree or are excused, 1 a row fails, 2 inconclusive (a row without a verdict, flaky or not run, \
            nothing compared, a silent positive control), 3 a side can't be reached, 4 the verifier failed its own test, 64 wrong \
            usage, 65 a file that can't be used, 70 an error of the program itself.
            """)

    @Argument(help: ArgumentHelp("The suite's file.", valueName: "SUITE.yaml"))
    var suite: String

    @OptionGroup var sides: SideOptions
    @OptionGroup var judging: JudgingOptions

    @Option(help: "1 to 4, or `all`; the suite's own if left out.") var strength: String?
    @Option(help: "Another seed gives other rows of the same coverage.") var seed: UInt64?
    @Option(help: ArgumentHelp("Only so many rows, spread evenly.", valueName: "N")) var rows: Int?
    @Option(help: ArgumentHelp("Distinct failures to shrink.", valueName: "N")) var shrink = 5
    @Option(help: ArgumentHelp("Keep smallest cases as rows in FOLDER/SUITE.yaml.", valueName: "FOLDER")) var keep: String?
    @Option(help: ArgumentHelp("Kept cases to run too. Default: `regressions` beside the suite.", valueName: "FOLDER"))
    var regressions: String?
    @Option(help: ArgumentHelp("Write the run's record (countersign.run/1).", valueName: "FILE")) var json: String?

    func validate() throws {
        if let strength, CaseStrength(strength) == nil { throw ValidationError("--strength takes 1, 2, 3, 4 or all.") }
        if let rows, rows < 1 { throw ValidationError("--rows takes 1 or more.") }
        guard (0...100).contains(shrink) else { throw ValidationError("--shrink takes 0 to 100.") }
    }

    func run() async throws {
        let suite = try SuiteFile.load(suite)
        let file = try SuiteFile(
            suite, strength: strength.flatMap { CaseStrength($0) }, seed: seed, rows: rows, regressions: regressions)
        let stage = try RunStage("matrix")
        let bench = try MatrixBench(stage, suite: suite, sides: sides, judging: judging)
        let control = RunControl()
        let outcome = try await stage.whileWatched(control) {
            let pair = try await bench.pair()
            let planned = try bench.planned(file.rows.rows)
            var options = MatrixRunner.Options()
            options.shrink = shrink
            options.seed = seed ?? suite.seed
            let line = ProgressLine(name: suite.name, screen: .standard)
            let runner = MatrixRunner(
                suite: suite, judgement: bench.judgement, pair: pair, planner: bench.planner, options: options, control: control
            ) { line.show($0) }
            let outcome = await runner.run(planned)
            line.clear()
            return outcome
        }
        var record = outcome.record
        record.coverage = try file.coverage(of: outcome.rows)
        RunSummary(record: record, screen: .standard).print()
        if let json { try RecordFile.write(record, to: json) }
        if let keep { try KeptCases(folder: keep, suite: suite).keep(outcome.shrunk) }
        let exit = RunExit(record)
        if exit != .agreed { throw ExitCode(exit.rawValue) }
    }
}
