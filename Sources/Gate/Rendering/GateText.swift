import Reports
import RunRecords

/// Words and numbers that several outputs share.
enum GateText {
    /// `3-way, 945 of 945 tuples`
    static func coverage(_ coverage: CoverageRecord) -> String {
        "\(coverage.strength)-way, \(ReportText.number(coverage.tuplesCovered)) of \(ReportText.number(coverage.tuplesValid)) tuples"
    }

    /// What the number of faults seen shows.
    static func proof(_ faults: [FaultRecord]) -> String {
        let missed = faults.count { !$0.killed }
        let bound = 1 - BinomialBound.upper(missed, of: faults.count, confidence: 0.95)
        let proven = Int((bound * 1_000).rounded(.down))
        return
            "\(faults.count - missed) of \(ReportText.count(faults.count, "fault")) seen; with 95 % confidence the suites see at "
            + "least \(proven / 10).\(proven % 10) % of faults like these."
    }

    /// `8.3 %`
    static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "" }
        let thousandths = Int((Int128(part) * 1_000 + Int128(whole) / 2) / Int128(whole))
        return thousandths == 0 && part > 0 ? "< 0.1 %" : "\(thousandths / 10).\(thousandths % 10) %"
    }
}
