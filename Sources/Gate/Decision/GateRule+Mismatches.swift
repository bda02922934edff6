import Reports
import RunRecords

/// Rules on what differed.
extension GateRule {
    static let mismatch = GateRule("mismatch") { (run: RunRecord, policy: GatePolicy) in
        guard let allowed = policy.mismatches.countMax else { return [] }
        // A missed fault is the rule `faults`' matter; what else differed in a proof is a false alarm.
        let found = run.mismatchesSeen - min(run.mismatchesSeen, run.faults.count { !$0.killed })
        let may = allowed == 0 ? "none" : "at most \(allowed)"
        let planned = "\(ReportText.count(run.totals.compared, run.kind == .prove ? "fault" : "comparison")) of \(run.title)"
        let sentence: String
        switch (run.kind, found) {
        case (.prove, 0): sentence = "No false alarm in \(run.title)."
        case (.prove, _): sentence = "\(ReportText.count(found, "false alarm")) beside \(planned); \(may) may be."
        case (_, 0): sentence = "None of \(planned) differed."
        case (_, _): sentence = "\(ReportText.number(found)) of \(planned) differed; \(may) may."
        }
        return [
            GateReason(
                rule: "mismatch", run: run.title, measured: "\(found) of \(run.totals.compared)", required: may,
                tone: .of(found <= allowed, else: .failed), sentence: sentence)
        ]
    }

    static let mismatchRate = GateRule("mismatch-rate") { (run: RunRecord, policy: GatePolicy) in
        let limits = policy.mismatches
        // Faults are chosen, not drawn: a share of them says nothing of traffic.
        guard run.kind != .prove else { return [] }
        var reasons: [GateReason] = []
        if let rateMax = limits.rateMax, run.totals.compared > 0 {
            reasons.append(
                rate(
                    of: run.mismatchesSeen, in: run.totals.compared, at: limits.confidence, max: rateMax, run: run, operation: nil
                ))
        }
        for operation in run.operations where operation.compared > 0 {
            guard let rateMax = limits.operationRates[operation.name] ?? limits.operationRateMax else { continue }
            reasons.append(
                rate(
                    of: operation.mismatched, in: operation.compared, at: limits.confidence, max: rateMax, run: run,
                    operation: operation.name))
        }
        return reasons
    }

    /// Without a mismatch, a bound above the limit only says that too little was compared; with one, it speaks against the build.
    private static func rate(
        of mismatches: Int, in compared: Int, at confidence: Percentage, max rateMax: Percentage, run: RunRecord,
        operation: String?
    ) -> GateReason {
        let bound = BinomialBound.upper(mismatches, of: compared, confidence: confidence.fraction)
        let holds = bound <= rateMax.fraction
        let shown = BinomialBound.percent(bound)
        let place = operation.map { "\($0) in \(run.title)" } ?? run.title
        var sentence =
            "\(ReportText.number(mismatches)) of \(ReportText.count(compared, "comparison")) of \(place) differed: with "
            + "\(confidence) confidence fewer than \(shown) do; at most \(rateMax) may."
        if !holds, mismatches == 0 {
            let needed = BinomialBound.comparisonsNeeded(for: rateMax.fraction, confidence: confidence.fraction)
            sentence += " \(ReportText.count(needed, "comparison")) without a mismatch would show it."
        }
        return GateReason(
            rule: "mismatch-rate", run: run.title, subject: operation, measured: "below \(shown)",
            required: "at most \(rateMax) at \(confidence) confidence",
            tone: .of(holds, else: mismatches == 0 ? .inconclusive : .failed), sentence: sentence)
    }

    static let critical = GateRule("critical") { (run: RunRecord, policy: GatePolicy) in
        let limits = policy.mismatches
        var found: [(subject: String, count: Int)] = []
        for operation in run.operations {
            let listed = run.cases.count { record in
                record.operation == operation.name && record.isMismatch
                    && (record.critical || record.allDifferences.contains { limits.isCritical($0) })
            }
            let named = limits.criticalOperations.contains(operation.name) ? operation.mismatched : 0
            let count = max(operation.critical, listed, named)
            if count > 0 { found.append((operation.name, count)) }
        }
        let known = Set(run.operations.map(\.name))
        let elsewhere = run.cases.count { record in
            !known.contains(record.operation) && record.isMismatch
                && (record.critical || record.allDifferences.contains { limits.isCritical($0) }
                    || limits.criticalOperations.contains(record.operation))
        }
        if elsewhere > 0 { found.append(("other answers", elsewhere)) }
        guard !found.isEmpty else {
            return [
                GateReason(
                    rule: "critical", run: run.title, measured: "0", required: "none", tone: .passed,
                    sentence: "Nothing critical differed in \(run.title).")
            ]
        }
        return found.map { subject, count in
            GateReason(
                rule: "critical", run: run.title, subject: subject, measured: "\(count)", required: "none", tone: .failed,
                sentence: "\(ReportText.count(count, "critical mismatch", "critical mismatches")) of \(subject) in \(run.title): "
                    + "none is ever allowed.")
        }
    }

    static let excused = GateRule("excused") { (run: RunRecord, policy: GatePolicy) in
        guard let allowed = policy.limits.excusedMax else { return [] }
        let found = run.totals.excused
        return [
            GateReason(
                rule: "excused", run: run.title, measured: "\(found)", required: "at most \(allowed)",
                tone: .of(found <= allowed, else: .failed),
                sentence: "Signed exceptions covered \(ReportText.count(found, "difference")) in \(run.title); at most "
                    + "\(ReportText.number(allowed)) may be.")
        ]
    }
}

extension MismatchLimits {
    func isCritical(_ difference: CaseDifference) -> Bool { criticalPaths.contains { $0.takes(difference) } }
}

extension CaseRecord {
    /// Whether it speaks against the build.
    var isMismatch: Bool {
        switch outcome {
        case .candidateWrong, .bothWrong, .legacyQuirk: true
        case .agree, .excused, .flaky, .error: false
        }
    }

    var allDifferences: [CaseDifference] { differences + (minimal?.differences ?? []) }
}

extension RunRecord {
    /// The total; or, where it says none, what operations, dimensions and cases say: a total that forgot some must not hide them.
    /// (An operation may be called twice in a row, so that its count can be above the total.)
    var mismatchesSeen: Int {
        guard totals.mismatched == 0 else { return totals.mismatched }
        return max(
            operations.map(\.mismatched).max() ?? 0, cases.count { $0.isMismatch },
            dimensions.flatMap(\.values).map(\.mismatched).max() ?? 0)
    }
}

extension ReportText {
    static func count(_ value: Int, _ one: String, _ many: String) -> String { "\(number(value)) \(value == 1 ? one : many)" }
}
