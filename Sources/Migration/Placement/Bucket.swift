public import Crypto

/// Where a key falls among 100 000 buckets.
///
/// HMAC-SHA256(salt, `v1|plan|key`), its first four bytes read big-endian as `h`, then `(UInt64(h) × 100 000) >> 32`. A key goes
/// to the candidate when its bucket is below the share in thousandths of a per cent, so raising the share only adds keys, and a
/// salt or plan of another name deals the keys anew. `fixtures/migration-buckets.json` has vectors for other implementations.
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
        (self, _) = Bucket.withMark(key: key, continuing: &code)
    }

    /// The bucket, and the mark from the eight bytes after those that make the bucket.
    static func withMark(key: some Sequence<UInt8>, continuing code: inout HMAC<SHA256>) -> (Bucket, KeyMark) {
        code.update(data: Array(key))
        var head: UInt64 = 0
        var mark: UInt64 = 0
        for (place, byte) in code.finalize().prefix(12).enumerated() {
            if place < 4 { head = head << 8 | UInt64(byte) } else { mark = mark << 8 | UInt64(byte) }
        }
        return (Bucket(index: Int((head * UInt64(Bucket.count)) >> 32)), KeyMark(value: mark))
    }

    private init(index: Int) { self.index = index }

    public static func < (left: Bucket, right: Bucket) -> Bool { left.index < right.index }
}
