internal import Synchronization

/// Makes names of evidence: UUID version 7 as lowercase text, rising in the order in which they were made in this process.
public enum EvidenceID {
    /// The last time and counter given out, so that two within a microsecond, or a clock set back, still rise.
    private static let last = Mutex<UInt64>(0)

    /// - Parameter nowMicroseconds: since 1970.
    public static func next(nowMicroseconds: Int64) -> String {
        // 48 bits of milliseconds and 12 bits of fraction (RFC 9562, 6.2, method 3): 60 bits that only rise.
        let now = UInt64(max(0, nowMicroseconds))
        let wanted = (now / 1_000) << 12 | ((now % 1_000) << 12) / 1_000
        let stamp = last.withLock { last in
            last = max(wanted, last + 1)
            return last
        }
        let random = UInt64.random(in: 0...UInt64.max)
        let high = (stamp >> 12) << 16 | 0x7000 | stamp & 0xFFF
        let low = 0x8000_0000_0000_0000 | random >> 2
        return text(high, low)
    }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for (index, word) in [high, low].enumerated() {
                for nibble in 0..<16 {
                    let place = index * 16 + nibble
                    if place == 8 || place == 12 || place == 16 || place == 20 {
                        buffer[position] = UInt8(ascii: "-")
                        position += 1
                    }
                    buffer[position] = digits[Int(word >> UInt64(60 - nibble * 4) & 0xF)]
                    position += 1
                }
            }
            return position
        }
    }
}
