/// The valid rows of a model as a layered graph: which values free parameters may still take, given others, in one sweep.
///
/// Exact: a value is allowed when some full valid row has it together with what is fixed. Parameters that stand in no
/// constraint are not in the graph; all their values are always allowed. One generation owns it: a sweep writes in it.
final class ValidRows {
    let sizes: [Int]
    /// Where each parameter's values start in a list of all values.
    let starts: [Int]
    let valuesCount: Int
    /// Whether there is any valid row.
    let isSatisfiable: Bool
    let isConstrained: [Bool]
    /// For each level its parameter.
    private let order: [Int]
    /// For each node, level by level from the root, an edge for each value of its level's parameter: the next level's node, or
    /// -1. Edges of the last level lead to ``nodesCount``, which stands for true.
    private let edges: UnsafeMutablePointer<Int32>
    private let nodesCount: Int
    /// For each node, where its edges start, and its level.
    private let edgeStarts: UnsafeMutablePointer<Int32>
    private let levels: UnsafeMutablePointer<Int32>
    /// A sweep's own: nodes in the order in which they were reached, and for each node whether true can be reached from it.
    private let queue: UnsafeMutablePointer<Int32>
    private let sweeps: UnsafeMutablePointer<UInt32>
    private let lives: UnsafeMutablePointer<UInt8>
    private var sweep: UInt32 = 0

    init(_ model: CaseModel, deadline: Deadline) throws(CaseDesignError) {
        let sizes = model.parameters.map(\.values.count)
        var starts: [Int] = []
        var total = 0
        for size in sizes {
            starts.append(total)
            total += size
        }
        let predicates = model.constraints.map(\.predicate) + Self.atMostOneNegative(model)
        let order = Self.order(predicates, count: sizes.count)
        var builder = DiagramBuilder(order: order, model: model, deadline: deadline)
        var root = DiagramBuilder.yes
        for predicate in predicates { root = try builder.and(root, try builder.diagram(of: predicate)) }
        let layers = root == DiagramBuilder.no ? DiagramLayers() : DiagramLayers(root, builder, sizes: order.map { sizes[$0] })
        self.sizes = sizes
        self.starts = starts
        self.order = order
        valuesCount = total
        isConstrained = sizes.indices.map(Set(order).contains)
        isSatisfiable = root != DiagramBuilder.no
        nodesCount = layers.levels.count
        edges = Self.copy(layers.edges)
        edgeStarts = Self.copy(layers.edgeStarts)
        levels = Self.copy(layers.levels)
        queue = Self.copy([Int32](repeating: 0, count: nodesCount))
        sweeps = Self.copy([UInt32](repeating: 0, count: nodesCount))
        lives = Self.copy([UInt8](repeating: 0, count: nodesCount))
    }

    deinit {
        edges.deallocate()
        edgeStarts.deallocate()
        levels.deallocate()
        queue.deallocate()
        sweeps.deallocate()
        lives.deallocate()
    }

