/// Rows that must be in, held against the constraints.
enum SeedRows {
    /// -1 where a seed is free. The error names the first seed that no valid row has.
    static func checked(
        _ model: CaseModel, _ valid: ValidRows, deadline: Deadline
    ) throws(CaseDesignError) -> [[Int]] {
        let permitted = [UInt8](repeating: 1, count: valid.valuesCount)
        var allowed = permitted
        var rows: [[Int]] = []
        for (index, seed) in model.seeds.enumerated() {
            let row = seed.map { $0 ?? -1 }
            guard valid.allow(row, permitted: permitted, into: &allowed) else {
                let broken = model.constraints.first { $0.predicate.truth(row) == false }
                let why =
                    broken.map { "breaks the constraint of line \($0.line): \($0.text)" }
                    ?? "can't be completed to a row that keeps every constraint"
                throw CaseDesignError(.seed, "seed \(index + 1) (\(model.text(seed))) \(why)")
            }
            if !rows.contains(row) { rows.append(row) }
        }
        return rows
    }
}
