public import CaseMatrix

/// Takes rows through both sides and asks the rules about them.
public struct PairRun: Sendable {
    let legacy: ChunkRun
    let candidate: ChunkRun
    let oracle: any Oracle

    public init(
        legacy: SideCaller, candidate: SideCaller, oracle: any Oracle, loading: FixtureLoading, settling: Settling?
    ) {
        self.legacy = ChunkRun(legacy, loading: loading, settling: settling)
        self.candidate = ChunkRun(candidate, loading: loading, settling: settling)
        self.oracle = oracle
    }

    /// A few rows, from loading to reading back.
    public func evidence(of plans: [CasePlan]) async -> [RowEvidence] {
        async let legacyRuns = legacy.whole(plans)
        async let candidateRuns = candidate.whole(plans)
        async let statements = statements(on: plans)
        return Self.joined(await legacyRuns, await candidateRuns, await statements)
    }

    func load(_ plans: [CasePlan]) async -> Runs {
        async let legacyRuns = legacy.load(plans)
        async let candidateRuns = candidate.load(plans)
        return Runs(legacy: await legacyRuns, candidate: await candidateRuns)
    }

    func stepsAndSettle(_ plans: [CasePlan], after runs: Runs) async -> Runs {
        async let legacyRuns = legacy.stepsAndSettle(plans, after: runs.legacy)
        async let candidateRuns = candidate.stepsAndSettle(plans, after: runs.candidate)
        return Runs(legacy: await legacyRuns, candidate: await candidateRuns)
    }

    func readBacks(_ plans: [CasePlan], after runs: Runs) async -> Runs {
        async let legacyRuns = legacy.readBacks(plans, after: runs.legacy)
        async let candidateRuns = candidate.readBacks(plans, after: runs.candidate)
        return Runs(legacy: await legacyRuns, candidate: await candidateRuns)
    }

    func statements(on plans: [CasePlan]) async -> [RulesStatement] {
        await withTaskGroup(of: (Int, RulesStatement).self) { group in
            for (index, plan) in plans.enumerated() {
                group.addTask { (index, await oracle.expects(plan)) }
            }
            var statements = [RulesStatement](repeating: .none, count: plans.count)
            for await (index, statement) in group { statements[index] = statement }
            return statements
        }
    }

    static func joined(_ legacy: [SideRun], _ candidate: [SideRun], _ statements: [RulesStatement]) -> [RowEvidence] {
        legacy.indices.map { RowEvidence(legacy: legacy[$0], candidate: candidate[$0], rules: statements[$0]) }
    }

    /// A sentence once one of the sides is taken for gone.
    public var gone: String? {
        [legacy.caller, candidate.caller].compactMap { side in side.gone.map { "\(side.side.rawValue): \($0)" } }.first
    }

    var isSideGone: Bool { gone != nil }

    var remarks: [String] { legacy.remarks + candidate.remarks }
}

/// Both sides' runs of the same rows.
struct Runs: Sendable {
    var legacy: [SideRun]
    var candidate: [SideRun]
}
