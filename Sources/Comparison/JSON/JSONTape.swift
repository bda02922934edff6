/// One value, or one member's name, of a scanned document: offsets into its bytes, no copy.
///
/// A container is followed by what is in it: an array by its elements, an object by name, value, name, value …
struct TapeEntry {
    enum Kind: UInt8 {
        case null
        case `true`
        case `false`
        case number
        case string
        case array
        case object
    }

    /// First byte of the text; of strings the one after the quote.
    var start: UInt32
    /// The byte after the text; of strings the closing quote.
    var end: UInt32
    /// Of containers the index of the entry after everything inside. While scanning: the container around.
    var next: UInt32
    /// Elements or members of a container; of a member's name its hash.
    var count: UInt32
    var kind: Kind
    /// Of strings: an escape stands in it. Of objects: a name stands in it twice.
    var isMarked: Bool

    var isContainer: Bool { kind == .array || kind == .object }
}

/// The entries of one document, in memory that is kept from one document to the next.
///
/// The memory belongs to this value alone (it can't be copied), which is why handing it to another thread is safe.
struct JSONTape: ~Copyable, @unchecked Sendable {
    /// What is kept between documents; a larger document's memory is given back.
    private static let entriesKeptMax = 65_536

    private(set) var entries: UnsafeMutablePointer<TapeEntry>
    private(set) var count = 0
    /// A name stands twice in some object.
    var hasDuplicates = false
    private var capacity: Int

    init() {
        capacity = 64
        entries = .allocate(capacity: capacity)
    }

    deinit { entries.deallocate() }

    mutating func removeAll() {
        count = 0
        hasDuplicates = false
        if capacity > Self.entriesKeptMax {
            entries.deallocate()
            capacity = 64
            entries = .allocate(capacity: capacity)
        }
    }

    @inline(__always)
    mutating func append(
        _ kind: TapeEntry.Kind, start: Int, end: Int, next: Int = 0, count hash: UInt32 = 0, isMarked: Bool = false
    ) {
        if count == capacity { grow() }
        (entries + count).initialize(
            to: TapeEntry(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
                next: UInt32(truncatingIfNeeded: next), count: hash, kind: kind, isMarked: isMarked))
        count += 1
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<TapeEntry>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: entries, count: count)
        entries.deallocate()
        entries = larger
        capacity *= 2
    }
}
