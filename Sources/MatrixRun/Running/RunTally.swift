internal import CaseDesign
internal import RunRecords

/// Counts a run's rows, operations and dimensions for its record.
struct RunTally {
    private(set) var totals = RunTotals()
    private(set) var operations: [OperationRecord] = []
    private(set) var dimensions: [DimensionRecord] = []

    init(_ rows: [JudgedRow], planned: Int, of suite: any RunnableSuite) {
        totals.planned = planned
        totals.notRun = planned - rows.count
        var byName: [String: OperationRecord] = [:]
        dimensions = suite.dimensions.map { dimension in
            DimensionRecord(name: dimension.name, values: dimension.values.map { DimensionRecord.Value(value: $0) })
        }
        for row in rows {
            count(row.verdict.outcome)
            let isError = row.verdict.outcome == .error
            for answer in row.verdict.answers {
                var record = byName[answer.operation] ?? OperationRecord(name: answer.operation)
                if isError {
                    record.errors += 1
                } else {
                    record.compared += 1
                    let isMismatch = answer.isMismatch && row.verdict.isFailure
                    if isMismatch { record.mismatched += 1 }
                    if isMismatch, answer.isCritical { record.critical += 1 }
                }
                byName[answer.operation] = record
            }
            if !isError {
                for (index, value) in row.planned.row.values.enumerated() {
                    dimensions[index].values[value].compared += 1
                    if row.verdict.isFailure { dimensions[index].values[value].mismatched += 1 }
                }
            }
        }
        operations = byName.values.sorted { $0.name < $1.name }
    }

    private mutating func count(_ outcome: CaseClass) {
        if outcome == .error {
            totals.errors += 1
            return
        }
        totals.compared += 1
        switch outcome {
        case .agree: totals.agreed += 1
        case .excused: totals.excused += 1
        case .candidateWrong, .legacyQuirk, .bothWrong: totals.mismatched += 1
        case .flaky: totals.flaky += 1
        case .error: break
        }
    }
}
