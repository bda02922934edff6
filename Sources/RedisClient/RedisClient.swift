#if Redis
    /// A Redis, asked by a few connections with a thread each.
    ///
    /// No command takes longer than the timeout of the settings, whatever Redis does. What stands in line goes out together. After
    /// some failures in a row a breaker opens, and commands fail at once until a probe was answered.
    public final class RedisClient: Sendable {
        public enum BreakerEvent: Sendable, Hashable {
            /// From now on commands fail at once.
            case opened(reason: String)
            /// Redis answers again.
            case closed(openMillisecondsInAll: Int)
        }

        public let settings: RedisSettings
        private let line: RedisLine

        /// Nothing is connected yet.
        ///
        /// - Parameter onBreaker: called from a connection's thread; it must not block.
        public init(_ settings: RedisSettings, onBreaker: @escaping @Sendable (BreakerEvent) -> Void = { _ in }) {
            self.settings = settings
            line = RedisLine(failuresMax: settings.failuresMax, onBreaker: onBreaker)
            for number in 1...settings.poolSize { RedisWorker(line: line, settings: settings).start(number) }
        }

        deinit { line.close() }

        public var statistics: RedisStatistics { line.snapshot }

        /// Ends the threads when they have done what they are at; commands in line fail.
        public func close() { line.close() }

        /// Any command, by its words.
        ///
        /// - Parameter accepts: whether an answer is one that the command can have; one that is not closes the connection.
        public func command(
            _ words: [[UInt8]], isLookup: Bool = false, accepts: @escaping @Sendable (RedisValue) -> Bool
        ) async throws(RedisError) -> RedisValue {
            let result: Result<RedisValue, RedisError> = await withCheckedContinuation { continuation in
                line.add(job(words, isLookup: isLookup, accepts: accepts) { continuation.resume(returning: $0) })
            }
            return try result.get()
        }

        /// Asks and does not wait for the answer, which counts in the statistics alone.
        public func post(_ words: [[UInt8]], accepts: @escaping @Sendable (RedisValue) -> Bool) {
            line.add(job(words, isLookup: false, accepts: accepts) { _ in })
        }

        private func job(
            _ words: [[UInt8]], isLookup: Bool, accepts: @escaping @Sendable (RedisValue) -> Bool,
            done: @escaping @Sendable (Result<RedisValue, RedisError>) -> Void
        ) -> RedisJob {
            RedisJob(
                command: words, deadline: RedisConnection.now + UInt64(settings.timeoutMilliseconds) * 1_000_000,
                isLookup: isLookup, accepts: accepts, done: done)
        }
    }
#endif
