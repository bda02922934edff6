public import CaseDesign
public import CaseMatrix
public import RunRecords

/// The rows that a run of a suite takes, and what they cover.
public struct SuiteRows: Sendable {
    private let suite: Suite
    private let strength: CaseStrength
    public let rows: [CaseRow]

    /// - Parameters:
    ///   - regressions: rows of past failures that must be in; parameters that they leave free are completed.
    ///   - limit: takes so many rows, spread evenly.
    public static func make(
        _ suite: Suite, strength: CaseStrength, seed: UInt64, regressions: [[Int?]] = [], limit: Int? = nil
    ) throws(CaseDesignError) -> SuiteRows {
        var model = suite.model
        model.seeds += regressions.filter { !model.seeds.contains($0) }
        var rows = try CaseGenerator.rows(of: model, strength: strength, seed: seed, within: .seconds(120))
        if let limit, limit < rows.count {
            let all = rows
            rows = (0..<max(0, limit)).map { all[$0 * all.count / limit] }
        }
        return SuiteRows(suite: suite, strength: strength, rows: rows)
    }

    /// What the rows that got a verdict cover: those that were not run, or gave no answer, cover nothing.
    public func coverage(of judged: [JudgedRow]) throws(CaseDesignError) -> CoverageRecord {
        let compared = judged.filter { $0.verdict.outcome != .error }.map(\.planned.row)
        let report = try CoverageChecker.check(compared, of: suite.model, strength: strength)
        let ways: Int = if case .ways(let ways) = strength { ways } else { suite.model.parameters.count }
        return CoverageRecord(
            strength: ways, rows: compared.count, tuplesValid: report.valid, tuplesCovered: report.covered)
    }
}
