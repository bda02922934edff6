/// The keys that a lane has given a turn since it was last asked, by their hashes: for whoever must know whether a key turns up elsewhere too.
///
/// A table of a fixed size, made by the control plane and handed over whole: to note a key takes a few instructions and no memory. Touched by
/// its lane alone, then by whoever took it from the lane, hence `@unchecked Sendable`.
final class KeySightings: @unchecked Sendable {
    /// Keys of one lane between two questions.
    static let keysMax = 49_152
    /// A power of two, and a third more than the keys: 512 KiB.
    private static let slots = 65_536

    private let table: UnsafeMutablePointer<UInt64>
    private(set) var count = 0
    /// Sightings that found the table full.
    private(set) var dropped = 0

    init() {
        table = .allocate(capacity: Self.slots)
        table.initialize(repeating: 0, count: Self.slots)
    }

    deinit { table.deallocate() }

    /// - Parameter hash: of the key; 0 marks a free slot, and the one key in 2⁶⁴ whose hash it is goes by 1.
    @inline(__always)
    func note(_ hash: UInt64) {
        let hash = hash == 0 ? 1 : hash
        var slot = Int(truncatingIfNeeded: hash >> 48)
        while table[slot] != hash {
            if table[slot] == 0 { return add(hash, at: slot) }
            slot = (slot + 1) & (Self.slots - 1)
        }
    }

    private func add(_ hash: UInt64, at slot: Int) {
        guard count < Self.keysMax else {
            dropped += 1
            return
        }
        table[slot] = hash
        count += 1
    }

    /// In no particular order.
    var hashes: [UInt64] {
        var hashes: [UInt64] = []
        hashes.reserveCapacity(count)
        for slot in 0..<Self.slots where table[slot] != 0 { hashes.append(table[slot]) }
        return hashes
    }
}

/// The ordered keys that a proxy has seen in a while.
public struct KeysSeen: Sendable {
    /// 64-bit hashes, the same for the same key in every proxy.
    public var hashes: [UInt64] = []
    /// Sightings that found no room: how often the bound ``Verdicts/Bound/sightedKeys`` was reached.
    public var dropped = 0

    public init() {}
}
