/// Rules compiled for the walk: their paths merged into one tree, so that descending costs one look-up per *active* node (most often
/// none or one), however many rules there are. Only `..` and wildcards make several nodes active at once.
final class RuleTree: Sendable {
    /// Holds numbers only, so that the walk copies it for nothing.
    struct Node: Sendable {
        var members: Range<Int32> = 0..<0
        var indices: Range<Int32> = 0..<0
        var anyMember: Int32 = -1
        var anyElement: Int32 = -1
        /// The node of a `..` that follows: active as soon as this one is.
        var anyDepth: Int32 = -1
        /// A `..` node stays active on every way down.
        var staysActive = false
        var ignores = false
        /// Of the rules whose path ends here.
        var actions: Range<Int32> = 0..<0
    }

    struct MemberEdge: Sendable {
        let hash: UInt32
        let nameStart: Int32
        let nameEnd: Int32
        let child: Int32
    }

    struct IndexEdge: Sendable {
        let index: Int
        let child: Int32
    }

    /// `order` is the rule's place among all rules.
    struct Action: Sendable {
        let order: Int
        let action: RuleAction
    }

    let nodes: [Node]
    let members: [MemberEdge]
    let indices: [IndexEdge]
    let names: [UInt8]
    let actions: [Action]
    let hasIgnores: Bool
    /// Some rule matches the elements of an array by what they hold.
    let matchesElements: Bool

    static let empty = RuleTree([])

    init(_ rules: [Rule]) {
        var growing = [GrowingNode()]
        for (order, rule) in rules.enumerated() {
            var at = 0
            for segment in rule.path.segments { at = Self.child(of: at, segment, in: &growing) }
            growing[at].actions.append(Action(order: order, action: rule.action))
        }
        var nodes: [Node] = []
        var members: [MemberEdge] = []
        var indices: [IndexEdge] = []
        var names: [UInt8] = []
        var actions: [Action] = []
        for node in growing {
            let memberStart = Int32(members.count)
            for (name, child) in node.members {
                let hash = name.withUnsafeBytes { KeyHash.of($0) }
                members.append(
                    MemberEdge(
                        hash: hash, nameStart: Int32(names.count), nameEnd: Int32(names.count + name.count), child: Int32(child)))
                names += name
            }
            let indexStart = Int32(indices.count)
            indices += node.indices.map { IndexEdge(index: $0.index, child: Int32($0.child)) }
            let actionStart = Int32(actions.count)
            actions += node.actions
            nodes.append(
                Node(
                    members: memberStart..<Int32(members.count), indices: indexStart..<Int32(indices.count),
                    anyMember: Int32(node.anyMember), anyElement: Int32(node.anyElement), anyDepth: Int32(node.anyDepth),
                    staysActive: node.staysActive, ignores: node.actions.contains { $0.action == .ignore },
                    actions: actionStart..<Int32(actions.count)))
        }
        self.nodes = nodes
        self.members = members
        self.indices = indices
        self.names = names
        self.actions = actions
        hasIgnores = rules.contains { $0.action == .ignore }
        matchesElements = rules.contains { rule in
            switch rule.action {
            case .asSet, .keyedBy: true
            default: false
            }
        }
    }

    private struct GrowingNode {
        var members: [(name: [UInt8], child: Int)] = []
        var indices: [(index: Int, child: Int)] = []
        var anyMember = -1
        var anyElement = -1
        var anyDepth = -1
        var staysActive = false
        var actions: [Action] = []
    }

    /// The node one segment further, made if there is none.
    private static func child(of parent: Int, _ segment: PathPattern.Segment, in nodes: inout [GrowingNode]) -> Int {
        let new = nodes.count
        let existing: Int
        switch segment {
        case .member(let name):
            existing = nodes[parent].members.first { $0.name == name }?.child ?? -1
            if existing < 0 { nodes[parent].members.append((name, new)) }
        case .index(let index):
            existing = nodes[parent].indices.first { $0.index == index }?.child ?? -1
            if existing < 0 { nodes[parent].indices.append((index, new)) }
        case .anyMember:
            existing = nodes[parent].anyMember
            if existing < 0 { nodes[parent].anyMember = new }
        case .anyElement:
            existing = nodes[parent].anyElement
            if existing < 0 { nodes[parent].anyElement = new }
        case .anyDepth:
            existing = nodes[parent].anyDepth
            if existing < 0 { nodes[parent].anyDepth = new }
        }
        if existing >= 0 { return existing }
        nodes.append(GrowingNode())
        nodes[new].staysActive = segment == .anyDepth
        return new
    }
}
