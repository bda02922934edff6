import Reports
import RunRecords

/// Rules on proofs and on sides that did not answer.
extension GateRule {
    static let faults = GateRule("faults") { (run: RunRecord, policy: GatePolicy) in
        guard run.kind == .prove || !run.faults.isEmpty else { return [] }
        let tried = run.faults.count
        let missed = run.faults.filter { !$0.killed }
        var reasons: [GateReason] = []
        let enough = tried >= policy.proof.faultsMin
        reasons.append(
            GateReason(
                rule: "faults", run: run.title, subject: "tried", measured: "\(tried)",
                required: "at least \(policy.proof.faultsMin)",
                tone: .of(enough, else: .inconclusive),
                sentence:
                    "\(run.title) tried \(ReportText.count(tried, "seeded fault")); at least \(policy.proof.faultsMin) must be."
            ))
        guard tried > 0 else { return reasons }
        let holds = policy.proof.killedMin.isReached(by: tried - missed.count, of: tried)
        let names = missed.prefix(5).map(\.name).joined(separator: ", ") + (missed.count > 5 ? " …" : "")
        reasons.append(
            GateReason(
                rule: "faults", run: run.title, subject: "seen", measured: "\(tried - missed.count) of \(tried)",
                required: policy.proof.killedMin == .all ? "all" : "at least \(policy.proof.killedMin)",
                tone: .of(holds, else: .failed),
                sentence: missed.isEmpty
                    ? "\(run.title) saw each of \(ReportText.count(tried, "seeded fault"))."
                    : "\(run.title) did not see \(missed.count) of \(ReportText.count(tried, "seeded fault")): \(names)."))
        return reasons
    }

    static let unreachable = GateRule("unreachable") { (run: RunRecord, _: GatePolicy) in
        run.unreachable.map { record in
            GateReason(
                rule: "unreachable", run: run.title, subject: record.side, measured: "no answer", required: "answers",
                tone: .unreachable, sentence: "\(run.title): the \(record.side) could not be reached: \(record.sentence)")
        }
    }
}
