/// A plan as a person reads it, for `countersign rollout plan show`.
public enum PlanText {
    /// Several lines; the salt never among them.
    public static func render(_ plan: RolloutPlan) -> String {
        var lines = ["Plan \(plan.name): \(plan.size)", ""]
        var rows = [["step", "candidate", "stage", "lasts", "approvals"]]
        rows.append(row(0, "0 %", "shadow: the candidate is only compared", plan.shadow, []))
        for step in 1...max(plan.lastStep, 1) {
            guard let stage = plan.stage(at: step) else { continue }
            rows.append(row(step, "\(stage.candidate)", plan.title(of: step), stage.times, stage.approvals))
        }
        lines += aligned(rows)
        let retirement = plan.retirement.isEmpty ? "nobody's approval" : list(plan.retirement)
        lines.append("      then the legacy goes on being compared until `retire`, which takes \(retirement)")
        lines += ["", "Audiences"]
        for audience in plan.audiences { lines += about(audience) }
        lines += ["", "Rollback"] + about(plan.rollback)
        if !plan.denied.isEmpty {
            lines.append("  \(plan.denied.count) \(plan.denied.count == 1 ? "key never moves" : "keys never move")")
        }
        if !plan.unproved.isEmpty {
            lines += ["", "Moved without a proof of their own", "  \(plan.unproved.sorted().joined(separator: ", "))"]
        }
        lines += ["", "Freeze windows"]
        lines += plan.freezes.isEmpty ? ["  none"] : plan.freezes.map { "  \($0)" }
        return lines.joined(separator: "\n")
    }

    private static func row(
        _ step: Int, _ share: String, _ title: String, _ times: StageTimes, _ approvals: [ApprovalDemand]
    ) -> [String] {
        let lasts = [
            times.minimumMs > 0 ? "at least \(DurationText.words(milliseconds: Int64(times.minimumMs)))" : nil,
            times.maximumMs.map { "told after \(DurationText.words(milliseconds: Int64($0)))" },
        ].compactMap { $0 }.joined(separator: ", ")
        return ["\(step)", share, title, lasts.isEmpty ? "any time" : lasts, approvals.isEmpty ? "none" : list(approvals)]
    }

    /// The last column ends where its text does.
    private static func aligned(_ rows: [[String]]) -> [String] {
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in
            column == columns - 1 ? 0 : rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            zip(row, widths).map { cell, width in cell + String(repeating: " ", count: max(0, width - cell.count)) }
                .joined(separator: "  ")
        }
    }

    private static func about(_ audience: Audience) -> [String] {
        let who = audience.takesEveryone ? "everyone" : "claim \(audience.claims.joined(separator: " or "))"
        let keys = audience.keysExpected.map { ", about \($0) keys" } ?? ""
        let policy = audience.promotion
        var lines = [
            "  \(audience.name): \(who)\(keys)",
            "    a good candidate is rejected in at most \(policy.alpha), a bad one promoted in at most \(policy.beta) of cases;"
                + " \(policy.perKeyMax) comparisons of a key count",
        ]
        if audience.answeredMin != 1 {
            lines.append("    of each stage the candidate must have answered \(audience.answeredMin) calls of its own")
        }
        for operation in policy.operations {
            let first = policy.comparisonsNeeded(of: operation).map(String.init) ?? "?"
            let second = policy.comparisonsNeeded(of: operation, attempt: 2).map(String.init) ?? "?"
            lines.append(
                "    \(operation.name): good up to \(operation.good), bad from \(operation.bad); "
                    + "\(first) comparisons without a mismatch promote, \(second) in a second try")
        }
        if !policy.criticalPlaces.isEmpty {
            lines.append("    one mismatch rejects at \(policy.criticalPlaces.map { "`\($0)`" }.joined(separator: ", "))")
        }
        return lines
    }

    private static func about(_ policy: RollbackPolicy) -> [String] {
        let keys =
            switch policy.writtenKeys {
            case .keep: "keys that the candidate has written stay with it (the kill switch returns them all the same)"
            case .return: "keys that the candidate has written go back to the legacy"
            }
        return [
            "  at a critical mismatch, a rejection, a silent positive control,",
            "  \(policy.failuresInARow) failures of the candidate in a row, or when it fails \(policy.errorRatio) times as often as the legacy",
            "  (one false alarm in \(policy.errorFalseAlarmEvery) requests that fail on one side alone)",
            "  \(keys)",
        ]
    }

    private static func list(_ demands: [ApprovalDemand]) -> String { demands.map(\.description).joined(separator: ", ") }
}
