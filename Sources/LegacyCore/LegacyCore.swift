import Foundation
import Hummingbird
public import InterestContract
public import Logging
import NIOCore

#if PostgreSQL
    public import PostgreSQLClient
#endif

/// How a legacy core is started.
public struct LegacyCoreConfiguration: Sendable {
    public enum Store: Sendable, Hashable {
        /// In this process alone, gone when it ends.
        case memory
        /// A database file with its write-ahead log beside it; made if missing, kept if it has data.
        case sqlite(path: String)
        #if PostgreSQL
            /// A server's database whose schema has been migrated (``LegacySchema``); kept if it has data.
            case postgres(PostgresSettings)

            /// Throws `PostgresSettings.Refusal`, which says what is wrong with the address.
            public static func postgres(address: String) throws -> Store {
                .postgres(try PostgresSettings(address, schema: LegacySchema.defaultName))
            }
        #endif
    }

    public var host: String
    /// 0 lets the system choose; `run` tells which.
    public var port: Int
    public var store: Store
    /// Loaded into an empty store only.
    public var products: ProductCatalogue
    public var accounts: [FixtureAccount]
    public var allowFixtures: Bool
    public var latency: LatencyEmulation

    public init(
        host: String = "127.0.0.1", port: Int = 0, store: Store = .memory, products: ProductCatalogue,
        accounts: [FixtureAccount] = [], allowFixtures: Bool = false, latency: LatencyEmulation = .none
    ) {
        self.host = host
        self.port = port
        self.store = store
        self.products = products
        self.accounts = accounts
        self.allowFixtures = allowFixtures
        self.latency = latency
    }
}

/// The twenty-year-old core bank in miniature: one database, interest walked row by row and day by day, and 80 statements in one
/// transaction for each payout.
public struct LegacyCore: Sendable {
    let database: CoreDatabase
    let desk: Desk
    private let configuration: LegacyCoreConfiguration
    private let logger: Logger

    /// Opens the store and fills it if it is empty.
    ///
    /// Throws `Problem` where a fixture breaks the rules, and the database's own errors: PostgreSQL's for a schema of another version too.
    public init(_ configuration: LegacyCoreConfiguration, logger: Logger) async throws {
        try await self.init(configuration, logger: logger, foreignKeys: true)
    }

    /// - Parameters:
    ///   - foreignKeys: off where the audit alone must find what is missing; of SQLite.
    ///   - now: seconds since 1970.
    init(
        _ configuration: LegacyCoreConfiguration, logger: Logger, foreignKeys: Bool,
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    ) async throws {
        database = try await CoreDatabase(configuration.store, foreignKeys: foreignKeys)
        let loaded = try await FixtureLoading.fill(
            database, products: configuration.products, accounts: configuration.accounts)
        if let loaded {
            logger.info("empty store filled", metadata: ["accounts": "\(loaded)"])
        } else {
            logger.info("store kept as it was; fixtures and products of the command line were not loaded")
        }
        desk = Desk(
            calls: CoreCalls(database: database), allowFixtures: configuration.allowFixtures, now: now,
            logger: logger)
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until it is cancelled or shut down gracefully.
    ///
    /// - Parameter onReady: called once with the port it listens on.
    public func run(onReady: @escaping @Sendable (Int) async -> Void) async throws {
        let application = Application(
            responder: CoreResponder(desk: desk, latency: LatencySource(configuration.latency)),
            configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) }, logger: logger)
        try await application.run()
    }
}
