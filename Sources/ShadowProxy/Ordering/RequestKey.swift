import Verdicts

/// A key of a request (an account number), with its hash at hand: it decides the owner lane and the place in the lane's table.
///
/// Values of up to 15 bytes live inside the `String` itself, so that an ordinary key costs no allocation.
struct RequestKey: Hashable, Sendable {
    let text: String
    /// The same in every lane of this process, and in every proxy: those that share their state know a key by it. It must not change
    /// while proxies of two versions may run side by side.
    let hash: UInt64

    /// A key beyond 150 bytes is known by its shortened form everywhere, as the journal keeps it.
    init(_ given: String) {
        var text = WriteJournal.storedForm(given)
        hash = text.withUTF8 { RequestKey.hash(UnsafeRawBufferPointer($0)) }
        self.text = text
    }

    /// FNV-1a over words of eight bytes, the last one filled with zeros; mixed at the end.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(bytes.count)
        var at = 0
        while at + 8 <= bytes.count {
            hash = (hash ^ bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian) &* 0x0000_0100_0000_01b3
            hash ^= hash >> 32
            at += 8
        }
        var rest: UInt64 = 0
        while at < bytes.count {
            rest = rest << 8 | UInt64(bytes[at])
            at += 1
        }
        hash = (hash ^ rest) &* 0x0000_0100_0000_01b3
        hash ^= hash >> 32
        hash = hash &* 0x9e37_79b9_7f4a_7c15
        return hash ^ hash >> 29
    }

    /// The lane that owns the key's queues.
    func lane(of lanes: Int) -> Int { Int(truncatingIfNeeded: hash % UInt64(max(lanes, 1))) }

    static func == (left: RequestKey, right: RequestKey) -> Bool { left.hash == right.hash && left.text == right.text }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
