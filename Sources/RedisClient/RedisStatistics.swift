#if Redis
    /// What happened on a client so far, for metrics.
    public struct RedisStatistics: Sendable, Hashable {
        /// Commands asked for, those that were never sent among them.
        public var commands = 0
        /// Look-ups that found something.
        public var hits = 0
        /// Look-ups that found nothing.
        public var misses = 0
        /// Commands without an answer, for whatever reason; the five that follow are among them.
        public var errors = 0
        public var timeouts = 0
        public var garbled = 0
        /// Redis answered with an error.
        public var refused = 0
        /// Never sent, because the breaker was open.
        public var breakerRefusals = 0
        /// Never sent, because the line was full.
        public var lineRefusals = 0
        public var connectionsMade = 0
        public var connectionsFailed = 0
        public var breakerOpened = 0
        public var breakerClosed = 0
        public var isBreakerOpen = false
        /// How long the breaker was open in all.
        public var breakerOpenMilliseconds = 0
        /// Probes that were not answered.
        public var failedProbes = 0
        /// Sendings, each of one or more commands.
        public var batches = 0
    }
#endif
