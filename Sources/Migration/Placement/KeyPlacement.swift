internal import Crypto

/// Says which side answers a request: kill switch → deny list → ledger → audience → bucket. Owned by one lane, so that it remembers and
/// counts without a lock; it does no I/O. A remembered key is decided in well under a microsecond.
///
/// A request without a key goes to the legacy. One with several goes to the candidate only if all of them do.
public struct KeyPlacement: Sendable {
    public private(set) var table: PlacementTable
    /// Keys written by the candidate: note them before the first write is sent.
    public var ledger: PlacementLedger
    public private(set) var counts = PlacementCounts()
    private let keyed: HMAC<SHA256>
    private var denied: Set<KeyText>
    private var remembered: [KeyText: Remembered] = [:]
    /// Bound on remembered buckets; beyond it memory starts afresh, which costs a hash per key again, never an answer.
    private let rememberedMax: Int

    private struct Remembered: Sendable {
        let bucket: Bucket
        let mark: KeyMark
    }

    public init(
        plan: String, salt: Salt, table: PlacementTable, ledger: PlacementLedger = PlacementLedger(), rememberedMax: Int = 65_536
    ) {
        self.table = table
        self.ledger = ledger
        self.rememberedMax = max(1, rememberedMax)
        keyed = Bucket.keyed(plan: plan, salt: salt.text)
        denied = Set(table.denied.map(KeyText.init))
    }

    /// From the next request on. What is remembered of buckets stays true.
    public mutating func update(_ table: PlacementTable) {
        self.table = table
        denied = Set(table.denied.map(KeyText.init))
    }

    /// `audience` is from ``PlacementTable/audience(ofClaims:)``.
    public mutating func decide(keys: some Collection<String>, audience: Int) -> PlacementDecision {
        let decision = judge(keys, audience)
        counts.add(decision.reason)
        return decision
    }

    public mutating func decide(key: String?, audience: Int) -> PlacementDecision {
        guard let key else { return decide(keys: EmptyCollection(), audience: audience) }
        return decide(keys: CollectionOfOne(key), audience: audience)
    }

    /// The same, uncounted: for a request that was decided before, and waits while the table changes.
    public mutating func decideAgain(keys: some Collection<String>, audience: Int) -> PlacementDecision {
        judge(keys, audience)
    }

    /// For evidence: the key's mark, from the same hash as its bucket.
    public mutating func mark(of key: String) -> KeyMark { recall(key).mark }

    private mutating func judge(_ keys: some Collection<String>, _ audience: Int) -> PlacementDecision {
        if table.isKilled { return PlacementDecision(.legacy, .killed) }
        var first: PlacementDecision?
        for key in keys {
            let next = judge(key, audience)
            if let first, first.side != next.side { return PlacementDecision(.legacy, .mixedKeys) }
            if first == nil { first = next }
        }
        return first ?? PlacementDecision(.legacy, .noKey)
    }

    private mutating func judge(_ key: String, _ audience: Int) -> PlacementDecision {
        if !denied.isEmpty, denied.contains(KeyText(key)) { return PlacementDecision(.legacy, .denied) }
        let isNoted = ledger.holds(key)
        if isNoted, table.keepsWrittenKeys { return PlacementDecision(.candidate, .writtenOnCandidate) }
        let share = table.shares.indices.contains(audience) ? table.shares[audience] : .none
        if share == .none { return PlacementDecision(.legacy, .audienceNotYet) }
        if share < .all, recall(key).bucket.index >= share.thousandths { return PlacementDecision(.legacy, .bucketAboveShare) }
        if !isNoted, ledger.isFull { return PlacementDecision(.legacy, .ledgerFull) }
        return PlacementDecision(.candidate, .bucketBelowShare)
    }

    private mutating func recall(_ key: String) -> Remembered {
        let text = KeyText(key)
        if let known = remembered[text] { return known }
        var code = keyed
        let (bucket, mark) = Bucket.withMark(key: key.utf8, continuing: &code)
        if remembered.count >= rememberedMax { remembered.removeAll(keepingCapacity: true) }
        let entry = Remembered(bucket: bucket, mark: mark)
        remembered[text] = entry
        return entry
    }
}
