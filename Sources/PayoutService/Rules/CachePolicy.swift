/// What happened to an account, as far as previews of it are concerned.
enum PreviewChange: Sendable, Hashable, CaseIterable {
    case payout, deposit, withdrawal, transfer, closure, status, rates, fixtures
}

/// When a cached preview may be shown again, and when it must go.
struct CachePolicy: Sendable {
    /// Whether a change drops the account's previews.
    var drops: @Sendable (PreviewChange) -> Bool
    /// The day under which a preview of a business date is kept: it can be shown again until that day ends.
    var day: @Sendable (_ businessDay: Day) -> Day
    /// The cache as the calls use it; composed once at start.
    var compose: @Sendable (_ cache: any PreviewCache) -> any PreviewCache

    static let plain = CachePolicy(drops: { _ in true }, day: { $0 }, compose: { $0 })
}
