import ArgumentParser
import CaseDesign
import CaseMatrix
import Foundation
import MatrixRun
import RunRecords

/// `countersign matrix shrink SUITE.yaml`: the smallest row that fails as a given one does.
struct MatrixShrinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink",
        abstract: "Shrink one failing row to the smallest that fails in the same way.",
        discussion: """
            Name the row by its values (what is left out stays at its default), or by its id in the record of a run.

            Exit status: 0 the row does not fail, 1 it fails and was shrunk, 2 no verdict, 3 a side can't be reached, 64 wrong usage, \
            65 a file that can't be used.
            """)

    @Argument(help: ArgumentHelp("The suite's file.", valueName: "SUITE.yaml"))
    var suite: String

    @Option(help: ArgumentHelp("`balance=1,customer=NORMAL`", valueName: "VALUES")) var row: String?
    @Option(name: .customLong("case"), help: ArgumentHelp("With --record: `core#000417`.", valueName: "ID")) var caseID: String?
    @Option(help: ArgumentHelp("A record that `matrix run --json` wrote.", valueName: "FILE")) var record: String?
    @Option(help: ArgumentHelp("Keep the smallest case as a row in FOLDER/SUITE.yaml.", valueName: "FOLDER")) var keep: String?
    @OptionGroup var sides: SideOptions
    @OptionGroup var judging: JudgingOptions

    func validate() throws {
        guard (row != nil) != (caseID != nil) else {
            throw ValidationError("Name the row with --row, or with --case and --record.")
        }
        if caseID != nil, record == nil { throw ValidationError("--case is looked up in a record: add --record FILE.") }
    }

    func run() async throws {
        let suite = try SuiteFile.load(suite)
        let start = try chosenRow(suite)
        if let why = suite.model.violation(by: start) { throw ExitStatus.usage.because("that row can't be: \(why)") }
        let stage = try RunStage("shrink")
        let bench = try MatrixBench(stage, suite: suite, sides: sides, judging: judging)
        let (verdict, found, gone) = try await stage.whileWatched(RunControl()) {
            let pair = try await bench.pair()
            let shrinking = RowShrinking(
                pair: pair, judge: RowJudge(bench.judgement, suite: suite), planner: bench.planner, suite: suite,
                seed: suite.seed)
            let verdict = await shrinking.verdict(of: start)
            guard let verdict, verdict.isFailure else { return (verdict, RowShrinking.Found?.none, pair.gone) }
            let found = await shrinking.shrink(start, id: caseID ?? "the row", failure: verdict.signature)
            return (verdict, found, pair.gone)
        }
        let screen = Screen.standard
        if let gone { throw exit(.unreachable, gone) }
        guard let verdict, verdict.outcome != .error else {
            throw exit(.inconclusive, verdict?.note ?? "the row can't be planned")
        }
        guard verdict.isFailure else {
            screen.print(screen.paint("The row does not fail: \(verdict.outcome.rawValue).", .good))
            return
        }
        guard let found else { throw exit(.inconclusive, "the row failed once and not again: it is flaky") }
        screen.print(screen.paint(verdict.outcome.rawValue, .bad) + "  " + verdict.title)
        MinimalCaseText(minimal: found.minimal, screen: screen).print()
        if let keep { try KeptCases(folder: keep, suite: suite).keep([found]) }
        throw ExitCode(RunExit.mismatch.rawValue)
    }

    private func exit(_ exit: RunExit, _ sentence: String) -> ExitCode {
        Screen.complain("countersign: \(sentence)")
        return ExitCode(exit.rawValue)
    }

    private func chosenRow(_ suite: Suite) throws -> CaseRow {
        var values: [(String, String)] = []
        if let row {
            for part in row.split(separator: ",") {
                let words = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                guard words.count == 2 else { throw ExitStatus.usage.because("`\(part)` is no `parameter=value`") }
                values.append((words[0], words[1]))
            }
        } else if let record, let caseID {
            let run = try RecordFile.read(record)
            guard let found = run.cases.first(where: { $0.id == caseID }) else {
                throw ExitStatus.data.because("\(record) holds no case \(caseID)")
            }
            values = found.values.map { ($0.dimension, $0.value) }
        }
        var chosen = suite.defaults
        for (name, value) in values {
            guard let parameter = suite.model.index(of: name) else {
                throw ExitStatus.usage.because("\(suite.name) has no parameter `\(name)`")
            }
            guard let index = suite.model.parameters[parameter].index(of: value) else {
                throw ExitStatus.usage.because("`\(name)` of \(suite.name) has no value `\(value)`")
            }
            chosen.values[parameter] = index
        }
        return chosen
    }
}
