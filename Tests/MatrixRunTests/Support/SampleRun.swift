import CaseDesign

@testable import MatrixRun

/// A run of ``SampleSuite`` against two addresses, put together as the command does.
struct SampleRun {
    var suite = SampleSuite()
    var judgement = Judgement()
    var oracle: any Oracle = StatedRules()
    var shrink = 0
    var rows: [CaseRow]?
    var timeoutMs = 10_000

    func run(_ legacy: String, _ candidate: String) async throws -> MatrixRunner.Outcome {
        let legacySide = SideCaller(.legacy, url: legacy, timeoutMs: timeoutMs, concurrency: 16)
        let candidateSide = SideCaller(.candidate, url: candidate, timeoutMs: timeoutMs, concurrency: 16)
        let pair = PairRun(
            legacy: legacySide, candidate: candidateSide, oracle: oracle, loading: suite.loading, settling: suite.settling)
        let planner = RowPlanner(suite, run: "t")
        var options = MatrixRunner.Options()
        options.chunkRows = 13
        options.shrink = shrink
        let runner = MatrixRunner(suite: suite, judgement: judgement, pair: pair, planner: planner, options: options)
        let outcome = await runner.run(try planner.plan(rows ?? suite.allRows))
        legacySide.close()
        candidateSide.close()
        return outcome
    }
}
