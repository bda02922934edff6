/// The name under which equal mismatches are grouped into one incident.
public enum Fingerprint {
    /// 16 hexadecimal digits over the operation and the set of (generic path, kind) of the differences that no rule forgives.
    ///
    /// No value, index or order takes part, so that the same fault has the same fingerprint on every account, in every process
    /// and in every version: the hash is FNV-1a (64 bits), not Swift's seeded one.
    public static func of(operation: String, differences: [Difference]) -> String {
        let parts = Set(differences.lazy.filter { !$0.tolerated }.map { "\($0.genericPath)\u{1}\($0.kind.rawValue)" }).sorted()
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func take(_ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            hash = hash &* 0x0000_0100_0000_01b3  // the byte 0 as separator
        }
        take(operation)
        for part in parts { take(part) }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
