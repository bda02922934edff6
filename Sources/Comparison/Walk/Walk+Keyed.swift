// Arrays whose elements belong together by a member.
extension Walk {
    /// Pairs elements of equal keys. Of elements with the same key the first belongs to the first, and so on; when one side has more
    /// of them than the other, that is a `duplicateKey` at the key. Elements without a key (not an object, no such member, or not
    /// a plain value in it) are paired among themselves in their order.
    mutating func keyed(_ p: Int, _ s: Int, by member: [UInt8], _ standing: Standing) {
        let mine = elements(of: p, in: primary)
        let theirs = elements(of: s, in: shadow)
        let myKeys = mine.map { key(of: $0, member, in: primary) }
        let theirKeys = theirs.map { key(of: $0, member, in: shadow) }
        let myOrder = ordered(myKeys, in: primary)
        let theirOrder = ordered(theirKeys, in: shadow)

        var partners = [Int](repeating: -1, count: mine.count)
        var isTaken = [Bool](repeating: false, count: theirs.count)
        var overfull: [(row: Int?, column: Int?)] = []
        var at = 0
        var otherAt = 0
        while at < myOrder.count, otherAt < theirOrder.count {
            let first = myKeys[myOrder[at]]
            let order = keyOrder(first, primary, theirKeys[theirOrder[otherAt]], shadow)
            if order < 0 { at += 1 } else if order > 0 { otherAt += 1 }
            if order != 0 { continue }
            let end = at + run(myOrder[at...], myKeys, primary, equalTo: first, primary)
            let otherEnd = otherAt + run(theirOrder[otherAt...], theirKeys, shadow, equalTo: first, primary)
            if first != nil, end - at != otherEnd - otherAt { overfull.append((myOrder[at], theirOrder[otherAt])) }
            for (row, column) in zip(myOrder[at..<end], theirOrder[otherAt..<otherEnd]) {
                partners[row] = column
                isTaken[column] = true
            }
            at = end
            otherAt = otherEnd
        }

        for pair in overfull { reportDuplicate(pair.row, pair.column, myKeys, theirKeys, standing) }
        for row in mine.indices {
            if isOver { return }
            if partners[row] >= 0 {
                element(row, mine[row], theirs[partners[row]], standing)
            } else {
                lone(row, element: mine[row], isPrimary: true, standing)
            }
        }
        for column in theirs.indices where !isTaken[column] {
            if isOver { return }
            lone(column, element: theirs[column], isPrimary: false, standing)
        }
    }

    private mutating func reportDuplicate(_ row: Int?, _ column: Int?, _ mine: [Int?], _ theirs: [Int?], _ standing: Standing) {
        guard let row, let column, let key = mine[row], let other = theirs[column] else { return }
        let mark = enterElement(row)
        let inner = enterMember(key - 1, isPrimary: true)
        if !rules.ignores { report(.duplicateKey, key, other, self.standing(standing)) }
        leave(inner)
        leave(mark)
    }

    /// The entry of the key's value; nil when the element has none.
    private func key(of element: Int, _ member: [UInt8], in document: JSONDocument) -> Int? {
        guard document.entries[element].kind == .object else { return nil }
        var name = document.firstInside(element)
        for _ in 0..<document.count(element) {
            if document.decoded(name) == member { return document.entries[name + 1].isContainer ? nil : name + 1 }
            name = document.after(name + 1)
        }
        return nil
    }

    private func ordered(_ keys: [Int?], in document: JSONDocument) -> [Int] {
        keys.indices.sorted {
            let order = keyOrder(keys[$0], document, keys[$1], document)
            return order != 0 ? order < 0 : $0 < $1
        }
    }

    private func run(
        _ order: ArraySlice<Int>, _ keys: [Int?], _ document: JSONDocument, equalTo key: Int?, _ keyDocument: JSONDocument
    ) -> Int {
        order.prefix { keyOrder(keys[$0], document, key, keyDocument) == 0 }.count
    }

    /// A total order: no key first, then by type, then by value (`1` and `1.0` are one key).
    private func keyOrder(_ left: Int?, _ leftDocument: JSONDocument, _ right: Int?, _ rightDocument: JSONDocument) -> Int {
        guard let left else { return right == nil ? 0 : -1 }
        guard let right else { return 1 }
        let kind = leftDocument.entries[left].kind
        let otherKind = rightDocument.entries[right].kind
        if kind != otherKind { return kind.rawValue < otherKind.rawValue ? -1 : 1 }
        switch kind {
        case .string:
            return leftDocument.textOrder(left, rightDocument, right)
        case .number:
            guard let number = DecimalText(leftDocument.text(left)), let other = DecimalText(rightDocument.text(right)) else {
                return 0
            }
            return DecimalText.order(number, other)
        default:
            return 0
        }
    }
}
