/// A cheap hash of a member's decoded name, the same for the rule tree and both tapes: a filter before the names themselves are compared,
/// so collisions cost time (bounded by sorting), never correctness.
enum KeyHash {
    /// Of a name without escapes.
    static func of(_ name: UnsafeRawBufferPointer) -> UInt32 {
        let count = name.count
        var low: UInt64 = 0
        var high: UInt64 = 0
        if count >= 8 {
            low = name.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            high = name.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        } else {
            for byte in name { low = low << 8 | UInt64(byte) }
        }
        var hash = (low ^ (high &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(truncatingIfNeeded: count)) &* 0xD6E8_FEB8_6659_FD93
        hash ^= hash >> 32
        return UInt32(truncatingIfNeeded: hash)
    }

    static func ofEscaped(_ name: UnsafeRawBufferPointer) -> UInt32 {
        JSONText.decoded(name).withUnsafeBytes { of($0) }
    }
}
