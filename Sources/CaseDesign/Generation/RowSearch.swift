/// Finds rows that cover the most of what is uncovered: a row starts from an uncovered combination, takes for each further
/// parameter the value with the largest gain among those that leave a valid row, and is then bettered value by value.
/// Of several such candidates the best is kept.
struct RowSearch {
    let table: TupleTable
    let rows: ValidRows
    /// 1 for each value that may be used at all.
    let permitted: [UInt8]
    let weights: [[Int]]
    let candidates: Int
    var chance: SplitMix64
    /// Entries read so far: how much was done, on any machine alike.
    private(set) var work = 0
    /// What a call costs beside its entries, in entries.
    private static let callWork = 25
    private var allowed: [UInt8]
    private var gains: [Int]

    init(table: TupleTable, rows: ValidRows, permitted: [UInt8], weights: [[Int]], candidates: Int, chance: SplitMix64) {
        self.table = table
        self.rows = rows
        self.permitted = permitted
        self.weights = weights
        self.candidates = candidates
        self.chance = chance
        allowed = [UInt8](repeating: 0, count: rows.valuesCount)
        gains = [Int](repeating: 0, count: rows.sizes.max() ?? 0)
    }

    /// The best of the candidates; something must be uncovered.
    mutating func next() -> [Int] {
        var best: (gain: Int, row: [Int])?
        for _ in 0..<candidates {
            var row = [Int](repeating: -1, count: rows.sizes.count)
            table.placeUncovered(of: fullestGroup(), into: &row, &chance)
            guard complete(&row) else { continue }
            let gain = better(&row)
            if best.map({ $0.gain < gain }) ?? true { best = (gain, row) }
        }
        return best?.row ?? []
    }

    /// The group with most uncovered combinations; chance decides among equals.
    private mutating func fullestGroup() -> Int {
        var most = 0
        var equals = 0
        var chosen = 0
        for (group, count) in table.remaining.enumerated() where count >= most && count > 0 {
            equals = count == most ? equals + 1 : 1
            if count > most || chance.next(below: equals) == 0 { chosen = group }
            most = count
        }
        return chosen
    }

    /// Fills what is free in a row. False when no valid row has its fixed values.
    mutating func complete(_ row: inout [Int]) -> Bool {
        guard rows.allow(row, permitted: permitted, into: &allowed) else { return false }
        var fixed = row.indices.filter { row[$0] >= 0 }
        var free = row.indices.filter { row[$0] < 0 }
        chance.shuffle(&free)
        for parameter in free {
            gain(of: parameter, beside: fixed, in: row)
            let choices = choose(parameter, &row)
            fixed.insert(parameter, at: fixed.firstIndex { $0 > parameter } ?? fixed.count)
            // What was the only choice, or stands in no constraint, takes nothing from the others.
            if choices == 1 || !rows.isConstrained[parameter] { continue }
            guard rows.allow(row, permitted: permitted, into: &allowed) else { return false }
        }
        return true
    }

    /// Takes the allowed value with the largest gain; among equals, chance by weight. Gives how many were allowed.
    private mutating func choose(_ parameter: Int, _ row: inout [Int]) -> Int {
        let start = rows.starts[parameter]
        var most = -1
        var total = 0
        var choices = 0
        for value in 0..<rows.sizes[parameter] where allowed[start + value] == 1 {
            choices += 1
            if gains[value] < most { continue }
            let weight = weights[parameter][value]
            total = gains[value] == most ? total + weight : weight
            if gains[value] > most || chance.next(below: total) < weight { row[parameter] = value }
            most = gains[value]
        }
        return choices
    }

    /// Changes one value at a time while that gains; gives the row's gain.
    private mutating func better(_ row: inout [Int]) -> Int {
        var others = Array(row.indices)
        var order = others
        chance.shuffle(&order)
        var unchanged = 0
        var step = 0
        while unchanged < order.count, step < order.count * 8 {
            let parameter = order[step % order.count]
            step += 1
            unchanged += 1
            others.remove(at: parameter)
            gain(of: parameter, beside: others, in: row)
            others.insert(parameter, at: parameter)
            let old = row[parameter]
            var most = gains[old]
            var chosen = old
            for value in 0..<rows.sizes[parameter] where gains[value] > most && permitted[rows.starts[parameter] + value] == 1 {
                row[parameter] = value
                if rows.contains(row) {
                    most = gains[value]
                    chosen = value
                }
            }
            row[parameter] = chosen
            if chosen != old { unchanged = 0 }
        }
        return gain(of: row)
    }

    private mutating func gain(of row: [Int]) -> Int {
        var sum = 0
        for parameter in row.indices where parameter >= table.ways - 1 {
            gain(of: parameter, beside: Array(0..<parameter), in: row)
            sum += gains[row[parameter]]
        }
        return sum
    }

    private mutating func gain(of parameter: Int, beside fixed: [Int], in row: [Int]) {
        work += table.entries(beside: fixed.count) + Self.callWork
        table.gains(of: parameter, beside: fixed[...], in: row, into: &gains)
    }
}
