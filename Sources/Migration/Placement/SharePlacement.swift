import Crypto

/// Says which side answers a key, for one share of the traffic. Owned by one lane: it remembers buckets without a lock.
public struct SharePlacement: Sendable {
    /// Thousandths of a per cent of the keys that the candidate answers: 0 … 100 000.
    public private(set) var share: Int
    private let keyed: HMAC<SHA256>
    private var remembered: [[UInt8]: Bucket] = [:]
    /// Bound on remembered buckets; beyond it memory starts afresh, which costs a hash per key again, never an answer.
    private let rememberedMax: Int

    public init(share: Int, plan: String, salt: String, rememberedMax: Int = 65_536) {
        self.share = min(max(share, 0), Bucket.count)
        self.keyed = Bucket.keyed(plan: plan, salt: salt)
        self.rememberedMax = rememberedMax
    }

    /// True when the candidate answers. No key: the legacy.
    public mutating func goesToCandidate(key: [UInt8]?) -> Bool {
        if share == 0 { return false }
        guard let key else { return false }
        if share == Bucket.count { return true }
        return bucket(key).index < share
    }

    /// A request that names several keys goes to the candidate only if all of them do.
    public mutating func goesToCandidate(keys: [[UInt8]]) -> Bool {
        guard share > 0, !keys.isEmpty else { return false }
        for key in keys where !goesToCandidate(key: key) { return false }
        return true
    }

    private mutating func bucket(_ key: [UInt8]) -> Bucket {
        if let known = remembered[key] { return known }
        var code = keyed
        let bucket = Bucket(key: key, continuing: &code)
        if remembered.count >= rememberedMax { remembered.removeAll(keepingCapacity: true) }
        remembered[key] = bucket
        return bucket
    }
}
