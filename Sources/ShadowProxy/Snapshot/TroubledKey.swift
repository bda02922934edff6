public import Verdicts

/// A key whose comparisons prove nothing just now, and why.
public struct TroubledKey: Sendable, Hashable {
    public let key: String
    public let standing: KeyStanding
    /// Missed writes that the shadow has yet to take.
    public let behind: Int
    /// Why it is not trusted; empty for a key that is only behind.
    public let cause: String
}

extension Lane {
    func troubled(max: Int) -> [TroubledKey] {
        var keys: [TroubledKey] = []
        order.forEachTrust { key, trust in
            guard keys.count < max, trust.behind > 0 || trust.standing != .trusted else { return }
            keys.append(TroubledKey(key: key.text, standing: trust.standing, behind: trust.behind, cause: trust.cause))
        }
        return keys
    }
}
