/// A computed preview with the state of the account that it was computed from.
struct CachedPreview: Sendable {
    var reply: Reply
    /// The account's version; nil if the answer must not be kept (there is no such account).
    var version: Int64?
}

/// Previews by account and business date. A cache may always forget; it must never show what a change has made wrong.
protocol PreviewCache: Sendable {
    /// The kept answer, or else the computed one. Readers that come while it is computed wait for that computation.
    func preview(
        account: String, day: Day, compute: @escaping @Sendable () async throws -> CachedPreview
    ) async throws -> Reply
    /// These accounts changed; what is being computed now must not be kept.
    func drop(accounts: [String])
    func dropAll()
}
