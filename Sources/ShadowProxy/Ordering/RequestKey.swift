import Verdicts

/// A key of a request (an account number), with its hash at hand: it decides the owner lane and the place in the lane's table.
///
/// Values of up to 15 bytes live inside the `String` itself, so that an ordinary key costs no allocation.
struct RequestKey: Hashable, Sendable {
    let text: String
    /// FNV-1a over the bytes, mixed; the same in every lane of this process.
    let hash: UInt64

    /// A key beyond 150 bytes is known by its shortened form everywhere, as the journal keeps it.
    init(_ given: String) {
        let text = WriteJournal.storedForm(given)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        hash ^= hash >> 32
        hash = hash &* 0x9e37_79b9_7f4a_7c15
        hash ^= hash >> 29
        self.text = text
        self.hash = hash
    }

    /// The lane that owns the key's queues.
    func lane(of lanes: Int) -> Int { Int(truncatingIfNeeded: hash % UInt64(max(lanes, 1))) }

    static func == (left: RequestKey, right: RequestKey) -> Bool { left.hash == right.hash && left.text == right.text }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
