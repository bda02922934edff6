#if PostgreSQL
    public import PostgreSQLClient
    import Verdicts

    /// The database that several proxies share, by its address.
    public struct SharedStateDatabase: Sendable {
        public let pool: PostgresPool

        public var store: PostgresStore { PostgresStore(pool) }
        /// Host, port and database, without user and secret.
        public var place: String { pool.settings.place }

        /// Nothing is connected yet.
        ///
        /// - Parameter address: `postgres://…`, with the parameters of ``PostgresSettings``.
        /// - Throws: `PostgresSettings.Refusal`, a sentence that says what is wrong with the address.
        public init(address: String) throws(PostgresSettings.Refusal) {
            pool = PostgresPool(try PostgresSettings(address, schema: SharedSchema.name))
        }

        /// Refuses a schema of another version (`PostgresError` of kind `schema`), naming the mend.
        public func check() async throws { try await SharedSchema.schema.check(pool) }

        public func close() { pool.close() }

        /// Brings the tables to this program's version.
        ///
        /// - Returns: the names of what was changed.
        public static func migrate(address: String) async throws -> [String] {
            let pool = PostgresPool(try PostgresSettings(address, schema: SharedSchema.name).atLeisure)
            defer { pool.close() }
            return try await SharedSchema.schema.migrate(pool)
        }
    }
#endif
