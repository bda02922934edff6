#if PostgreSQL
    import PostgreSQLClient
#endif

extension PayoutServiceConfiguration.Store {
    /// Whether other services may change the same accounts.
    var hasOtherWriters: Bool {
        switch self {
        case .memory, .sqlite: false
        #if PostgreSQL
            case .postgres: true
        #endif
        }
    }

    /// Opens the books. A SQLite file is made or migrated; PostgreSQL's schema must be of this version.
    func open() async throws -> any BookStore {
        switch self {
        case .memory: try SQLiteBooks.open(path: nil)
        case .sqlite(let path): try SQLiteBooks.open(path: path)
        #if PostgreSQL
            case .postgres(let settings): try await PostgresBooks.open(settings)
        #endif
        }
    }
}

#if PostgreSQL
    extension PayoutServiceConfiguration.Store {
        /// The schema that the payout service's tables are in unless the address names one.
        public static let defaultSchema = "payout"

        /// - Parameter address: as ``PostgresSettings`` takes it.
        /// - Throws: ``PostgresSettings/Refusal`` for an address that can't be used.
        public static func postgres(address: String) throws -> PayoutServiceConfiguration.Store {
            .postgres(try PostgresSettings(address, schema: defaultSchema))
        }
    }

    /// Makes and changes the payout service's tables in PostgreSQL; no service does that on its own, since others may be running.
    public enum BooksMigration {
        /// - Parameter address: as ``PostgresSettings`` takes it.
        /// - Returns: the names of the changes that were made; none if the schema was of this version.
        /// - Throws: ``PostgresSettings/Refusal``, or ``PostgresError``, also for a schema newer than this program.
        public static func run(address: String) async throws -> [String] {
            try await run(PostgresSettings(address, schema: PayoutServiceConfiguration.Store.defaultSchema))
        }

        static func run(_ settings: PostgresSettings) async throws -> [String] {
            let pool = PostgresPool(settings.atLeisure)
            defer { pool.close() }
            return try await PostgresBooksSchema.schema.migrate(pool)
        }
    }
#endif
