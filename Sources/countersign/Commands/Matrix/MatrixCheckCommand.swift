import ArgumentParser
import CaseDesign
import Foundation

/// `countersign matrix check ROWS --model MODEL --strength N`.
struct MatrixCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Count what rows cover of a model, by another algorithm than the one that makes them.",
        discussion: """
            Reads each format that `matrix generate` writes, and PICT's output. Exit status: 0 every combination is there, 1 one is \
            missing or a row breaks a constraint, 65 a file can't be used, 66 no such file.
            """)

    @Argument(help: ArgumentHelp("The rows.", valueName: "ROWS"))
    var rows: String

    @Option(help: ArgumentHelp("A suite file (.yaml) or a PICT file.", valueName: "MODEL"))
    var model: String

    @Option(help: ArgumentHelp("1 to 4, or all. (default: the suite's, or 2)", valueName: "N"), transform: MatrixOption.strength)
    var strength: CaseStrength?

    @Option(help: ArgumentHelp("How many missing combinations and broken rows to name.", valueName: "N"))
    var show = 20

    @Option(help: TimeBound.help)
    var within = TimeBound(seconds: 300)

    func validate() throws {
        if show < 0 { throw ValidationError("--show is \(show); it counts what is named, so 0 is the least") }
    }

    func run() throws {
        let source = try MatrixModel.load(model)
        guard let text = String(data: try InputFile.bytes(rows), encoding: .utf8) else {
            throw ExitStatus.data.because("\(rows) is not UTF-8")
        }
        let list = try MatrixFailure.mapped(rows) { () throws(CaseDesignError) in
            try CaseTable.rows(text, of: source.model, named: rows)
        }
        let strength = strength ?? source.strength ?? .ways(2)
        let report = try MatrixFailure.mapped(model) { () throws(CaseDesignError) in
            try CoverageChecker.check(
                list, of: source.model, strength: strength, missingMax: show, within: within.duration)
        }
        let screen = Screen.standard
        screen.print(
            "strength \(strength): valid \(report.valid), covered \(report.covered), missing \(report.missingCount); "
                + "rows \(list.count), invalid \(report.invalidCount)")
        for combination in report.missing { screen.print("missing: \(combination.text(of: source.model))") }
        for row in report.invalidRows { screen.print("row \(row.index + 1): \(row.why)") }
        if !report.isComplete { throw ExitCode(ExitStatus.differ.rawValue) }
    }
}
