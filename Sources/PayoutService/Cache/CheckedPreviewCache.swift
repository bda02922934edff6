import Synchronization

/// Previews in the process's memory over books that other processes change too: before each answer the account's token is read from the
/// books, and what was kept under another one goes.
///
/// Why that is never wrong: a kept preview is only served while the token noted for its account is the present one, and noting a new one
/// drops the account's preview and every computation under way. So whatever is kept then was computed by a reader who began after that
/// state was committed.
struct CheckedPreviewCache: PreviewCache {
    let previews: MemoryPreviewCache
    private let tokens: Tokens
    private let present: @Sendable (_ account: String) async throws -> PreviewToken?

    /// - Parameters:
    ///   - capacity: the most previews that are kept, and the most tokens that are noted.
    ///   - present: the account's token as the books have it now; nil if there is no such account.
    init(capacity: Int, present: @escaping @Sendable (_ account: String) async throws -> PreviewToken?) {
        previews = MemoryPreviewCache(capacity: capacity)
        tokens = Tokens(capacity: capacity)
        self.present = present
    }

    func preview(
        account: String, day: Day, compute: @escaping @Sendable () async throws -> CachedPreview
    ) async throws -> Reply {
        guard let token = try await present(account) else { return try await compute().reply }
        switch tokens.note(token, of: account) {
        case .known: break
        case .changed: previews.drop(accounts: [account])
        case .full: previews.dropAll()
        }
        return try await previews.preview(account: account, day: day, compute: compute)
    }

    func drop(accounts: [String]) { previews.drop(accounts: accounts) }
    func dropAll() { previews.dropAll() }

    private final class Tokens: Sendable {
        enum Finding { case known, changed, full }

        private let noted = Mutex<[String: PreviewToken]>([:])
        private let capacity: Int

        init(capacity: Int) { self.capacity = max(1, capacity) }

        func note(_ token: PreviewToken, of account: String) -> Finding {
            noted.withLock { noted in
                if noted[account] == token { return .known }
                let isFull = noted[account] == nil && noted.count >= capacity
                if isFull { noted = [:] }
                noted[account] = token
                return isFull ? .full : .changed
            }
        }
    }
}

extension CheckedPreviewCache: MetricSource {
    var metrics: [Metric] { previews.metrics }
}
