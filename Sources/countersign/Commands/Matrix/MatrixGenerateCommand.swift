import ArgumentParser
import CaseDesign

/// `countersign matrix generate MODEL`.
struct MatrixGenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write rows that hold every valid combination of so many values.",
        discussion: """
            The same model, strength and seed give the same rows, byte for byte. What is odd with the model is said on standard \
            error. Exit status: 0, 65 the model can't be used or takes longer than allowed, 66 no such file.
            """)

    @Argument(help: ArgumentHelp("A suite file (.yaml) or a PICT file.", valueName: "MODEL"))
    var model: String

    @Option(
        help: ArgumentHelp("How many parameters are combined: 1 to 4, or all. (default: the suite's, or 2)", valueName: "N"),
        transform: MatrixOption.strength)
    var strength: CaseStrength?

    @Option(help: ArgumentHelp("Chance starts from it. (default: the suite's, or 1)", valueName: "N"))
    var seed: UInt64?

    @Option(help: TimeBound.help)
    var within = TimeBound(seconds: 30)

    @Option(
        help: ArgumentHelp("How rows are written: table, csv, json or pict.", valueName: "FORMAT"), transform: MatrixOption.format
    )
    var format = CaseTable.Format.table

    func run() throws {
        let source = try MatrixModel.load(model)
        let bound = within.duration
        try source.warn(within: bound)
        let rows = try MatrixFailure.mapped(model) { () throws(CaseDesignError) in
            try CaseGenerator.rows(
                of: source.model, strength: strength ?? source.strength ?? .ways(2), seed: seed ?? source.seed ?? 1, within: bound
            )
        }
        Screen.standard.print(CaseTable.text(rows, of: source.model, as: format))
    }
}
