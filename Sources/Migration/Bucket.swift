public import Crypto

/// Where a key falls among 100 000 buckets.
///
/// HMAC-SHA256(salt, `v1|plan|key`), its first four bytes read big-endian as `h`, then `(UInt64(h) × 100 000) >> 32`. A key goes
/// to the candidate when its bucket is below the share in thousandths of a per cent, so raising the share only adds keys, and a
/// salt or plan of another name deals the keys anew.
public struct Bucket: Sendable, Hashable, Comparable {
    /// 0 ..< 100 000.
    public let index: Int

    public static let count = 100_000

    public init(key: some Sequence<UInt8>, plan: String, salt: String) {
        var code = Bucket.keyed(plan: plan, salt: salt)
        self.init(key: key, continuing: &code)
    }

    /// The keyed state up to the key, to be copied for each key: that saves two of the four hash blocks.
    public static func keyed(plan: String, salt: String) -> HMAC<SHA256> {
        var code = HMAC<SHA256>(key: SymmetricKey(data: Array(salt.utf8)))
        code.update(data: Array("v1|\(plan)|".utf8))
        return code
    }

    public init(key: some Sequence<UInt8>, continuing code: inout HMAC<SHA256>) {
        code.update(data: Array(key))
        var h: UInt64 = 0
        for byte in code.finalize().prefix(4) { h = h << 8 | UInt64(byte) }
        index = Int((h * UInt64(Bucket.count)) >> 32)
    }

    public static func < (left: Bucket, right: Bucket) -> Bool { left.index < right.index }
}
