public import RunRecords

/// How a run answers a CI job.
public enum RunExit: Int32, Sendable, CaseIterable {
    /// All rows agreed, or are excused.
    case agreed = 0
    /// At least one row speaks against a side.
    case mismatch = 1
    /// Nothing was compared, a row has no verdict, was flaky or was not run, the oracle went away, or the positive control stayed silent.
    case inconclusive = 2
    /// A side could not be reached.
    case unreachable = 3
    /// The verifier failed its own test: it judged nothing.
    case selfTest = 4

    public init(_ record: RunRecord) {
        let totals = record.totals
        if let selfTest = record.selfTest, !selfTest.failures.isEmpty || selfTest.checks == 0 {
            self = .selfTest
        } else if record.unreachable.contains(where: { $0.side != "oracle" }) {
            self = .unreachable
        } else if totals.mismatched > 0 {
            self = .mismatch
        } else if !record.unreachable.isEmpty || totals.compared == 0 || totals.errors > 0 || totals.flaky > 0
            || totals.notRun > 0
        {
            self = .inconclusive
        } else if let control = record.positiveControl, !control.fired {
            self = .inconclusive
        } else {
            self = .agreed
        }
    }
}
