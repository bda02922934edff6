extension PromotionSimulation {
    /// For each operation's rates in a policy: candidates at the good and at the bad rate, the hardest that the promise speaks of.
    /// One bad operation among good ones, keys that are broken altogether, and a rejected stage tried over and over are part of it.
    public static func settings(for policy: PromotionPolicy, named name: String) -> [Setting] {
        let good = policy.operations.map(\.good)
        var settings = [
            Setting(title: "\(name): all good", policy: policy, trueRates: good),
            Setting(title: "\(name): all good, 6 tries", policy: policy, trueRates: good, tries: 6),
        ]
        guard let worst = policy.operations.indices.last else { return settings }
        var oneBad = policy.operations.map { _ in Share.none }
        oneBad[worst] = policy.operations[worst].bad
        settings += [
            Setting(title: "\(name): one bad", policy: policy, trueRates: oneBad),
            Setting(title: "\(name): one bad, 6 tries", policy: policy, trueRates: oneBad, tries: 6),
        ]
        if policy.perKeyMax == 1 {
            settings.append(
                Setting(
                    title: "\(name): whole keys bad", policy: policy, trueRates: oneBad, keys: 20_000, keysAreAllOrNothing: true))
        }
        return settings
    }

    /// All settings of a plan's policies, each policy once.
    public func rows(of plan: RolloutPlan) -> [Row] {
        var seen: Set<PromotionPolicy> = []
        return plan.audiences.filter { seen.insert($0.promotion).inserted }
            .flatMap { Self.settings(for: $0.promotion, named: $0.name) }.map(row)
    }

    /// A line for each row, columns aligned.
    public static func table(_ rows: [Row]) -> String {
        let head = [
            "setting", "promoted", "rejected", "undecided", "compared", "wrong", "promised", "allowed here", "kept",
        ]
        let body = rows.map { row in
            [
                row.setting.title, "\(row.promoted)", "\(row.rejected)", "\(row.undecided)",
                "\(row.comparisons / max(row.runs, 1))", "\(row.wrong)", "\(row.promised)", "\(Int(row.wrongMax))",
                row.keepsPromise ? "yes" : "NO",
            ]
        }
        let lines = [head] + body
        let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let text = lines.map { line in
            line.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }.joined(separator: "  ")
        }
        return (text + ["", "`compared` is the mean of a run; `allowed here` is the promise plus four standard deviations."])
            .joined(separator: "\n")
    }
}
