internal import CaseMatrix
internal import RunRecords

/// Rows as records, the gravest first.
struct CaseRecords {
    let loading: FixtureLoading
    let legacyURL: String
    let candidateURL: String

    /// At most `limit`, and how many more there were.
    func records(_ rows: [JudgedRow], minimal: [String: MinimalCase], limit: Int = 200) -> (cases: [CaseRecord], omitted: Int) {
        let found = rows.filter { $0.verdict.outcome != .agree }
        let sorted = found.enumerated().sorted { left, right in
            let leftRank = Self.rank(left.element.verdict, minimal[left.element.planned.id] != nil)
            let rightRank = Self.rank(right.element.verdict, minimal[right.element.planned.id] != nil)
            return (leftRank, left.offset) < (rightRank, right.offset)
        }
        return (sorted.prefix(limit).map { record($0.element, minimal[$0.element.planned.id]) }, max(0, found.count - limit))
    }

    private static func rank(_ verdict: RowVerdict, _ isShrunk: Bool) -> Int {
        let grave: Int =
            switch verdict.outcome {
            case .candidateWrong, .bothWrong: 0
            case .legacyQuirk: 4
            case .flaky: 8
            case .error: 12
            case .excused: 16
            case .agree: 20
            }
        return grave + (isShrunk ? 0 : 2) + (verdict.isCritical ? 0 : 1)
    }

    private func record(_ row: JudgedRow, _ minimal: MinimalCase?) -> CaseRecord {
        let verdict = row.verdict
        let plan = row.planned.plan
        return CaseRecord(
            id: row.planned.id, operation: verdict.operation, outcome: verdict.outcome, critical: verdict.isCritical,
            title: verdict.title, values: plan.values.map { DimensionValue($0.dimension, $0.value) },
            differences: verdict.differences, violations: verdict.violations, fixture: plan.fixture, curl: curl(plan, verdict),
            minimal: minimal, note: verdict.note)
    }

    /// One text for each side.
    func curl(_ plan: CasePlan, _ verdict: RowVerdict) -> [String] {
        let readBacks = Set(verdict.differences.map(\.answer))
        return [legacyURL, candidateURL].map {
            CurlText.commands(plan, url: $0, loading: loading, readBacks: readBacks)
        }
    }
}
