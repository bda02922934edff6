#if PostgreSQL
    public import PostgreSQLClient

    /// The core's tables in PostgreSQL, in a schema of their own.
    public enum LegacySchema {
        /// Where an address names no other.
        public static let defaultName = "legacy"

        /// Made from the same definitions as the tables in SQLite.
        public static let postgres = PostgresSchema(
            program: "bank legacy", command: "bank migrate --service legacy",
            [.init("the legacy core's books", [larger] + tables + views + ledgerAccounts)])

        /// Makes or changes the tables; no core does that on its own, since others may be running.
        ///
        /// - Parameter address: as ``PostgresSettings`` takes it.
        /// - Returns: the names of the changes that were made; none if the schema was of this version.
        /// - Throws: ``PostgresSettings/Refusal``, or ``PostgresError``, also for a schema newer than this program.
        public static func migrate(address: String) async throws -> [String] {
            let pool = PostgresPool(try PostgresSettings(address, schema: defaultName).atLeisure)
            defer { pool.close() }
            return try await postgres.migrate(pool)
        }

        /// SQLite's MAX of two numbers, used by steps and views alike.
        private static let larger = """
            CREATE FUNCTION max(BIGINT, BIGINT) RETURNS BIGINT LANGUAGE sql IMMUTABLE PARALLEL SAFE
            AS 'SELECT CASE WHEN $1 > $2 THEN $1 ELSE $2 END'
            """

        private static let tables =
            [MasterSchema.sql, PayoutSchema.sql].flatMap(PostgresDialect.definitions)
            + LedgerTotal.all.flatMap { PostgresDialect.definitions($0.schema) }
        private static let views = [BooksViews.sql, BooksViews.account].flatMap(PostgresDialect.definitions)
        private static let ledgerAccounts = [MasterSchema.ledgerAccounts]
    }
#endif
