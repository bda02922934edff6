#if PostgreSQL
    /// How a proxy stands with the shared state, for its console. Everything counted is of this process.
    public struct SharedStanding: Sendable, Hashable {
        public var instance: String
        /// Since when the shared store has not answered as it should, microseconds since 1970; nil while it does.
        public var awaySince: Int64?
        /// What it said last, while it is away; or that another process goes by this one's name.
        public var trouble: String?
        /// Evidence that is stored here and has yet to be shipped.
        public var evidenceWaiting = 0
        public var evidenceShipped = 0
        /// Refused by the shared store for what it is: it stays here, and is told from here.
        public var evidenceRefused = 0
        /// Gone before it could be shipped: beyond the state folder's own bounds.
        public var evidenceLost = 0
        /// Evidence that was told from here, since the shared store did not take it in time.
        public var alertedHere = 0
        /// Keys that are at two proxies now.
        public var keysAtTwoProxies = 0
        /// Keys that found no room among those to be told: not known to be at one proxy alone.
        public var keysDropped = 0
        /// Of all instances, as last read.
        public var incidents = 0
        public var noticesWaiting = 0
        public var noticesDelivered = 0
        public var noticesDead = 0
    }
#endif
