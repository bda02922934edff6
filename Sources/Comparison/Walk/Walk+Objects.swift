extension Walk {
    mutating func object(_ p: Int, _ s: Int, _ standing: Standing) {
        if primary.entries[p].isMarked || shadow.entries[s].isMarked { return objectWithDuplicates(p, s, standing) }
        var name = primary.firstInside(p)
        var other = shadow.firstInside(s)
        let end = Int(primary.entries[p].next)
        let otherEnd = Int(shadow.entries[s].next)
        // As long as both have the same names in the same order nothing has to be looked up.
        while name < end, other < otherEnd, primary.isSameName(name, shadow, other) {
            if isOver { return }
            member(name, other, standing)
            name = primary.after(name + 1)
            other = shadow.after(other + 1)
        }
        if name == end, other == otherEnd { return }
        var names = MatchingNames(shadow, from: other, of: s)
        while name < end {
            if isOver { return }
            if let partner = names.take(primary, name) {
                member(name, partner, standing)
            } else {
                loneMember(name, isPrimary: true, standing)
            }
            name = primary.after(name + 1)
        }
        while let added = names.next() {
            if isOver { return }
            loneMember(added, isPrimary: false, standing)
        }
    }

    private mutating func member(_ name: Int, _ other: Int, _ standing: Standing) {
        if areAlike(name + 1, other + 1) || isLeftOut(primary, name) { return }
        let mark = enterMember(name, isPrimary: true)
        if !rules.ignores { value(name + 1, other + 1, standing) }
        leave(mark)
    }

    private mutating func loneMember(_ name: Int, isPrimary: Bool, _ standing: Standing) {
        if isLeftOut(isPrimary ? primary : shadow, name) { return }
        let mark = enterMember(name, isPrimary: isPrimary)
        if !rules.ignores {
            report(isPrimary ? .missing : .added, isPrimary ? name + 1 : nil, isPrimary ? nil : name + 1, self.standing(standing))
        }
        leave(mark)
    }

    /// Of problems only some members at the top count.
    private func isLeftOut(_ document: JSONDocument, _ name: Int) -> Bool {
        guard let membersAtTop, path.isEmpty else { return false }
        return !membersAtTop.contains { wanted in
            wanted.withUnsafeBytes { wanted in
                document.entries[name].isMarked
                    ? document.decoded(name).elementsEqual(wanted) : sameBytes(document.text(name), wanted)
            }
        }
    }

    // MARK: Names that stand twice

    /// A name that stands equally often on both sides, with agreeing values one after the other, means the same to every reader, whichever
    /// of them it takes; in any other case it is a `duplicateKey`.
    private mutating func objectWithDuplicates(_ p: Int, _ s: Int, _ standing: Standing) {
        let names = primary.sortedNames(of: p)
        let others = shadow.sortedNames(of: s)
        var at = 0
        var otherAt = 0
        while at < names.count || otherAt < others.count {
            if isOver { return }
            let order: Int
            if at == names.count {
                order = 1
            } else if otherAt == others.count {
                order = -1
            } else {
                order = primary.nameOrder(Int(names[at]), shadow, Int(others[otherAt]))
            }
            let mine = order <= 0 ? run(of: names, from: at, in: primary) : []
            let theirs = order >= 0 ? run(of: others, from: otherAt, in: shadow) : []
            at += mine.count
            otherAt += theirs.count
            occurrences(mine, theirs, standing)
        }
    }

    private func run(of names: [Int32], from start: Int, in document: JSONDocument) -> ArraySlice<Int32> {
        var end = start + 1
        while end < names.count, document.nameOrder(Int(names[start]), Int(names[end])) == 0 { end += 1 }
        return names[start..<end]
    }

    private mutating func occurrences(_ mine: ArraySlice<Int32>, _ theirs: ArraySlice<Int32>, _ standing: Standing) {
        if mine.count <= 1, theirs.count <= 1 {
            switch (mine.first, theirs.first) {
            case (let name?, let other?): member(Int(name), Int(other), standing)
            case (let name?, nil): loneMember(Int(name), isPrimary: true, standing)
            case (nil, let other?): loneMember(Int(other), isPrimary: false, standing)
            case (nil, nil): break
            }
            return
        }
        let isPrimary = !mine.isEmpty
        guard let name = (isPrimary ? mine : theirs).first, !isLeftOut(isPrimary ? primary : shadow, Int(name)) else { return }
        let mark = enterMember(Int(name), isPrimary: isPrimary)
        if !rules.ignores {
            let here = self.standing(standing)
            if mine.count == theirs.count, zip(mine, theirs).allSatisfy({ agree(Int($0) + 1, Int($1) + 1, here) }) {
                // Only what is forgiven comes of this.
                for (name, other) in zip(mine, theirs) { value(Int(name) + 1, Int(other) + 1, here) }
            } else if probe != .off {
                probe = .failed
            } else {
                list(.duplicateKey, values(mine, in: primary), values(theirs, in: shadow), here)
            }
        }
        leave(mark)
    }

    /// `1, 2`: the values in the order in which they stand.
    private func values(_ names: ArraySlice<Int32>, in document: JSONDocument) -> String? {
        if names.isEmpty { return nil }
        return WireText.shown(names.prefix(16).map { WireText.shown(document.wireText(Int($0) + 1)) }.joined(separator: ", "))
    }

    /// Whether two values agree by the rules at and below the place.
    mutating func agree(_ p: Int, _ s: Int, _ standing: Standing) -> Bool {
        if probesLeft <= 0 { return false }
        probesLeft -= 1
        let before = probe
        probe = .agrees
        value(p, s, standing)
        let agrees = probe == .agrees
        probe = before
        return agrees
    }
}

/// The shadow's names that have not found their partner yet.
private struct MatchingNames {
    private let document: JSONDocument
    private let first: Int
    private let end: Int
    /// Up to 64 names are searched one by one, the taken ones as bits; more are sorted once.
    private var taken: UInt64 = 0
    private var sorted: [Int32] = []
    private var takenSorted: Set<Int32> = []
    private var cursor: Int
    private var cursorPlace = 0

    init(_ document: JSONDocument, from first: Int, of object: Int) {
        self.document = document
        self.first = first
        self.end = Int(document.entries[object].next)
        self.cursor = first
        if document.count(object) > 64 { sorted = document.sortedNames(of: object, from: first) }
    }

    mutating func take(_ other: JSONDocument, _ name: Int) -> Int? {
        if !sorted.isEmpty { return takeSorted(other, name) }
        var candidate = first
        var place = 0
        while candidate < end {
            if taken & (1 << UInt64(place)) == 0, other.isSameName(name, document, candidate) {
                taken |= 1 << UInt64(place)
                return candidate
            }
            candidate = document.after(candidate + 1)
            place += 1
        }
        return nil
    }

    private mutating func takeSorted(_ other: JSONDocument, _ name: Int) -> Int? {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if other.nameOrder(name, document, Int(sorted[middle])) > 0 { low = middle + 1 } else { high = middle }
        }
        guard low < sorted.count, other.nameOrder(name, document, Int(sorted[low])) == 0 else { return nil }
        takenSorted.insert(sorted[low])
        return Int(sorted[low])
    }

    /// The next one that nobody took, as the shadow has them.
    mutating func next() -> Int? {
        while cursor < end {
            let name = cursor
            let place = cursorPlace
            cursor = document.after(cursor + 1)
            cursorPlace += 1
            let isTaken =
                sorted.isEmpty ? taken & (1 << UInt64(place)) != 0 : takenSorted.contains(Int32(truncatingIfNeeded: name))
            if !isTaken { return name }
        }
        return nil
    }
}
