#if Redis
    import InterestContract
    import RedisClient
    import Synchronization

    /// Previews in Redis, shared by all processes on the same books.
    ///
    /// **Why it is never wrong.** Nothing rests on Redis having heard of a change. Every reader first asks the books for the account's
    /// ``PreviewToken``, and an entry is shown only if it was kept under that very token: it was then computed from the state that
    /// the books have now. Before an entry is kept the token is read again, and it must still be the one from before the computation;
    /// tokens never come back, so the computation saw that state and no other. So a Redis that was away during a change, restarted
    /// with old data, filled by a late writer, or shared by two banks can only cost computations. Deletions on a change and the late
    /// writer's defeat (a script compares orders) spare memory and computations; the answers would be right without them.
    /// What Redis does have to be trusted with is the entries themselves: who can write to it can forge a preview, though never a payout.
    ///
    /// A key holds the account's previews by business date; all of it expires at the next Korean midnight. Of many readers at once one
    /// asks Redis and computes, within a process by its table of flights and between processes by a claim in Redis, which the others watch
    /// for no longer than a computation takes.
    final class RedisPreviewCache: PreviewCache {
        private struct FlightKey: Hashable {
            var account: String
            var day: Day
            var token: PreviewToken
        }

        private struct Flights {
            var underWay: [FlightKey: Task<Reply, any Error>] = [:]
            var counts = RedisPreviewCounts()
            /// A moving average, in microseconds: as long as another process's computation is waited for.
            var computationMicroseconds: Int
        }

        let client: RedisClient
        private let rules: String
        private let clock: WallClock
        private let token: @Sendable (String) async throws -> PreviewToken?
        private let state: Mutex<Flights>

        /// - Parameters:
        ///   - rules: what else previews are computed by; processes of other rules do not show each other's.
        ///   - clock: says when the next midnight is.
        ///   - computationMicroseconds: how long a computation is taken to be until some were measured.
        ///   - token: reads the account's token in the books.
        init(
            _ client: RedisClient, rules: String = "", clock: WallClock = .system, computationMicroseconds: Int = 2_000,
            token: @escaping @Sendable (String) async throws -> PreviewToken?
        ) {
            self.client = client
            self.rules = rules
            self.clock = clock
            self.token = token
            state = Mutex(Flights(computationMicroseconds: computationMicroseconds))
        }

        var counts: RedisPreviewCounts { state.withLock { $0.counts } }

        func preview(
            account: String, day: Day, compute: @escaping @Sendable () async throws -> CachedPreview
        ) async throws -> Reply {
            guard let token = try await token(account) else { return try await compute().reply }
            let key = FlightKey(account: account, day: day, token: token)
            let flight = state.withLock { state in
                if let flight = state.underWay[key] {
                    state.counts.joined += 1
                    return flight
                }
                // Not the first reader's own task: when that one is cancelled, the others still wait.
                let flight = Task {
                    defer { self.state.withLock { $0.underWay[key] = nil } }
                    return try await self.found(key, compute)
                }
                state.underWay[key] = flight
                return flight
            }
            return try await flight.value
        }

        func drop(accounts: [String]) {
            guard !accounts.isEmpty else { return }
            state.withLock { $0.counts.dropped += accounts.count }
            client.postDelete(accounts.map(previewsKey))
        }

        /// New rates are new tokens: what is kept under the old ones is overwritten or expires, and looking for it would cost more.
        func dropAll() {}

        // MARK: One flight

        private func found(_ key: FlightKey, _ compute: @Sendable () async throws -> CachedPreview) async throws -> Reply {
            let entries = RedisPreviewEntry(token: key.token, rules: rules)
            do throws(RedisError) {
                if let reply = try await lookUp(key, entries) { return reply }
            } catch {
                state.withLock { $0.counts.computedWithoutRedis += 1 }
                return try await measured(compute).reply
            }
            let claim = RedisClaim(client, key: claimKey(key))
            if await claim.take() == .taken, let reply = await awaited(key, entries) { return reply }
            do {
                let preview = try await measured(compute)
                await keep(preview, key, entries, claim)
                return preview.reply
            } catch {
                claim.release()
                throw error
            }
        }

        private func lookUp(_ key: FlightKey, _ entries: RedisPreviewEntry) async throws(RedisError) -> Reply? {
            guard let bytes = try await client.get(previewsKey(key.account), field: String(key.day.number)) else {
                state.withLock { $0.counts.misses += 1 }
                return nil
            }
            let reply = entries.reply(bytes)
            state.withLock { if reply == nil { $0.counts.outOfDate += 1 } else { $0.counts.hits += 1 } }
            return reply
        }

        /// What another process is computing; nil if it was not there after the time that a computation takes.
        private func awaited(_ key: FlightKey, _ entries: RedisPreviewEntry) async -> Reply? {
            let patience = state.withLock { state in
                state.counts.awaited += 1
                return state.computationMicroseconds
            }
            let end = ContinuousClock.now + .microseconds(patience)
            while ContinuousClock.now < end {
                guard (try? await Task.sleep(for: .microseconds(max(500, patience / 8)))) != nil,
                    let found = try? await client.get(previewsKey(key.account), field: String(key.day.number))
                else { continue }
                if let reply = entries.reply(found) {
                    state.withLock { $0.counts.takenOver += 1 }
                    return reply
                }
            }
            return nil
        }

        private func measured(_ compute: @Sendable () async throws -> CachedPreview) async throws -> CachedPreview {
            let start = ContinuousClock.now
            let preview = try await compute()
            let taken = Int((ContinuousClock.now - start) / .microseconds(1))
            state.withLock { state in
                state.counts.computations += 1
                state.computationMicroseconds = min(250_000, max(500, (state.computationMicroseconds * 7 + taken) / 8))
            }
            return preview
        }

        private func keep(_ preview: CachedPreview, _ key: FlightKey, _ entries: RedisPreviewEntry, _ claim: RedisClaim) async {
            guard preview.version != nil, let now = try? await token(key.account), now == key.token else {
                claim.release()
                return
            }
            let midnight = KoreanMidnight.next(after: clock.unixMilliseconds())
            do throws(RedisError) {
                let kept = try await client.run(
                    RedisPreviewCache.keeping, keys: [previewsKey(key.account), claim.key],
                    [
                        Array(String(key.day.number).utf8), entries.bytes(preview.reply), Array(entries.lineage.utf8),
                        Array(key.token.order.utf8), Array(String(midnight).utf8), claim.holder,
                    ])
                state.withLock { if kept == 1 { $0.counts.kept += 1 } else { $0.counts.late += 1 } }
            } catch {
                state.withLock { $0.counts.unkept += 1 }
            }
        }

        /// Keeps an entry unless a later state's is there, and lets go of the claim.
        static let keeping = RedisScript(
            """
            local kept = redis.call('HGET', KEYS[1], ARGV[1])
            local done = 1
            if kept then
                local lineage, order = string.match(kept, '^([^\\n]*)\\n([^\\n]*)\\n')
                if lineage == ARGV[3] and order > ARGV[4] then done = 0 end
            end
            if done == 1 then
                redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
                redis.call('PEXPIREAT', KEYS[1], ARGV[5])
            end
            if redis.call('GET', KEYS[2]) == ARGV[6] then redis.call('DEL', KEYS[2]) end
            return done
            """)

        // The braces keep the keys of an account on one server of a cluster.
        private func previewsKey(_ account: String) -> String { "\(client.settings.prefix)preview:{\(account)}" }
        private func claimKey(_ key: FlightKey) -> String {
            "\(client.settings.prefix)claim:{\(key.account)}:\(key.day.number):\(key.token.order)"
        }
    }

    /// What happened to previews kept in Redis; read by tests and metrics.
    struct RedisPreviewCounts: Sendable, Hashable {
        var hits = 0
        var misses = 0
        /// Found, but of another state of the account, or not readable.
        var outOfDate = 0
        var joined = 0
        var computations = 0
        /// Of the computations, those made without asking further, since Redis did not answer.
        var computedWithoutRedis = 0
        /// Another process was at it.
        var awaited = 0
        /// Of those awaited, what came in time.
        var takenOver = 0
        var kept = 0
        /// Not kept, since a later state's entry was there.
        var late = 0
        /// Not kept, since Redis did not answer.
        var unkept = 0
        var dropped = 0
    }

    enum KoreanMidnight {
        /// The first midnight after the instant; both in milliseconds since 1970.
        static func next(after unixMilliseconds: Int64) -> Int64 {
            let offset = Int64(CalendarPolicy.koreanOffsetSeconds) * 1_000
            let day: Int64 = 86_400_000
            let local = unixMilliseconds + offset
            let begun = local >= 0 ? local / day : (local - day + 1) / day
            return (begun + 1) * day - offset
        }
    }
#endif
