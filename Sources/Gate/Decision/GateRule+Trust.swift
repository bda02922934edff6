import Reports
import RunRecords

/// Rules on the verifier itself: whether it saw what was put before its eyes, and whether its counts add up.
extension GateRule {
    static let selfTest = GateRule("self-test") { (run: RunRecord, policy: GatePolicy) in
        func reason(_ measured: String, _ tone: GateTone, _ sentence: String) -> GateReason {
            GateReason(
                rule: "self-test", run: run.title, measured: measured, required: "passed", tone: tone, sentence: sentence)
        }
        guard let test = run.selfTest else {
            guard policy.proof.selfTest.contains(run.kind) else { return [] }
            return [reason("none", .untrusted, "\(run.title) has no self-test: nothing shows that its verifier works.")]
        }
        if let first = test.failures.first {
            let more = test.failures.count > 1 ? " (and \(test.failures.count - 1) more)" : ""
            return [
                reason(
                    "\(test.failures.count) of \(test.checks) failed", .untrusted,
                    "The verifier of \(run.title) failed its self-test: \(first)\(more)")
            ]
        }
        if test.checks < 1 { return [reason("0 checks", .untrusted, "The self-test of \(run.title) checked nothing.")] }
        return [reason("\(test.checks) checks", .passed, "The verifier of \(run.title) passed its self-test.")]
    }

    static let positiveControl = GateRule("positive-control") { (run: RunRecord, policy: GatePolicy) in
        func reason(_ measured: String, _ tone: GateTone, _ sentence: String, subject: String? = nil) -> GateReason {
            GateReason(
                rule: "positive-control", run: run.title, subject: subject, measured: measured, required: "seen", tone: tone,
                sentence: sentence)
        }
        // A control needs answers to alter. A run that compared nothing has none, and other rules have said what is wrong with it.
        guard run.totals.compared > 0 else { return [] }
        guard let control = run.positiveControl else {
            guard policy.proof.positiveControl.contains(run.kind) else { return [] }
            return [
                reason(
                    "none", .untrusted,
                    "\(run.title) has no positive control: nothing shows that a difference would have been seen.")
            ]
        }
        guard control.fired else {
            return [
                reason(
                    "silent", .untrusted,
                    "A difference made on purpose was not seen by \(run.title): \(control.detail)", subject: control.name)
            ]
        }
        return [
            reason("seen", .passed, "The difference made on purpose was seen by \(run.title).", subject: control.name)
        ]
    }

    static let counts = GateRule("counts") { (run: RunRecord, _: GatePolicy) in
        let faults = run.accountingFaults
        guard let first = faults.first else {
            return [
                GateReason(
                    rule: "counts", run: run.title, measured: "add up", required: "add up", tone: .passed,
                    sentence: "The counts of \(run.title) add up: \(ReportText.number(run.totals.planned)) planned, "
                        + "\(ReportText.number(run.totals.compared)) compared.")
            ]
        }
        return [
            GateReason(
                rule: "counts", run: run.title, measured: "don't add up", required: "add up", tone: .untrusted,
                sentence: "The counts of \(run.title) don't add up: \(first).")
        ]
    }
}

extension RunRecord {
    /// What in the record contradicts itself; empty when nothing does.
    var accountingFaults: [String] {
        let t = totals
        var faults: [String] = []
        let numbers =
            [t.planned, t.compared, t.agreed, t.excused, t.mismatched, t.flaky, t.errors, t.notRun, casesOmitted]
            + operations.flatMap { [$0.compared, $0.mismatched, $0.critical, $0.errors] }
            + dimensions.flatMap(\.values).flatMap { [$0.compared, $0.mismatched] }
        // Sums of numbers from a file must not overflow.
        if numbers.contains(where: { !(0...(1 << 48)).contains($0) }) { return ["a count is negative or absurdly large"] }
        if t.planned != t.compared + t.errors + t.notRun {
            faults.append("\(t.planned) planned, but \(t.compared) compared + \(t.errors) errors + \(t.notRun) not run")
        }
        if t.compared != t.agreed + t.excused + t.mismatched + t.flaky {
            faults.append(
                "\(t.compared) compared, but \(t.agreed) agreed + \(t.excused) excused + \(t.mismatched) mismatched + \(t.flaky) flaky"
            )
        }
        let listed = cases.count { $0.isMismatch }
        if listed > t.mismatched { faults.append("\(t.mismatched) mismatched, but \(listed) mismatches are listed") }
        for operation in operations where operation.mismatched > operation.compared || operation.critical > operation.mismatched {
            faults.append(
                "\(operation.name) has \(operation.compared) compared, \(operation.mismatched) mismatched, \(operation.critical) of them critical"
            )
        }
        if t.mismatched == 0, let operation = operations.first(where: { $0.mismatched > 0 }) {
            faults.append("0 mismatched, but \(operation.mismatched) of \(operation.name)")
        }
        return faults
    }
}
