import ArgumentParser

/// `countersign matrix …`: edge cases as rows of a covering array.
struct MatrixCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matrix",
        abstract: "Make rows that hold every combination of edge cases, check what rows hold, run them on two services.",
        discussion: """
            A model is a suite file (YAML, docs/matrices.md) or a PICT file. docs/matrix-generation.md says how rows are made.
            """,
        subcommands: [
            MatrixListCommand.self, MatrixGenerateCommand.self, MatrixCheckCommand.self, MatrixRunCommand.self,
            MatrixShrinkCommand.self,
        ])
}
