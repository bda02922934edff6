/// All valid rows, seeds first, then in the model's order.
enum EveryRow {
    static func rows(
        of model: CaseModel, _ valid: ValidRows, seeds: [[Int]], deadline: Deadline
    ) throws(CaseDesignError) -> [CaseRow] {
        guard let count = valid.count(), count <= CaseGenerator.rowsMax else {
            throw CaseDesignError(
                .tooLarge,
                "the model has \(valid.count().map(String.init) ?? "more than 2⁶³") valid rows, and \(CaseGenerator.rowsMax) are the most: "
                    + "choose a strength from 1 to \(CaseStrength.waysMax)")
        }
        var rows: [CaseRow] = []
        rows.reserveCapacity(count)
        for seed in seeds where !seed.contains(-1) { rows.append(CaseRow(seed)) }
        let first = Set(rows)
        var row = [Int](repeating: -1, count: valid.sizes.count)
        let permitted = [UInt8](repeating: 1, count: valid.valuesCount)
        func extend(_ parameter: Int) throws(CaseDesignError) {
            if rows.count % 4_096 == 0 { try deadline.check("listing every valid row") }
            var allowed = permitted
            guard valid.allow(row, permitted: permitted, into: &allowed) else { return }
            for value in 0..<valid.sizes[parameter] where allowed[valid.starts[parameter] + value] == 1 {
                row[parameter] = value
                if parameter + 1 < row.count {
                    try extend(parameter + 1)
                } else if !first.contains(CaseRow(row)) {
                    rows.append(CaseRow(row))
                }
            }
            row[parameter] = -1
        }
        try extend(0)
        return rows
    }
}
