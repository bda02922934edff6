import Synchronization

/// Its writes come as late as they can: a computed preview lands right after the next change of its account.
final class LateWritingCache: PreviewCache {
    private struct State {
        var kept: [String: Reply] = [:]
        var underWay: [String: Reply] = [:]
    }

    private let state = Mutex(State())

    func preview(
        account: String, day: Day, compute: @escaping @Sendable () async throws -> CachedPreview
    ) async throws -> Reply {
        let key = "\(account) \(day.number)"
        if let reply = state.withLock({ $0.kept[key] }) { return reply }
        let preview = try await compute()
        if preview.version != nil { state.withLock { $0.underWay[key] = preview.reply } }
        return preview.reply
    }

    func drop(accounts: [String]) { land { key in accounts.contains { key.hasPrefix($0 + " ") } } }
    func dropAll() { land { _ in true } }

    private func land(_ isTouched: (String) -> Bool) {
        state.withLock { state in
            for key in state.kept.keys.filter(isTouched) { state.kept[key] = nil }
            for key in state.underWay.keys.filter(isTouched) { state.kept[key] = state.underWay.removeValue(forKey: key) }
        }
    }
}

/// Works for some look-ups; from then on it is away, and who asks is told that nothing is payable.
final class AwayCache: PreviewCache {
    private let inner: any PreviewCache
    private let left: Mutex<Int>

    init(_ inner: any PreviewCache, lookups: Int) {
        self.inner = inner
        left = Mutex(lookups)
    }

    func preview(
        account: String, day: Day, compute: @escaping @Sendable () async throws -> CachedPreview
    ) async throws -> Reply {
        let isAway = left.withLock { left in
            if left > 0 { left -= 1 }
            return left == 0
        }
        return isAway
            ? Reply(try InterestQuote.nothing(on: day)) : try await inner.preview(account: account, day: day, compute: compute)
    }

    func drop(accounts: [String]) { inner.drop(accounts: accounts) }
    func dropAll() { inner.dropAll() }
}
