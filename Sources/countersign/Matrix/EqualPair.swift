import MatrixRun
import RunRecords

/// What the suites found on two sides that should agree: nothing, or false alarms.
struct EqualPair {
    private(set) var suites: [ProofSuite] = []
    private(set) var records: [RunRecord] = []

    mutating func add(_ record: RunRecord, _ suite: ProofSuite) {
        records.append(record)
        suites.append(suite)
    }

    /// A verifier that fails its own test, or an equal pair that could not be run, proves nothing of faults.
    var allowsHunting: Bool {
        records.allSatisfy { record in
            record.selfTest?.failures.isEmpty == true && record.unreachable.isEmpty && record.totals.notRun == 0
        } && suites.contains { !$0.rows.isEmpty }
    }

    private static func alarms(_ record: RunRecord) -> Int { record.totals.mismatched + record.totals.flaky }

    func line(_ record: RunRecord) -> String {
        "equal pair, \(record.name): \(Self.alarms(record)) false alarms over \(record.totals.compared) rows"
            + (record.totals.errors > 0 ? ", \(record.totals.errors) without an answer" : "")
    }

    /// - Parameter only: the one suite's coverage is the proof's.
    func describe(in record: inout RunRecord, only: Bool) {
        // Where nothing is wrong, an alarm is the verifier's own failure: no gate should trust it.
        let alarms = records.filter { Self.alarms($0) > 0 }.map { "\(line($0))." }
        record.selfTest = SelfTestRecord(
            checks: (records.compactMap(\.selfTest?.checks).max() ?? 0) + records.count,
            failures: Array(Set(records.flatMap { $0.selfTest?.failures ?? [] })).sorted() + alarms)
        record.unreachable = records.flatMap(\.unreachable)
        record.cases = records.flatMap(\.cases).filter { $0.outcome != .excused }
        record.casesOmitted = records.map(\.casesOmitted).reduce(0, +)
        record.coverage = only ? records.first?.coverage : nil
        let controls = records.compactMap(\.positiveControl)
        if let silent = controls.first(where: { !$0.fired }) ?? controls.first { record.positiveControl = silent }
        record.remarks = records.map(line) + records.flatMap(\.remarks)
    }
}
