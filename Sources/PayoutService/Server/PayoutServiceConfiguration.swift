public import InterestContract

#if PostgreSQL
    public import PostgreSQLClient
#endif

/// How a payout service is started.
public struct PayoutServiceConfiguration: Sendable {
    /// Where the books are.
    public enum Store: Sendable, Hashable {
        /// In this process's memory: gone when it ends. Reads wait for writes.
        case memory
        /// A SQLite file, made if it is missing; what it holds is kept.
        case sqlite(path: String)
        #if PostgreSQL
            /// A schema of a PostgreSQL database, made by ``BooksMigration``.
            case postgres(PostgresSettings)
        #endif
    }

    public var host = "127.0.0.1"
    /// 0 takes any free port; `run(onReady:)` tells which.
    public var port = 0
    public var store: Store
    /// Loaded into an empty store only.
    public var products: ProductCatalogue
    /// Loaded into an empty store only.
    public var accounts: [FixtureAccount]
    /// Whether `POST /v1/fixtures` is served.
    public var allowFixtures = false
    /// Names out of ``Faults/all``: deliberate mistakes, for proving that they are found.
    public var faults: [String] = []
    /// The faults act only while the service answers more payouts than this in a second itself; nil: always.
    public var faultsAbove: Int?
    /// Books taxes in a background task of this service. Off, a ``TaxWorker`` on the same file must do it.
    public var embeddedTaxWorker = true
    /// The address of a Kafka topic that tax events are sent to; ``KafkaTaxWorker``s book from there, and this service doesn't. See
    /// ``TaxTopic``.
    public var taxEvents: String?
    /// Where to kill this process, for a test.
    public var crash: CrashPlan?
    /// The most previews that are kept in memory.
    public var cachedPreviews = 100_000
    /// The address of a Redis that previews are kept in, instead of in memory; see ``RedisUse``.
    public var redisCache: String?
    /// The address of a Redis that refuses a second write to an account while one is under way.
    public var redisLock: String?

    public init(store: Store = .memory, products: ProductCatalogue, accounts: [FixtureAccount] = []) {
        self.store = store
        self.products = products
        self.accounts = accounts
    }
}
