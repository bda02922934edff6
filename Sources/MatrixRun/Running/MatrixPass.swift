internal import CaseMatrix

/// One pass over the rows of a matrix, in chunks: while one chunk is read back and judged, the next is under way.
public struct MatrixPass: Sendable {
    public var pair: PairRun
    public var judge: RowJudge
    public var chunkRows: Int
    public var control: RunControl
    public var onProgress: @Sendable (RunProgress) -> Void

    public init(
        pair: PairRun, judge: RowJudge, chunkRows: Int = 150, control: RunControl = RunControl(),
        onProgress: @escaping @Sendable (RunProgress) -> Void = { _ in }
    ) {
        self.pair = pair
        self.judge = judge
        self.chunkRows = max(1, chunkRows)
        self.control = control
        self.onProgress = onProgress
    }

    /// The rows that were run, in their order; those after a stop or after a side went away are missing.
    public func run(_ rows: [PlannedRow]) async -> [JudgedRow] {
        let start = ContinuousClock.now
        var judged: [JudgedRow] = []
        judged.reserveCapacity(rows.count)
        func report() {
            onProgress(
                RunProgress(
                    phase: "rows", done: judged.count, planned: rows.count, failing: judged.count { $0.verdict.isFailure },
                    elapsedMs: Int((ContinuousClock.now - start) / .milliseconds(1))))
        }
        let chunks = stride(from: 0, to: rows.count, by: chunkRows).map { Array(rows[$0..<min(rows.count, $0 + chunkRows)]) }
        var loading = chunks.first.map(load)
        var judging: Task<[JudgedRow], Never>?
        for (index, chunk) in chunks.enumerated() {
            guard let loaded = await loading?.value, !control.isStopping else { break }
            let plans = chunk.map(\.plan)
            let pair = pair
            let asked = Task { await pair.statements(on: plans) }
            loading = index + 1 < chunks.count && !pair.isSideGone ? load(chunks[index + 1]) : nil
            let stepped = await pair.stepsAndSettle(plans, after: loaded)
            if let judging { judged += await judging.value }
            report()
            judging = Task { await judge(chunk, stepped, await asked.value) }
        }
        _ = await loading?.value
        if let judging { judged += await judging.value }
        report()
        return judged
    }

    private func load(_ chunk: [PlannedRow]) -> Task<Runs, Never> {
        let pair = pair
        return Task { await pair.load(chunk.map(\.plan)) }
    }

    private func judge(_ chunk: [PlannedRow], _ stepped: Runs, _ statements: [RulesStatement]) async -> [JudgedRow] {
        let runs = await pair.readBacks(chunk.map(\.plan), after: stepped)
        let evidence = PairRun.joined(runs.legacy, runs.candidate, statements)
        return zip(chunk, evidence).map { row, evidence in
            let verdict = judge.judge(
                row.plan, legacy: evidence.legacy, candidate: evidence.candidate, rules: evidence.rules)
            return JudgedRow(planned: row, evidence: evidence, verdict: verdict)
        }
    }
}
