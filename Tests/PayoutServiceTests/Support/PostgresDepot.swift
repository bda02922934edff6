#if PostgreSQL
    import PostgreSQLClient
    import Synchronization
    import TestKit

    @testable import PayoutService

    /// Migrated schemas in the tests' common PostgreSQL. Making one takes much longer than emptying it, so they are used again.
    enum PostgresDepot {
        struct Schema: Sendable {
            let address: String

            /// - Parameter foreignKeys: off, nothing is checked between tables.
            func store(foreignKeys: Bool = true) throws -> PayoutServiceConfiguration.Store {
                try .postgres(address: address + (foreignKeys ? "" : "&options=-csession_replication_role%3Dreplica"))
            }
        }

        private static let free = Mutex<[Schema]>([])

        static func take() async throws -> Schema {
            if let schema = free.withLock({ $0.popLast() }) { return schema }
            return try await make(on: try await PostgresServer.shared())
        }

        /// A new one, on any server.
        static func make(on server: PostgresServer) async throws -> Schema {
            let schema = Schema(address: server.address())
            _ = try await BooksMigration.run(address: schema.address)
            return schema
        }

        static func giveBack(_ schema: Schema) async throws {
            let settings = try PostgresSettings(
                schema.address + "&options=-csession_replication_role%3Dreplica", schema: "payout")
            let pool = PostgresPool(settings)
            defer { pool.close() }
            try await pool.transaction { transaction in
                try transaction.execute(
                    """
                    DO $$
                    DECLARE name text;
                    BEGIN
                        FOR name IN SELECT tablename FROM pg_tables
                            WHERE schemaname = current_schema() AND tablename NOT IN ('schema_version', 'books_identity')
                        LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
                    END $$
                    """)
                return .keep(())
            }
            free.withLock { $0.append(schema) }
        }
    }
#endif
