/// A scanned document for reading: its bytes and its tape, both borrowed from whoever scanned it.
struct JSONDocument {
    let bytes: UnsafeRawPointer
    let entries: UnsafePointer<TapeEntry>

    /// The document `null`, for where no document is at hand.
    static var none: JSONDocument { NoDocument.document }

    /// The first name or element of a container that is not empty.
    @inline(__always)
    func firstInside(_ container: Int) -> Int { container + 1 }

    /// The entry that follows a value and everything inside it.
    @inline(__always)
    func after(_ value: Int) -> Int { entries[value].isContainer ? Int(entries[value].next) : value + 1 }

    @inline(__always)
    func count(_ container: Int) -> Int { Int(entries[container].count) }

    /// The text as the tape has it: of strings what stands between the quotes.
    @inline(__always)
    func text(_ index: Int) -> UnsafeRawBufferPointer {
        let entry = entries[index]
        return UnsafeRawBufferPointer(start: bytes + Int(entry.start), count: Int(entry.end - entry.start))
    }

    /// Where the value begins on the wire, its quote included.
    @inline(__always)
    func wireStart(_ index: Int) -> Int { Int(entries[index].start) - (entries[index].kind == .string ? 1 : 0) }

    /// The byte after the value on the wire.
    @inline(__always)
    func wireEnd(_ index: Int) -> Int { Int(entries[index].end) + (entries[index].kind == .string ? 1 : 0) }

    /// The text as it stands on the wire, quotes included.
    func wireText(_ index: Int) -> UnsafeRawBufferPointer {
        let entry = entries[index]
        let quote = entry.kind == .string ? 1 : 0
        return UnsafeRawBufferPointer(start: bytes + Int(entry.start) - quote, count: Int(entry.end - entry.start) + 2 * quote)
    }

    /// The decoded bytes of a string or name.
    func decoded(_ index: Int) -> [UInt8] {
        entries[index].isMarked ? JSONText.decoded(text(index)) : Array(text(index))
    }

    /// -1, 0 or 1 by the decoded bytes of two strings of this document.
    func textOrder(_ left: Int, _ right: Int) -> Int { textOrder(left, self, right) }

    func textOrder(_ left: Int, _ other: JSONDocument, _ right: Int) -> Int {
        let leftText = text(left)
        let rightText = other.text(right)
        if !entries[left].isMarked, !other.entries[right].isMarked { return rawOrder(leftText, rightText) }
        return JSONText.order(leftText, rightText)
    }

    @inline(__always)
    func isSameName(_ left: Int, _ other: JSONDocument, _ right: Int) -> Bool {
        let entry = entries[left]
        let otherEntry = other.entries[right]
        if entry.count != otherEntry.count { return false }
        if entry.isMarked || otherEntry.isMarked { return JSONText.order(text(left), other.text(right)) == 0 }
        return sameBytes(text(left), other.text(right))
    }

    /// A total order of names that is quick to find: by hash, then by the decoded bytes.
    func nameOrder(_ left: Int, _ right: Int) -> Int { nameOrder(left, self, right) }

    func nameOrder(_ left: Int, _ other: JSONDocument, _ right: Int) -> Int {
        let leftHash = entries[left].count
        let rightHash = other.entries[right].count
        if leftHash != rightHash { return leftHash < rightHash ? -1 : 1 }
        return textOrder(left, other, right)
    }

    /// The names of an object by ``nameOrder(_:_:)``; equal ones as they stand.
    func sortedNames(of object: Int, from first: Int? = nil) -> [Int32] {
        var names: [Int32] = []
        names.reserveCapacity(count(object))
        var name = first ?? firstInside(object)
        let end = Int(entries[object].next)
        while name < end {
            names.append(Int32(truncatingIfNeeded: name))
            name = after(name + 1)
        }
        names.sort {
            let order = nameOrder(Int($0), Int($1))
            return order != 0 ? order < 0 : $0 < $1
        }
        return names
    }
}

private enum NoDocument {
    // Written once, here, and only ever read: safe from any thread. It lives as long as the process.
    nonisolated(unsafe) static let document: JSONDocument = {
        let text: StaticString = "null"
        let entry = UnsafeMutablePointer<TapeEntry>.allocate(capacity: 1)
        entry.initialize(to: TapeEntry(start: 0, end: 4, next: 0, count: 0, kind: .null, isMarked: false))
        return JSONDocument(bytes: UnsafeRawPointer(text.utf8Start), entries: UnsafePointer(entry))
    }()
}

/// By the bytes, then by the length.
func rawOrder(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    for index in 0..<min(left.count, right.count) where left[index] != right[index] {
        return left[index] < right[index] ? -1 : 1
    }
    return left.count == right.count ? 0 : left.count < right.count ? -1 : 1
}

/// Whether two stretches of bytes are the same.
@inline(__always)
func sameBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    if left.count != right.count { return false }
    var at = 0
    while at + 8 <= left.count {
        if left.loadUnaligned(fromByteOffset: at, as: UInt64.self) != right.loadUnaligned(fromByteOffset: at, as: UInt64.self) {
            return false
        }
        at += 8
    }
    while at < left.count {
        if left[at] != right[at] { return false }
        at += 1
    }
    return true
}
