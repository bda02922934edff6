/// Counts what rows cover, by an algorithm of its own: each combination of `strength` values is listed, and where no row has it,
/// a search over the constraints decides whether some valid row would.
public enum CoverageChecker {
    public static func check(
        _ rows: [CaseRow], of model: CaseModel, strength: CaseStrength, missingMax: Int = 100, within: Duration = .seconds(300)
    ) throws(CaseDesignError) -> CoverageReport {
        try ModelCheck.check(model)
        var report = CoverageReport(valid: 0, covered: 0, missing: [], invalidRows: [], invalidCount: 0)
        var sound: [[Int]] = []
        for (index, row) in rows.enumerated() {
            guard let why = model.violation(by: row) else {
                sound.append(row.values)
                continue
            }
            report.invalidCount += 1
            if report.invalidRows.count < missingMax { report.invalidRows.append(.init(index: index, why: why)) }
        }
        var search = TreeSearch(model, within: within)
        switch strength {
        case .ways(let ways) where ways < model.parameters.count:
            try count(sound, model, max(ways, 1), missingMax, &search, &report)
        default:
            let present = Set(sound)
            var found = report
            try search.forEachRow { row in
                found.valid += 1
                if present.contains(row) {
                    found.covered += 1
                } else if found.missing.count < missingMax {
                    found.missing.append(.init(parameters: Array(row.indices), values: row))
                }
            }
            report = found
        }
        return report
    }

    private enum Sight: UInt8 {
        case none
        /// Only beside a negative value.
        case masked
        case clear
    }

    private static func count(
        _ rows: [[Int]], _ model: CaseModel, _ ways: Int, _ missingMax: Int, _ search: inout TreeSearch,
        _ report: inout CoverageReport
    ) throws(CaseDesignError) {
        let sizes = model.parameters.map(\.values.count)
        let isNegative = model.parameters.map { $0.values.map(\.isNegative) }
        let masks = rows.map { row in row.indices.contains { isNegative[$0][row[$0]] } }
        var chosen = Array(0..<ways)
        repeat {
            try search.checkTime()
            let total = chosen.reduce(1) { $0 * sizes[$1] }
            var seen = [UInt8](repeating: 0, count: total)
            for (row, mask) in zip(rows, masks) {
                let place = chosen.reduce(0) { $0 * sizes[$1] + row[$1] }
                let own = mask && !chosen.contains { isNegative[$0][row[$0]] }
                seen[place] = max(seen[place], own ? Sight.masked.rawValue : Sight.clear.rawValue)
            }
            for place in 0..<total {
                if seen[place] == Sight.clear.rawValue {
                    report.valid += 1
                    report.covered += 1
                    continue
                }
                var row = [Int](repeating: -1, count: sizes.count)
                var rest = place
                for parameter in chosen.reversed() {
                    row[parameter] = rest % sizes[parameter]
                    rest /= sizes[parameter]
                }
                if seen[place] == Sight.masked.rawValue, try !search.extends(row, clean: true) {
                    report.valid += 1
                    report.covered += 1
                    continue
                }
                let isValid = seen[place] == Sight.masked.rawValue ? true : try search.extends(row, clean: false)
                if isValid {
                    report.valid += 1
                    if report.missing.count < missingMax {
                        report.missing.append(.init(parameters: chosen, values: chosen.map { row[$0] }))
                    }
                }
            }
        } while advance(&chosen, below: sizes.count)
    }

    /// The next ascending list; false after the last.
    private static func advance(_ chosen: inout [Int], below count: Int) -> Bool {
        var place = chosen.count - 1
        while place >= 0, chosen[place] == count - chosen.count + place { place -= 1 }
        if place < 0 { return false }
        chosen[place] += 1
        for next in place + 1..<max(chosen.count, place + 1) { chosen[next] = chosen[next - 1] + 1 }
        return true
    }
}
