import ArgumentParser
import CaseDesign
import CaseMatrix
import Foundation
import MatrixRun
import RunRecords

/// `countersign prove`: that the suites see every seeded fault, and nothing where there is none.
struct ProveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Prove that the suites see: no alarm for an equal pair, every seeded fault killed.",
        discussion: """
            First every row is run on an equal pair: any that fails is a false alarm. Then the candidate is started once for each \
            fault, and the rows go through it until one sees the fault twice.

            Exit status: 0 every fault was killed without a false alarm, 1 one was missed or there was a false alarm, 2 inconclusive, \
            3 a side can't be reached, 4 the verifier failed its own test, 64 wrong usage, 65 a file that can't be used.
            """)

    @Option(
        help: ArgumentHelp("A suite, with another strength than its own: `core.yaml@2`; repeatable.", valueName: "SUITE.yaml"))
    var suite: [String]

    @Option(help: ArgumentHelp("Only these, by name. Default: all that `bank faults` lists.", valueName: "a,b")) var faults:
        String?
    @Option(
        help: ArgumentHelp("Start the candidate with a fault by this command; `{fault}` stands for its name.", valueName: "CMD"))
    var candidateCommand: String?
    @OptionGroup var sides: SideOptions
    @OptionGroup var judging: JudgingOptions
    @Option(help: "The order in which rows are tried.") var seed: UInt64 = 1
    @Option(help: ArgumentHelp("Only so many rows of each suite, spread evenly.", valueName: "N")) var rows: Int?
    @Option(help: ArgumentHelp("Write the proof's record (countersign.run/1).", valueName: "FILE")) var json: String?

    func validate() throws {
        if suite.isEmpty { throw ValidationError("Name at least one suite: --suite core.yaml.") }
        if !sides.fault.isEmpty { throw ValidationError("The equal pair has no fault; name those to prove with --faults.") }
        if sides.areBooksKept {
            throw ValidationError("A proof starts its services afresh: use --start-legacy and --start-candidate.")
        }
        if sides.startCandidate != nil, candidateCommand == nil {
            throw ValidationError("--start-candidate is the equal one; name the faulty ones with --candidate-command.")
        }
        if candidateCommand != nil, faults == nil { throw ValidationError("--candidate-command takes its faults from --faults.") }
    }

    func run() async throws {
        let control = RunControl()
        let stage = try RunStage("prove")
        let proof = try Proof(self, stage)
        let record = try await stage.whileWatched(control) { try await proof.run(control) }
        ProofText(record: record, screen: .standard).print()
        if let json { try RecordFile.write(record, to: json) }
        let exit = ProofExit.of(record)
        if exit != .agreed { throw ExitCode(exit.rawValue) }
    }
}
