/// A covering array under constraints: rows are added greedily until nothing is uncovered, then rows that others make
/// needless are taken out.
///
/// Rows without negative values come first and cover what they can (a negative value would mask what stands beside it);
/// rows with one negative value cover the rest.
struct CoveringRows {
    private let model: CaseModel
    private let valid: ValidRows
    private let table: TupleTable
    private let deadline: Deadline
    private var chance: SplitMix64
    private var rows: [[Int]] = []
    private var pendingSeeds: [[Int]]

    static func rows(
        of model: CaseModel, _ valid: ValidRows, ways: Int, seeds: [[Int]], seed: UInt64, deadline: Deadline
    ) throws(CaseDesignError) -> [CaseRow] {
        let table = try TupleTable(sizes: valid.sizes, ways: ways)
        var covering = CoveringRows(
            model: model, valid: valid, table: table, deadline: deadline, chance: SplitMix64(seed: seed), pendingSeeds: seeds)
        return try covering.run().map(CaseRow.init)
    }

    private mutating func run() throws(CaseDesignError) -> [[Int]] {
        let all = [UInt8](repeating: 1, count: valid.valuesCount)
        let positive = model.parameters.flatMap { $0.values.map { UInt8($0.isNegative ? 0 : 1) } }
        if positive == all {
            try require(all)
            try cover(permitted: all)
            return rows
        }
        try require(positive)
        let clean = table.snapshot()
        try cover(permitted: positive)
        table.restore(clean.map { _ in 0 })
        try require(all)
        table.restore(zip(table.snapshot(), clean).map { $0 & ~$1 })
        try cover(permitted: all)
        return rows
    }

    /// Marks each combination that a valid row of permitted values has.
    private func require(_ permitted: [UInt8]) throws(CaseDesignError) {
        var row = [Int](repeating: -1, count: valid.sizes.count)
        var chosen: [Int] = []
        var steps = 0
        func extend(_ from: Int) throws(CaseDesignError) {
            steps += 1
            if steps % 1_024 == 0 { try deadline.check("finding the valid combinations") }
            var allowed = permitted
            guard valid.allow(row, permitted: permitted, into: &allowed) else { return }
            if chosen.count == table.ways - 1 { return table.require(chosen, in: row, allowed: allowed, starts: valid.starts) }
            for parameter in from..<max(row.count, from) {
                chosen.append(parameter)
                for value in 0..<valid.sizes[parameter] where allowed[valid.starts[parameter] + value] == 1 {
                    row[parameter] = value
                    try extend(parameter + 1)
                }
                row[parameter] = -1
                chosen.removeLast()
            }
        }
        try extend(0)
        table.finishRequiring()
    }

    /// Several attempts, as many as a fixed amount of work allows; the smallest result is kept.
    private mutating func cover(permitted: [UInt8]) throws(CaseDesignError) {
        let required = table.snapshot()
        let seeds = seeded(permitted)
        pendingSeeds = seeds.later
        var search = RowSearch(
            table: table, rows: valid, permitted: permitted, weights: model.parameters.map { $0.values.map(\.weight) },
            candidates: candidates, chance: chance)
        var best: [[Int]]?
        var attempts = 0
        repeat {
            if attempts > 0 { table.restore(required) }
            let found = thin(try attempt(&search, seeds.now), required: required, seeded: seeds.now.count)
            if best.map({ found.count < $0.count }) ?? true { best = found }
            attempts += 1
        } while attempts < Self.attemptsMax && search.work / attempts * (attempts + 1) <= Self.workMax
        chance = search.chance
        rows += best ?? []
    }

    private static let candidatesMax = 10
    private static let attemptsMax = 20
    /// In entries of the table that are read, some 10 ns each: for all attempts, and for the candidates of one.
    private static let workMax = 10_000_000
    private static let attemptWorkMax = 1_000_000_000
    /// Beyond so many words of the table, counting who covers what takes more room than it saves rows.
    private static let thinnedMax = 8_000_000

    /// Fewer where a model is so large that ten would take long: rows are about the product of the largest sizes and half more,
    /// and a candidate reads the table about four times.
    private var candidates: Int {
        let rows = valid.sizes.sorted().suffix(table.ways).reduce(1) { min($0 * $1, Self.attemptWorkMax) } * 3 / 2
        let reads = 4 * valid.sizes.count * table.entries(beside: valid.sizes.count - 1)
        return max(1, min(Self.candidatesMax, Self.attemptWorkMax / max(rows, 1) / max(reads, 1)))
    }

    /// Seeds that the values permitted allow, and those for later.
    private func seeded(_ permitted: [UInt8]) -> (now: [[Int]], later: [[Int]]) {
        var allowed = permitted
        var (now, later): ([[Int]], [[Int]]) = ([], [])
        for seed in pendingSeeds {
            if valid.allow(seed, permitted: permitted, into: &allowed) { now.append(seed) } else { later.append(seed) }
        }
        return (now, later)
    }

    private func attempt(_ search: inout RowSearch, _ seeds: [[Int]]) throws(CaseDesignError) -> [[Int]] {
        var rows: [[Int]] = []
        for var row in seeds {
            if rows.contains(where: { old in zip(old, row).allSatisfy { $1 < 0 || $0 == $1 } }) { continue }
            guard search.complete(&row) else { continue }
            _ = table.cover(row)
            rows.append(row)
        }
        while table.uncovered > 0 {
            try deadline.check("making rows")
            let row = search.next()
            _ = table.cover(row)
            rows.append(row)
        }
        return rows
    }

    /// Without the rows, the newest first, whose every combination other rows have too. The first `seeded` stay.
    private func thin(_ rows: [[Int]], required: [TupleTable.Word], seeded: Int) -> [[Int]] {
        if required.count > Self.thinnedMax { return rows }
        var rows = rows
        var counts = [UInt8](repeating: 0, count: required.count * TupleTable.Word.bitWidth)
        for row in rows {
            table.forEachRequired(in: row, isRequired: required) { counts[$0] = counts[$0] == 255 ? 255 : counts[$0] + 1 }
        }
        for index in (min(seeded, rows.count)..<rows.count).reversed() {
            var isNeeded = false
            table.forEachRequired(in: rows[index], isRequired: required) { if counts[$0] < 2 { isNeeded = true } }
            if isNeeded { continue }
            table.forEachRequired(in: rows[index], isRequired: required) { if counts[$0] < 255 { counts[$0] -= 1 } }
            rows.remove(at: index)
        }
        return rows
    }
}
