internal import Foundation
public import RunRecords

/// Runs a matrix: the self-test, the rows, failing rows again, the smallest case of each failure, the positive control, the record.
public struct MatrixRunner: Sendable {
    public struct Options: Sendable {
        /// Rows of a chunk.
        public var chunkRows = 150
        /// Distinct failures that are shrunk.
        public var shrink = 5
        public var seed: UInt64 = 1
        /// Cases in the record.
        public var casesMax = 200

        public init() {}
    }

    public struct Outcome: Sendable {
        public var record: RunRecord
        public var rows: [JudgedRow]
        public var shrunk: [RowShrinking.Found]
    }

    private let suite: any RunnableSuite
    private let judge: RowJudge
    private let pair: PairRun
    private let planner: RowPlanner
    private let options: Options
    private let control: RunControl
    private let onProgress: @Sendable (RunProgress) -> Void

    public init(
        suite: any RunnableSuite, judgement: Judgement, pair: PairRun, planner: RowPlanner, options: Options = Options(),
        control: RunControl = RunControl(), onProgress: @escaping @Sendable (RunProgress) -> Void = { _ in }
    ) {
        self.suite = suite
        self.judge = RowJudge(judgement, suite: suite)
        self.pair = pair
        self.planner = planner
        self.options = options
        self.control = control
        self.onProgress = onProgress
    }

    public func run(_ planned: [PlannedRow]) async -> Outcome {
        let startedAt = Self.now()
        let selfTest = SelfTest.run(judge.judgement)
        guard selfTest.failures.isEmpty else {
            // A verifier that fails its own test judges nothing.
            var record = record([], planned, [], startedAt: startedAt)
            record.selfTest = selfTest
            return Outcome(record: record, rows: [], shrunk: [])
        }
        let pass = MatrixPass(
            pair: pair, judge: judge, chunkRows: options.chunkRows, control: control, onProgress: onProgress)
        let first = await pass.run(planned)
        progress("failing rows again", first)
        let repeats = Repeats(pair: pair, judge: judge, planner: planner)
        let (rows, repeated) = await repeats.confirm(first, control: control)
        let control = ControlProbe.fire(rows, judge)
        progress("shrinking", rows)
        let shrinking = RowShrinking(pair: pair, judge: judge, planner: planner, suite: suite, seed: options.seed)
        let shrunk = await shrinking.shrink(rows, count: options.shrink, control: self.control)

        var record = record(rows, planned, shrunk, startedAt: startedAt)
        record.selfTest = selfTest
        record.positiveControl = control
        let failing = first.count { $0.verdict.isFailure }
        if failing > repeated {
            record.remarks.append("Of \(failing) failing rows the first \(repeated) were run again.")
        }
        return Outcome(record: record, rows: rows, shrunk: shrunk)
    }

    private func progress(_ phase: String, _ rows: [JudgedRow]) {
        let failing = rows.count { $0.verdict.isFailure }
        guard failing > 0 else { return }
        onProgress(RunProgress(phase: phase, done: rows.count, planned: rows.count, failing: failing, elapsedMs: 0))
    }

    private func record(
        _ rows: [JudgedRow], _ planned: [PlannedRow], _ shrunk: [RowShrinking.Found], startedAt: String
    ) -> RunRecord {
        let tally = RunTally(rows, planned: planned.count, of: suite)
        var record = RunRecord(
            kind: .matrix, name: suite.name, startedAt: startedAt, finishedAt: Self.now(), legacy: pair.legacy.caller.url,
            candidate: pair.candidate.caller.url, totals: tally.totals)
        record.operations = tally.operations
        record.dimensions = tally.dimensions
        record.heatMaps = HeatMaps.make(suite.dimensions, rows)
        for side in [pair.legacy.caller, pair.candidate.caller] {
            if let sentence = side.gone {
                record.unreachable.append(UnreachableRecord(side: side.side.rawValue, sentence: sentence))
            }
        }
        if let sentence = pair.oracle.gone { record.unreachable.append(UnreachableRecord(side: "oracle", sentence: sentence)) }
        let records = CaseRecords(
            loading: suite.loading, legacyURL: pair.legacy.caller.url, candidateURL: pair.candidate.caller.url)
        let minimal = Dictionary(shrunk.map { ($0.id, $0.minimal) }, uniquingKeysWith: { first, _ in first })
        (record.cases, record.casesOmitted) = records.records(rows, minimal: minimal, limit: options.casesMax)
        record.remarks = pair.remarks + judge.judgement.excusing.remarks
        if control.isStopping, record.totals.notRun > 0 {
            record.remarks.append("The run was stopped: \(record.totals.notRun) of \(planned.count) rows were not run.")
        }
        return record
    }

    static func now() -> String { Date.now.ISO8601Format() }
}
