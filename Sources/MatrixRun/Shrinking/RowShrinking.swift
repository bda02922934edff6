public import CaseDesign
internal import CaseMatrix
internal import RuleFiles
public import RunRecords

/// Shrinks failing rows on the real sides.
public struct RowShrinking: Sendable {
    public struct Found: Sendable {
        public var id: String
        public var result: Shrinker.Result
        public var minimal: MinimalCase
        /// `payout $.grossInterest`
        public var fingerprint: String
    }

    let pair: PairRun
    let judge: RowJudge
    let planner: RowPlanner
    let suite: any RunnableSuite
    let shrinker: Shrinker

    public init(pair: PairRun, judge: RowJudge, planner: RowPlanner, suite: any RunnableSuite, seed: UInt64) {
        self.pair = pair
        self.judge = judge
        self.planner = planner
        self.suite = suite
        shrinker = Shrinker(suite: suite, seed: seed)
    }

    /// The first row of each distinct failure, at most `count`, gravest operation order kept as the rows stand.
    public func shrink(_ rows: [JudgedRow], count: Int, control: RunControl) async -> [Found] {
        var found: [Found] = []
        var seen: Set<String> = []
        for row in rows where row.verdict.isFailure && found.count < count && !control.isStopping && !pair.isSideGone {
            let signature = row.verdict.signature
            guard !signature.isEmpty, seen.insert(signature.fingerprint).inserted else { continue }
            if let one = await shrink(row.planned.row, id: row.planned.id, failure: signature) { found.append(one) }
        }
        return found
    }

    /// Nil when the row does not fail like that any more.
    public func shrink(_ row: CaseRow, id: String, failure: FailureSignature) async -> Found? {
        let result = await shrinker.shrink(row, failure: failure) { row, overriding in
            await self.run(row, overriding)?.verdict.signature
        }
        guard let last = await run(result.row, result.overriding) else { return nil }
        var values = zip(suite.dimensions, zip(result.row.values, suite.defaults.values)).compactMap { dimension, pair in
            pair.0 == pair.1 ? nil : DimensionValue(dimension.name, dimension.values[pair.0])
        }
        values += result.overriding.sorted { $0.key < $1.key }.map { DimensionValue($0.key, $0.value) }
        let records = CaseRecords(
            loading: suite.loading, legacyURL: pair.legacy.caller.url, candidateURL: pair.candidate.caller.url)
        let minimal = MinimalCase(
            values: values, fixture: last.plan.fixture, curl: records.curl(last.plan, last.verdict),
            differences: last.verdict.differences, attempts: result.attempts)
        return Found(id: id, result: result, minimal: minimal, fingerprint: failure.fingerprint)
    }

    /// One row on fresh accounts.
    public func verdict(of row: CaseRow) async -> RowVerdict? { await run(row, [:])?.verdict }

    private func run(_ row: CaseRow, _ overriding: [String: String]) async -> (plan: CasePlan, verdict: RowVerdict)? {
        guard let plan = try? planner.again(row, overriding: overriding), let evidence = await pair.evidence(of: [plan]).first
        else { return nil }
        let verdict = judge.judge(plan, legacy: evidence.legacy, candidate: evidence.candidate, rules: evidence.rules)
        return (plan, verdict)
    }
}
