import MatrixRun
import RunRecords

/// A proof as its reader in the terminal sees it.
struct ProofText {
    let record: RunRecord
    let screen: Screen
    private static let nameWidth = 34

    /// One fault of the table.
    static func row(_ fault: FaultRecord, trouble: String?, screen: Screen) -> String {
        let name = fault.name + String(repeating: " ", count: max(0, nameWidth - fault.name.count))
        if let trouble { return name + "  " + screen.paint("no verdict", .warning) + "  " + trouble }
        guard fault.killed else { return name + "  " + screen.paint("MISSED", .bad) + "  after \(fault.rowsRun) rows" }
        return name + "  " + screen.paint("killed", .good) + "  by \(fault.byRow ?? "?"), \(fault.byComparison ?? "?")"
            + screen.paint("  (\(fault.rowsRun) rows)", .soft)
    }

    /// What comes under the table.
    func print() {
        for failure in record.selfTest?.failures ?? [] { screen.print(screen.paint("self-test: \(failure)", .bad)) }
        for side in record.unreachable { screen.print(screen.paint("\(side.side): \(side.sentence)", .bad)) }
        for one in record.cases.prefix(10) {
            screen.print(screen.paint("false alarm or no answer: \(one.id) \(one.outcome.rawValue)", .bad) + "  \(one.title)")
        }
        let totals = record.totals
        let rate = totals.compared == 0 ? 0 : totals.agreed * 1_000 / totals.compared
        let tint: Tint = totals.agreed == totals.planned ? .good : .bad
        screen.print(
            screen.paint("\(totals.agreed) of \(totals.planned) faults killed", tint)
                + (totals.compared > 0 ? " (\(rate / 10).\(rate % 10) % of those tried)" : ""))
        for remark in record.remarks { screen.print(remark) }
    }
}

/// How a proof ends.
enum ProofExit {
    static func of(_ record: RunRecord) -> RunExit {
        let totals = record.totals
        if totals.mismatched > 0 || record.cases.contains(where: { $0.outcome != .error && $0.outcome != .excused }) {
            return .mismatch
        }
        if let selfTest = record.selfTest, !selfTest.failures.isEmpty || selfTest.checks == 0 { return .selfTest }
        if !record.unreachable.isEmpty { return .unreachable }
        if totals.compared == 0 || totals.errors > 0 || totals.notRun > 0 || !record.cases.isEmpty { return .inconclusive }
        return record.positiveControl?.fired == true ? .agreed : .inconclusive
    }
}
