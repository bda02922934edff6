/// Shows at little cost that two bodies say the same: the usual case is the same bytes but for a few ignored values (an id, an
/// instant).
///
/// The primary's document is scanned; the shadow's is only held against its bytes. Where they part, the primary's value at that
/// place must be a scalar that a rule ignores, and the shadow must have one JSON scalar there; behind both the comparison goes on.
/// So the shadow's document is the primary's with some scalars replaced: as sound as that one, and equal by the rules. Anything
/// else proves nothing, and the full walk decides.
struct Lockstep: ~Copyable {
    private var rules = RuleCursor()

    /// True when the documents agree by the rules; false when that must be found out by the walk.
    ///
    /// - Parameters:
    ///   - tape: the primary's, filled.
    mutating func agree(
        _ primary: UnsafeRawBufferPointer, _ tape: borrowing JSONTape, _ shadow: UnsafeRawBufferPointer, _ tree: RuleTree
    ) -> Bool {
        // Rules that match elements by what they hold, and names that stand twice, are the walk's business.
        guard tree.hasIgnores, !tree.matchesElements, !tape.hasDuplicates, let base = primary.baseAddress else { return false }
        let document = JSONDocument(bytes: base, entries: UnsafePointer(tape.entries))
        var at = 0
        var shadowAt = 0
        var entry = 0
        // Behind the last replaced value: from here to where they part the bytes are the same.
        var sameSince = 0
        while true {
            let same = commonLength(primary, at, shadow, shadowAt)
            at += same
            shadowAt += same
            if at == primary.count, shadowAt == shadow.count { return true }
            while entry + 1 < tape.count, document.wireStart(entry + 1) <= at { entry += 1 }
            guard !document.entries[entry].isContainer else { return false }
            let start = document.wireStart(entry)
            let end = document.wireEnd(entry)
            // A number goes on where the shadow has a digit more.
            guard start >= sameSince, start <= at, at < end || (at == end && document.entries[entry].kind == .number) else {
                return false
            }
            guard isIgnored(document, entry, tree) else { return false }
            let shadowStart = shadowAt - (at - start)
            guard let shadowEnd = JSONScanner.endOfScalar(shadow, from: shadowStart) else { return false }
            at = end
            sameSince = end
            shadowAt = shadowEnd
        }
    }

    /// Whether the value at that entry, or one around it, is ignored. A member's name never is.
    private mutating func isIgnored(_ document: JSONDocument, _ wanted: Int, _ tree: RuleTree) -> Bool {
        rules.begin(tree)
        if rules.ignores { return true }
        var container = 0
        while document.entries[container].isContainer {
            let isObject = document.entries[container].kind == .object
            let end = Int(document.entries[container].next)
            var next = document.firstInside(container)
            var index = 0
            while next < end {
                if isObject, next == wanted { return false }
                let value = isObject ? next + 1 : next
                let after = document.after(value)
                if wanted < after {
                    _ = isObject ? rules.enterMember(document, next) : rules.enterElement(index)
                    if rules.ignores { return true }
                    container = value
                    break
                }
                next = after
                index += 1
            }
            if next >= end || container == wanted { return false }
        }
        return false
    }

    /// How many bytes are the same from the two places on.
    private func commonLength(_ left: UnsafeRawBufferPointer, _ at: Int, _ right: UnsafeRawBufferPointer, _ otherAt: Int) -> Int {
        let most = min(left.count - at, right.count - otherAt)
        var length = 0
        while length + 8 <= most {
            let word = left.loadUnaligned(fromByteOffset: at + length, as: UInt64.self).littleEndian
            let other = right.loadUnaligned(fromByteOffset: otherAt + length, as: UInt64.self).littleEndian
            if word != other { return length + (word ^ other).trailingZeroBitCount / 8 }
            length += 8
        }
        while length < most, left[at + length] == right[otherAt + length] { length += 1 }
        return length
    }
}
