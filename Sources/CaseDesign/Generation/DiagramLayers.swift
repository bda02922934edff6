/// A reduced diagram laid out in layers: each edge goes to the next level.
struct DiagramLayers {
    private(set) var edges: [Int32] = []
    private(set) var edgeStarts: [Int32] = []
    private(set) var levels: [Int32] = []

    /// No node: nothing is valid.
    init() {}

    /// `sizes` are the values at each level.
    init(_ root: Int32, _ builder: DiagramBuilder, sizes: [Int]) {
        var current: [Int32] = sizes.isEmpty ? [] : [root]
        for level in sizes.indices {
            var next: [Int32] = []
            var places: [Int32: Int32] = [:]
            let firstOfNext = levels.count + current.count
            for id in current {
                edgeStarts.append(Int32(edges.count))
                levels.append(Int32(level))
                let node = builder.nodes[Int(id)]
                for value in 0..<sizes[level] {
                    let child = node.level == Int32(level) ? node.children[value] : id
                    if child == DiagramBuilder.no {
                        edges.append(-1)
                    } else if let place = places[child] {
                        edges.append(place)
                    } else {
                        let place = Int32(firstOfNext + next.count)
                        places[child] = place
                        edges.append(place)
                        next.append(child)
                    }
                }
            }
            current = next
        }
    }
}
