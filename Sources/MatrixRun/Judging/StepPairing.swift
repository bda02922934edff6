/// Which answer of a step with several calls belongs to which of the other party's: they were sent at once, so that which call won is
/// chance.
enum StepPairing {
    /// For each call the index of its partner, so that the sum of the costs is least; calls of different operations never pair. Of
    /// equally good pairings the one that keeps the calls' own order most is taken.
    static func best(operations: [String], cost: (Int, Int) -> Int) -> [Int] {
        let count = operations.count
        guard count > 1 else { return Array(0..<count) }
        let costs = (0..<count).map { left in
            (0..<count).map { right in operations[left] == operations[right] ? cost(left, right) : nil }
        }
        return count <= 6 ? exhaustive(costs) : greedy(costs)
    }

    private static func exhaustive(_ costs: [[Int?]]) -> [Int] {
        var best: (cost: Int, pairing: [Int])?
        func extend(_ pairing: [Int], _ cost: Int) {
            if let best, cost >= best.cost { return }
            guard pairing.count < costs.count else {
                best = (cost, pairing)
                return
            }
            let left = pairing.count
            let order = [left] + costs.indices.filter { $0 != left }
            for right in order where !pairing.contains(right) {
                if let added = costs[left][right] { extend(pairing + [right], cost + added) }
            }
        }
        extend([], 0)
        return best?.pairing ?? Array(costs.indices)
    }

    private static func greedy(_ costs: [[Int?]]) -> [Int] {
        var free = Set(costs.indices)
        return costs.indices.map { left in
            let right = free.sorted().min { (costs[left][$0] ?? .max) < (costs[left][$1] ?? .max) } ?? left
            free.remove(right)
            return right
        }
    }
}
