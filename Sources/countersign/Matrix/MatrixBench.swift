import ArgumentParser
import CaseDesign
import CaseMatrix
import MatrixRun
import RuleFiles

/// What a command runs one suite with.
struct MatrixBench: Sendable {
    let suite: Suite
    let judgement: Judgement
    let planner: RowPlanner
    let starter: SideStarter
    let stage: RunStage
    private let oracleCommand: String?

    init(_ stage: RunStage, suite: Suite, sides: SideOptions, judging: JudgingOptions) throws {
        self.suite = suite
        self.stage = stage
        judgement = Judgement(excusing: try SuiteFile.exceptions(judging.exceptions))
        let mark = SuiteFile.runMark(keptBooks: sides.areBooksKept)
        planner = RowPlanner(suite, run: mark)
        oracleCommand = judging.oracle
        starter = SideStarter(
            options: sides, products: suite.products, cast: stage.cast, folder: stage.folder, run: mark)
    }

    /// Starts (or reaches for) both sides and the oracle.
    func pair() async throws -> PairRun {
        async let starting = starter.legacy()
        let candidate = try await starter.candidate()
        let legacy = try await starting
        let oracle = try SuiteFile.oracle(suite, oracleCommand)
        stage.atEnd { legacy.close() }
        stage.atEnd { candidate.close() }
        if let process = oracle as? OracleProcess { stage.atEnd { process.close() } }
        return PairRun(legacy: legacy, candidate: candidate, oracle: oracle, loading: suite.loading, settling: suite.settling)
    }

    func planned(_ rows: [CaseRow]) throws -> [PlannedRow] { try SuiteFile.planned(rows, planner, suite) }
}
