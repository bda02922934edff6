import InterestContract

/// Refuses a second write to an account at once while one is under way, before it waits for the books.
///
/// It spares waiting and nothing else: whoever gets past it meets the books' own locks and unique keys, which are what is relied on.
protocol AccountLock: Sendable {
    /// - Returns: what lets go of the accounts again.
    /// - Throws: ``InterestContract/Problem`` with `ACCOUNT_BUSY` if another write holds one of them.
    func take(_ accounts: [String]) async throws(Problem) -> @Sendable () -> Void
}

enum AccountLocks {
    /// The accounts whose balance a call can change, in the order of their ids; none if it speaks of no account, or not clearly.
    static func accounts(of call: InboundCall) -> [String] {
        let segments = call.segments
        guard segments.count >= 2 else { return [] }
        switch segments[1] {
        case "accounts" where segments.count == 4: return [String(segments[2])]
        case "transfers":
            guard let request = try? TransferRequest(call.body) else { return [] }
            return [request.from, request.to].sorted()
        default: return []
        }
    }
}
