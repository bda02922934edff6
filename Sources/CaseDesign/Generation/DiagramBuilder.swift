/// Builds the decision diagram of a model's constraints: a reduced graph in which each path from the root to true is a set of
/// valid rows. Equal parts are one node, so that implied consequences need no search afterwards.
struct DiagramBuilder {
    struct Node: Hashable {
        var level: Int32
        var children: [Int32]
    }

    static let no: Int32 = 0
    static let yes: Int32 = 1
    static let nodesMax = 4_000_000

    /// Values at each level.
    let sizes: [Int]
    private(set) var nodes: [Node]
    private var ids: [Node: Int32] = [:]
    private var joined: [UInt64: Int32] = [:]
    private var negated: [Int32: Int32] = [:]
    private let levels: [Int: Int]
    private let deadline: Deadline
    private var ticks = 0

    /// `order` is the parameter at each level.
    init(order: [Int], model: CaseModel, deadline: Deadline) {
        sizes = order.map { model.parameters[$0].values.count }
        levels = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
        let end = Int32(order.count)
        nodes = [Node(level: end, children: []), Node(level: end, children: [])]
        self.deadline = deadline
    }

    mutating func diagram(of predicate: CasePredicate) throws(CaseDesignError) -> Int32 {
        switch predicate {
        case .term(let parameter, let holds):
            return try node(levels[parameter, default: 0], holds.map { $0 ? Self.yes : Self.no })
        case .pair(let first, let second, let secondCount, let holds):
            return try pair(levels[first, default: 0], levels[second, default: 0], secondCount, holds)
        case .not(let inner):
            return try not(try diagram(of: inner))
        case .and(let left, let right):
            return try and(try diagram(of: left), try diagram(of: right))
        case .or(let left, let right):
            let neither = try and(try not(try diagram(of: left)), try not(try diagram(of: right)))
            return try not(neither)
        }
    }

    private mutating func pair(
        _ first: Int, _ second: Int, _ secondCount: Int, _ holds: [Bool]
    ) throws(CaseDesignError) -> Int32 {
        let (upper, lower) = (min(first, second), max(first, second))
        var children: [Int32] = []
        for above in 0..<sizes[upper] {
            let row = (0..<sizes[lower]).map { below in
                holds[first < second ? above * secondCount + below : below * secondCount + above] ? Self.yes : Self.no
            }
            children.append(try node(lower, row))
        }
        return try node(upper, children)
    }

    mutating func node(_ level: Int, _ children: [Int32]) throws(CaseDesignError) -> Int32 {
        if let first = children.first, children.allSatisfy({ $0 == first }) { return first }
        let node = Node(level: Int32(level), children: children)
        if let id = ids[node] { return id }
        let id = Int32(nodes.count)
        guard nodes.count < Self.nodesMax else {
            throw CaseDesignError(
                .tooLarge, "the constraints are too entangled: more than \(Self.nodesMax) states; split the model")
        }
        nodes.append(node)
        ids[node] = id
        ticks += 1
        if ticks % 4_096 == 0 { try deadline.check("working out what the constraints allow") }
        return id
    }

    mutating func and(_ left: Int32, _ right: Int32) throws(CaseDesignError) -> Int32 {
        if left == Self.no || right == Self.no { return Self.no }
        if left == Self.yes || left == right { return right }
        if right == Self.yes { return left }
        let key = UInt64(UInt32(min(left, right))) << 32 | UInt64(UInt32(max(left, right)))
        if let known = joined[key] { return known }
        let (first, second) = (nodes[Int(left)], nodes[Int(right)])
        let level = min(first.level, second.level)
        var children: [Int32] = []
        for value in 0..<sizes[Int(level)] {
            let one = first.level == level ? first.children[value] : left
            let other = second.level == level ? second.children[value] : right
            children.append(try and(one, other))
        }
        let result = try node(Int(level), children)
        joined[key] = result
        return result
    }

    mutating func not(_ id: Int32) throws(CaseDesignError) -> Int32 {
        if id <= Self.yes { return 1 - id }
        if let known = negated[id] { return known }
        let original = nodes[Int(id)]
        var children: [Int32] = []
        for child in original.children { children.append(try not(child)) }
        let result = try node(Int(original.level), children)
        negated[id] = result
        negated[result] = id
        return result
    }
}
