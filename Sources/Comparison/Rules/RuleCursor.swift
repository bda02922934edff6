/// Where a walk stands in a ``RuleTree``: the nodes active at the place, kept as one stack of frames, a frame for each level down.
struct RuleCursor {
    private var tree = RuleTree.empty
    private var active: [Int32] = []
    private var frameStart = 0
    /// Some rule's path ends at the place.
    private(set) var hasActions = false
    /// An `ignore` rule's path ends at the place.
    private(set) var ignores = false

    /// What to restore when the walk comes back up.
    struct Mark {
        fileprivate let frameStart: Int
        fileprivate let hasActions: Bool
        fileprivate let ignores: Bool
    }

    /// Stands at the root of `tree`; the memory is kept from one walk to the next.
    mutating func begin(_ tree: RuleTree) {
        self.tree = tree
        active.removeAll(keepingCapacity: true)
        frameStart = 0
        hasActions = false
        ignores = false
        // A tree without rules has only an inert root: nothing to follow.
        if !tree.actions.isEmpty { activate(0) }
    }

    @inline(__always)
    mutating func enterMember(_ document: JSONDocument, _ name: Int) -> Mark {
        let mark = down()
        if mark.frameStart < frameStart { followMember(document, name, from: mark.frameStart) }
        return mark
    }

    @inline(__always)
    mutating func enterElement(_ index: Int) -> Mark {
        let mark = down()
        if mark.frameStart < frameStart { followElement(index, from: mark.frameStart) }
        return mark
    }

    @inline(__always)
    mutating func leave(_ mark: Mark) {
        while active.count > frameStart { active.removeLast() }
        frameStart = mark.frameStart
        hasActions = mark.hasActions
        ignores = mark.ignores
    }

    /// Of the rules that end at the place and that `select` takes, the one declared last.
    func last(where select: (RuleAction) -> Bool) -> RuleAction? {
        guard hasActions else { return nil }
        var found: RuleTree.Action?
        for position in frameStart..<active.count {
            for index in tree.nodes[Int(active[position])].actions {
                let candidate = tree.actions[Int(index)]
                if candidate.order >= found?.order ?? 0, select(candidate.action) { found = candidate }
            }
        }
        return found?.action
    }

    @inline(__always)
    private mutating func down() -> Mark {
        let mark = Mark(frameStart: frameStart, hasActions: hasActions, ignores: ignores)
        frameStart = active.count
        hasActions = false
        ignores = false
        return mark
    }

    private mutating func followMember(_ document: JSONDocument, _ name: Int, from start: Int) {
        let hash = document.entries[name].count
        for position in start..<frameStart {
            let parent = active[position]
            let node = tree.nodes[Int(parent)]
            if node.staysActive { activate(parent) }
            if node.anyMember >= 0 { activate(node.anyMember) }
            for index in node.members {
                let edge = tree.members[Int(index)]
                if edge.hash == hash, isName(edge, document, name) {
                    activate(edge.child)
                    break
                }
            }
        }
    }

    private func isName(_ edge: RuleTree.MemberEdge, _ document: JSONDocument, _ name: Int) -> Bool {
        tree.names.withUnsafeBytes { names in
            let wanted = UnsafeRawBufferPointer(rebasing: names[Int(edge.nameStart)..<Int(edge.nameEnd)])
            if !document.entries[name].isMarked { return sameBytes(wanted, document.text(name)) }
            return document.decoded(name).withUnsafeBytes { sameBytes(wanted, $0) }
        }
    }

    private mutating func followElement(_ index: Int, from start: Int) {
        for position in start..<frameStart {
            let parent = active[position]
            let node = tree.nodes[Int(parent)]
            if node.staysActive { activate(parent) }
            if node.anyElement >= 0 { activate(node.anyElement) }
            for edge in node.indices where tree.indices[Int(edge)].index == index { activate(tree.indices[Int(edge)].child) }
        }
    }

    private mutating func activate(_ node: Int32) {
        for position in frameStart..<active.count where active[position] == node { return }
        active.append(node)
        let reached = tree.nodes[Int(node)]
        if !reached.actions.isEmpty { hasActions = true }
        if reached.ignores { ignores = true }
        if reached.anyDepth >= 0 { activate(reached.anyDepth) }
    }
}
