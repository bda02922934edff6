import Migration

/// A rollout's decision, as a lane takes it for each request.
final class PlacementRun {
    private var placement: KeyPlacement
    private let keys: [String]
    private var next = 0
    private var toCandidate = 0

    /// - Parameters:
    ///   - keys: how many are asked for in turn.
    ///   - rememberedMax: of how many the bucket is remembered; fewer than the keys, and each is hashed anew.
    init?(keys count: Int, rememberedMax: Int) {
        guard let half = Share(thousandths: 50_000) else { return nil }
        keys = (0..<count).map { "1000-0000-\($0)" }
        placement = KeyPlacement(
            plan: "payout", salt: Salt("0123456789abcdef"), table: PlacementTable(share: half), rememberedMax: rememberedMax)
    }

    /// One decision, with its key's mark for the evidence.
    func pass() {
        let key = keys[next]
        next = next + 1 == keys.count ? 0 : next + 1
        if placement.decide(key: key, audience: 0).side == .candidate { toCandidate += 1 }
    }

    /// About half went to the candidate.
    var isHalf: Bool {
        let all = placement.counts[.bucketBelowShare] + placement.counts[.bucketAboveShare]
        return toCandidate == placement.counts[.bucketBelowShare] && abs(2 * toCandidate - all) < all / 10 + 100
    }
}
