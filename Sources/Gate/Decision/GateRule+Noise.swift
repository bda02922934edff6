import Reports
import RunRecords

/// Rules on what got no verdict.
extension GateRule {
    static let errors = GateRule("errors") { (run: RunRecord, policy: GatePolicy) in
        let allowed = policy.limits.errorsMax
        let found = run.errorsSeen
        let planned = max(found, run.totals.planned)
        // A proof counts faults; what got no verdict on its equal pair stands among its cases alone.
        let equalPair = found > run.totals.errors ? " (on the equal pair)" : ""
        return [
            GateReason(
                rule: "errors", run: run.title, measured: "\(found) of \(planned)", required: allowed.asLimit,
                tone: .of(!allowed.isExceeded(by: found, of: planned), else: .inconclusive),
                sentence: found == 0
                    ? "Everything that was run in \(run.title) got a verdict."
                    : "\(ReportText.number(found)) of \(ReportText.number(planned)) in \(run.title)\(equalPair) got no verdict, because "
                        + "something failed to answer; \(allowed.asLimit) may.")
        ]
    }

    static let flaky = GateRule("flaky") { (run: RunRecord, policy: GatePolicy) in
        let allowed = policy.limits.flakyMax
        let found = max(run.totals.flaky, run.cases.count { $0.outcome == .flaky })
        return [
            GateReason(
                rule: "flaky", run: run.title, measured: "\(found)", required: allowed == 0 ? "none" : "at most \(allowed)",
                tone: .of(found <= allowed, else: .inconclusive),
                sentence: found == 0
                    ? "Nothing in \(run.title) differed once and not again."
                    : "\(ReportText.number(found)) of \(run.title) differed once and not when run again; "
                        + "\(allowed == 0 ? "none" : "at most \(allowed)") may.")
        ]
    }

    static let notRun = GateRule("not-run") { (run: RunRecord, policy: GatePolicy) in
        guard let allowed = policy.limits.notRunMax(of: run.kind) else { return [] }
        let t = run.totals
        return [
            GateReason(
                rule: "not-run", run: run.title, measured: "\(t.notRun) of \(t.planned)", required: allowed.asLimit,
                tone: .of(!allowed.isExceeded(by: t.notRun, of: t.planned), else: .inconclusive),
                sentence: t.notRun == 0
                    ? "Everything that was planned in \(run.title) was run."
                    : "\(ReportText.number(t.notRun)) of \(ReportText.number(t.planned)) planned in \(run.title) were not run; "
                        + "\(allowed.asLimit) may be left.")
        ]
    }
}

extension RunRecord {
    /// Whichever says more, the total or the cases. A proxy's cases are incidents, of which some have no request of their own.
    fileprivate var errorsSeen: Int {
        kind == .proxy ? totals.errors : max(totals.errors, cases.count { $0.outcome == .error })
    }
}