    private static func copy<Element>(_ list: [Element]) -> UnsafeMutablePointer<Element> {
        let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(list.count, 1))
        copy.initialize(from: list, count: list.count)
        return copy
    }

    /// PICT's rule as predicates: of any two parameters, at most one has a negative value.
    private static func atMostOneNegative(_ model: CaseModel) -> [CasePredicate] {
        let positive = model.parameters.indices.compactMap { index -> CasePredicate? in
            let values = model.parameters[index].values
            return values.contains(where: \.isNegative)
                ? .term(parameter: index, holds: values.map { !$0.isNegative }) : nil
        }
        return positive.indices.flatMap { first in
            positive.indices.dropFirst(first + 1).map { .or(positive[first], positive[$0]) }
        }
    }

    /// Parameters that constraints tie together stand close, so that the diagram stays small.
    private static func order(_ predicates: [CasePredicate], count: Int) -> [Int] {
        let scopes = predicates.map(\.parameters)
        var placed = [Bool](repeating: false, count: count)
        var order: [Int] = []
        while true {
            var best: (score: [Int], parameter: Int)?
            for parameter in 0..<count where !placed[parameter] {
                let mine = scopes.filter { $0.contains(parameter) }
                if mine.isEmpty { continue }
                let closed = mine.count { scope in scope.allSatisfy { placed[$0] || $0 == parameter } }
                let begun = mine.count { scope in scope.contains { placed[$0] } }
                let score = [begun > 0 ? 1 : 0, closed, begun, mine.count]
                if best.map({ $0.score.lexicographicallyPrecedes(score) }) ?? true { best = (score, parameter) }
            }
            guard let best else { return order }
            placed[best.parameter] = true
            order.append(best.parameter)
        }
    }

    /// Sets `allowed` to 1 for each value that some valid row has together with `row`, in which -1 is free, and with nothing
    /// that `permitted` forbids; a fixed parameter keeps only its value. False when there is no such row.
    func allow(_ row: [Int], permitted: [UInt8], into allowed: inout [UInt8]) -> Bool {
        guard isSatisfiable else { return false }
        return permitted.withUnsafeBufferPointer { permitted in
            allowed.withUnsafeMutableBufferPointer { allowed in
                row.withUnsafeBufferPointer { row in
                    for parameter in sizes.indices {
                        let (start, fixed, isOutside) = (starts[parameter], row[parameter], !isConstrained[parameter])
                        var any = false
                        for value in 0..<sizes[parameter] {
                            let mayBe = isOutside && (fixed < 0 || fixed == value) && permitted[start + value] == 1
                            allowed[start + value] = mayBe ? 1 : 0
                            if mayBe { any = true }
                        }
                        if isOutside, !any { return false }
                    }
                    return order.isEmpty || sweep(row, permitted, allowed)
                }
            }
        }
    }

    /// Down from the root to every node that the fixed values reach, then up from true. False when true is not reached.
    private func sweep(
        _ row: UnsafeBufferPointer<Int>, _ permitted: UnsafeBufferPointer<UInt8>, _ allowed: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        sweep &+= 1
        let stamp = sweep
        let end = Int32(nodesCount)
        return order.withUnsafeBufferPointer { order in
            var count = 1
            queue[0] = 0
            var next = 0
            while next < count {
                let node = Int(queue[next])
                next += 1
                let parameter = order[Int(levels[node])]
                let (start, fixed, edge) = (starts[parameter], row[parameter], Int(edgeStarts[node]))
                for value in fixed < 0 ? 0..<sizes[parameter] : fixed..<fixed + 1 where permitted[start + value] == 1 {
                    let child = edges[edge + value]
                    if child < 0 || child == end || sweeps[Int(child)] == stamp { continue }
                    sweeps[Int(child)] = stamp
                    queue[count] = child
                    count += 1
                }
            }
            while next > 0 {
                next -= 1
                let node = Int(queue[next])
                let parameter = order[Int(levels[node])]
                let (start, fixed, edge) = (starts[parameter], row[parameter], Int(edgeStarts[node]))
                var live: UInt8 = 0
                for value in fixed < 0 ? 0..<sizes[parameter] : fixed..<fixed + 1 where permitted[start + value] == 1 {
                    let child = edges[edge + value]
                    if child < 0 || (child != end && lives[Int(child)] == 0) { continue }
                    live = 1
                    allowed[start + value] = 1
                }
                lives[node] = live
            }
            return lives[0] == 1
        }
    }

    /// Whether a full row is valid.
    func contains(_ row: [Int]) -> Bool {
        guard isSatisfiable else { return false }
        var node: Int32 = 0
        for parameter in order {
            node = edges[Int(edgeStarts[Int(node)]) + row[parameter]]
            if node < 0 { return false }
        }
        return true
    }

    /// How many valid rows there are; nil beyond Int's range.
    func count() -> Int? {
        guard isSatisfiable else { return 0 }
        var below = [Int](repeating: 0, count: nodesCount + 1)
        below[nodesCount] = 1
        for node in (0..<nodesCount).reversed() {
            for value in 0..<sizes[order[Int(levels[node])]] {
                let child = edges[Int(edgeStarts[node]) + value]
                if child < 0 { continue }
                let (sum, overflow) = below[node].addingReportingOverflow(below[Int(child)])
                if overflow { return nil }
                below[node] = sum
            }
        }
        var product = below[0]
        for parameter in sizes.indices where !isConstrained[parameter] {
            let (next, overflow) = product.multipliedReportingOverflow(by: sizes[parameter])
            if overflow { return nil }
            product = next
        }
        return product
    }

    /// Values that no valid row has, as parameter and value.
    func impossibleValues() -> [(parameter: Int, value: Int)] {
        let permitted = [UInt8](repeating: 1, count: valuesCount)
        var allowed = permitted
        guard allow(sizes.map { _ in -1 }, permitted: permitted, into: &allowed) else { return [] }
        return sizes.indices.flatMap { parameter in
            (0..<sizes[parameter]).filter { allowed[starts[parameter] + $0] == 0 }.map { (parameter, $0) }
        }
    }
}
