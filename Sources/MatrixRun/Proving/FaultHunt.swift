internal import CaseDesign
internal import CaseMatrix
internal import RuleFiles
public import RunRecords

/// Looks for the first row that sees a fault, and confirms it.
///
/// Rows that saw earlier faults come first, then a seeded order over all suites. Only the candidate is called; its answers are held
/// against the kept ones. A row that sees something is run again on fresh accounts on both sides: it kills the fault when it sees it there
/// too (a fault of two callers at once may take more than one try).
public final class FaultHunt {
    /// A row of one of the suites.
    public struct Place: Sendable, Hashable {
        public var suite: Int
        public var row: Int
    }

    private let suites: [ProofSuite]
    private let judgement: Judgement
    private let legacy: SideCaller
    private let chunkRows: Int
    private let control: RunControl
    private var killers: [Place] = []
    private let order: [Place]
    private static let confirmationsMax = 4

    public init(
        suites: [ProofSuite], judgement: Judgement, legacy: SideCaller, chunkRows: Int = 100, seed: UInt64,
        control: RunControl = RunControl()
    ) {
        self.suites = suites
        self.judgement = judgement
        self.legacy = legacy
        self.chunkRows = max(1, chunkRows)
        self.control = control
        var generator = SeededOrder(seed)
        order = generator.shuffled(
            suites.indices.flatMap { suite in suites[suite].rows.indices.map { Place(suite: suite, row: $0) } })
    }

    /// - Returns: the record, and a sentence when there is neither a kill nor a miss: the candidate went away, or left rows without an
    ///   answer, or the hunt was stopped.
    public func hunt(_ fault: SeededFault, candidate: SideCaller) async -> (record: FaultRecord, trouble: String?) {
        var record = FaultRecord(
            name: fault.name, policy: fault.policy, about: fault.about, killed: false, byRow: nil, byComparison: nil, rowsRun: 0)
        let first = Set(killers)
        let places = killers + order.filter { !first.contains($0) }
        var unanswered: (rows: Int, sentence: String)?
        var start = 0
        // Small at first: most faults are seen by rows that saw others.
        var size = min(20, chunkRows)
        while start < places.count {
            guard !control.isStopping else { return (record, "stopped") }
            let chunk = Array(places[start..<min(places.count, start + size)])
            start += chunk.count
            size = min(chunkRows, size * 2)
            for index in suites.indices {
                let mine = chunk.filter { $0.suite == index }
                guard !mine.isEmpty else { continue }
                record.rowsRun += mine.count
                let verdicts = await judged(mine, candidate)
                if let silent = verdicts.first(where: { $0.verdict.outcome == .error }) {
                    let rows = verdicts.count { $0.verdict.outcome == .error }
                    unanswered = (rows + (unanswered?.rows ?? 0), unanswered?.sentence ?? silent.verdict.note ?? "no answer")
                }
                for (place, _) in verdicts.filter(\.verdict.isFailure).prefix(5) {
                    guard let confirmed = await confirm(place, candidate) else { continue }
                    killers.removeAll { $0 == place }
                    killers.insert(place, at: 0)
                    record.killed = true
                    record.byRow = suites[place.suite].rows[place.row].planned.id
                    record.byComparison = Self.comparison(confirmed)
                    return (record, nil)
                }
                if let gone = candidate.gone { return (record, gone) }
            }
        }
        return (record, unanswered.map { "\($0.rows) rows without a verdict: \($0.sentence)" })
    }

    /// Rows of one suite on the candidate.
    private func judged(_ places: [Place], _ candidate: SideCaller) async -> [(place: Place, verdict: RowVerdict)] {
        guard let index = places.first?.suite else { return [] }
        let suite = suites[index]
        let judge = RowJudge(judgement, suite: suite.suite)
        let rows = places.map { suite.rows[$0.row] }
        let side = ChunkRun(candidate, loading: suite.suite.loading, settling: suite.suite.settling)
        let runs = await side.whole(rows.map(\.planned.plan))
        return zip(places, zip(rows, runs)).map { place, pair in
            let (row, run) = pair
            let verdict = judge.judge(
                row.planned.plan, legacy: row.evidence.legacy, candidate: run, rules: row.evidence.rules)
            return (place, verdict)
        }
    }

    private func confirm(_ place: Place, _ candidate: SideCaller) async -> RowVerdict? {
        let suite = suites[place.suite]
        let judge = RowJudge(judgement, suite: suite.suite)
        let pair = PairRun(
            legacy: legacy, candidate: candidate, oracle: suite.oracle, loading: suite.suite.loading,
            settling: suite.suite.settling)
        for _ in 0..<Self.confirmationsMax {
            guard let plan = try? suite.planner.again(suite.rows[place.row].planned.row),
                let evidence = await pair.evidence(of: [plan]).first
            else { return nil }
            let verdict = judge.judge(plan, legacy: evidence.legacy, candidate: evidence.candidate, rules: evidence.rules)
            if verdict.isFailure { return verdict }
        }
        return nil
    }

    /// `payout $.grossInterest`, `invariant: candidate: …`
    static func comparison(_ verdict: RowVerdict) -> String {
        if let first = verdict.differences.first(where: \.critical) ?? verdict.differences.first {
            return "\(first.answer) \(first.path)"
        }
        return verdict.violations.first.map { "invariant: \($0)" } ?? verdict.title
    }
}
