#if Redis
    import InterestContract
    import RedisClient
    import Synchronization

    /// The lock in front of the books' locks: a key of the account in Redis for the time of a write.
    ///
    /// **It does not suffice alone.** A holder that is stopped for longer than the key lives goes on writing when it wakes, beside the next
    /// holder, and a Redis that is away lets everybody through. What keeps a second payout out are the account's row lock and the books'
    /// unique key of account and business date. This one only spares the second caller the wait, and the database the connection.
    final class RedisAccountLock: AccountLock {
        /// What happened so far; read by tests and metrics.
        struct Counts: Sendable, Hashable {
            var taken = 0
            /// Refused: another write held the account.
            var busy = 0
            /// Went on without the lock, since Redis did not answer.
            var without = 0
        }

        private let client: RedisClient
        private let expiryMilliseconds: Int
        private let state = Mutex(Counts())

        /// - Parameter expiryMilliseconds: longer than a write takes; what a holder that died leaves behind goes after it.
        init(_ client: RedisClient, expiryMilliseconds: Int = 5_000) {
            self.client = client
            self.expiryMilliseconds = expiryMilliseconds
        }

        var counts: Counts { state.withLock { $0 } }

        func take(_ accounts: [String]) async throws(Problem) -> @Sendable () -> Void {
            var held: [RedisClaim] = []
            for account in accounts {
                let claim = RedisClaim(
                    client, key: "\(client.settings.prefix)lock:{\(account)}", expiryMilliseconds: expiryMilliseconds)
                switch await claim.take() {
                case .ours:
                    held.append(claim)
                    state.withLock { $0.taken += 1 }
                case .taken:
                    for claim in held { claim.release() }
                    state.withLock { $0.busy += 1 }
                    throw Problem(.accountBusy, "the account is being changed by someone else; ask again")
                case .unknown(let isUnsent):
                    state.withLock { $0.without += 1 }
                    if !isUnsent { forget(claim) }
                }
            }
            return { [held] in for claim in held { claim.release() } }
        }

        /// Redis may yet carry out what it did not answer, and nobody would let go of that key: it is let go of once Redis answers again.
        private func forget(_ claim: RedisClaim) {
            Task {
                let end = ContinuousClock.now + .seconds(60)
                while ContinuousClock.now < end {
                    try await Task.sleep(for: .milliseconds(100))
                    if await claim.released() { return }
                }
            }
        }
    }
#endif
