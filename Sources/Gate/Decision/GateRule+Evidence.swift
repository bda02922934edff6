import Reports
import RunRecords

/// Rules on how much was compared.
extension GateRule {
    static let compared = GateRule("compared") { (run: RunRecord, policy: GatePolicy) in
        let floors = policy.runs.required.filter { $0.takes(run) }.compactMap(\.comparedMin)
        let floor = max(1, floors.max() ?? policy.compared.run)
        let found = run.totals.compared
        return [
            GateReason(
                rule: "compared", run: run.title, measured: "\(found)", required: "at least \(floor)",
                tone: .of(found >= floor, else: .inconclusive),
                sentence: found == 0
                    ? "Nothing was compared in \(run.title)."
                    : "\(ReportText.count(found, "comparison")) in \(run.title); at least \(ReportText.number(floor)) must be made."
            )
        ]
    }

    static let operationCompared = GateRule("operation-compared") { matter in
        let floors = matter.policy.compared
        var reasons: [GateReason] = []
        // A ledger has one set of control totals: there is no more of it to compare.
        for run in matter.runs where run.kind != .reconciliation {
            let short = run.operations.filter { floors.operations[$0.name] == nil && $0.compared < floors.operation }
            reasons += short.map { operation in
                reason(operation.name, operation.compared, floors.operation, run: run.title)
            }
        }
        for (name, floor) in floors.operations.sorted(by: { $0.key < $1.key }) {
            let found = matter.runs.flatMap(\.operations).filter { $0.name == name }.reduce(0) { $0 + $1.compared }
            reasons.append(reason(name, found, floor, run: nil))
        }
        return reasons
    }

    private static func reason(_ operation: String, _ found: Int, _ floor: Int, run: String?) -> GateReason {
        GateReason(
            rule: "operation-compared", run: run, subject: operation, measured: "\(found)", required: "at least \(floor)",
            tone: .of(found >= floor, else: .inconclusive),
            sentence: "\(operation) was compared \(ReportText.count(found, "time")) in \(run ?? "all runs together"); at least "
                + "\(ReportText.number(floor)) must be.")
    }

    static let dimensionCompared = GateRule("dimension-compared") { (run: RunRecord, policy: GatePolicy) in
        var reasons: [GateReason] = []
        for dimension in run.dimensions {
            let floor = policy.compared.dimensions[dimension.name] ?? policy.compared.dimensionValue
            guard floor > 0 else { continue }
            let short = dimension.values.filter { $0.compared < floor }
            reasons += short.map { value in
                GateReason(
                    rule: "dimension-compared", run: run.title, subject: "\(dimension.name) = \(value.value)",
                    measured: "\(value.compared)", required: "at least \(floor)", tone: .inconclusive,
                    sentence: "\(ReportText.count(value.compared, "comparison")) with \(dimension.name) = \(value.value) in "
                        + "\(run.title); at least \(ReportText.number(floor)) must be made.")
            }
            if short.isEmpty {
                let least = dimension.values.map(\.compared).min() ?? 0
                reasons.append(
                    GateReason(
                        rule: "dimension-compared", run: run.title, subject: dimension.name, measured: "\(least) or more",
                        required: "at least \(floor)", tone: .of(!dimension.values.isEmpty, else: .inconclusive),
                        sentence: "Each value of \(dimension.name) in \(run.title) was compared \(least) times or more."))
            }
        }
        return reasons
    }

    static let coverage = GateRule("coverage") { (run: RunRecord, policy: GatePolicy) in
        guard run.kind == .matrix else { return [] }
        let own = policy.runs.required.filter { $0.takes(run) }
        let strengthMin = own.compactMap(\.strengthMin).max() ?? policy.coverage.strengthMin
        let percentMin = own.compactMap(\.coverageMin).max() ?? policy.coverage.percentMin
        guard strengthMin != nil || percentMin != nil else { return [] }
        let required = [strengthMin.map { "strength \($0)" }, percentMin.map { "\($0) of the tuples" }].compactMap(\.self)
            .joined(separator: ", ")
        func reason(_ measured: String, _ holds: Bool, _ sentence: String) -> [GateReason] {
            [
                GateReason(
                    rule: "coverage", run: run.title, measured: measured, required: required,
                    tone: .of(holds, else: .inconclusive),
                    sentence: sentence)
            ]
        }
        guard let coverage = run.coverage, coverage.tuplesValid > 0 else {
            return reason("unknown", false, "The coverage of \(run.title) was not counted; required is \(required).")
        }
        let holds =
            coverage.strength >= strengthMin ?? 0
            && (percentMin?.isReached(by: coverage.tuplesCovered, of: coverage.tuplesValid) ?? true)
        let measured =
            "strength \(coverage.strength), \(ReportText.number(coverage.tuplesCovered)) of "
            + "\(ReportText.number(coverage.tuplesValid)) tuples"
        return reason(measured, holds, "\(run.title) covers \(measured); required is \(required).")
    }
}
