#if PostgreSQL
    /// The versions of a program's tables in one schema of a database. Every change of a table is one more migration.
    public struct PostgresSchema: Sendable {
        public struct Migration: Sendable {
            public var name: String
            /// Statements, carried out in one transaction.
            public var statements: [String]

            public init(_ name: String, _ statements: [String]) {
                self.name = name
                self.statements = statements
            }
        }

        /// In their order, the first is version 1.
        public let migrations: [Migration]
        /// The program and the command that migrates, for sentences: `bank payout`, `bank migrate --service payout`.
        let program: String
        let command: String

        public init(program: String, command: String, _ migrations: [Migration]) {
            self.program = program
            self.command = command
            self.migrations = migrations
        }

        /// Brings the schema to this program's version, one at a time whoever else tries; a newer one is left alone and refused.
        ///
        /// - Returns: the names of the migrations that were carried out.
        public func migrate(_ pool: PostgresPool) async throws -> [String] {
            let schema = pool.settings.schema
            return try await pool.transaction { transaction in
                // Any number does that is the same for all who migrate this schema; it is given up with the transaction.
                _ = try transaction.query("SELECT pg_advisory_xact_lock(hashtext($1))", [.text("countersign schema " + schema)])
                try transaction.execute(#"CREATE SCHEMA IF NOT EXISTS "\#(schema)""#)
                try transaction.execute(
                    "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())"
                )
                let version = try self.version(transaction, schema)
                guard version <= migrations.count else { throw newer(version, schema) }
                for (index, migration) in migrations.enumerated().dropFirst(version) {
                    for statement in migration.statements { try transaction.execute(statement) }
                    try transaction.execute(
                        "INSERT INTO schema_version (version, name) VALUES ($1, $2)",
                        [.integer(Int64(index + 1)), .text(migration.name)])
                }
                return .keep(migrations.dropFirst(version).map(\.name))
            }
        }

        /// Refuses to go on with a schema of another version, and says what to do.
        public func check(_ pool: PostgresPool) async throws {
            let schema = pool.settings.schema
            let version = try await pool.read { transaction -> Int in
                let known = try transaction.query("SELECT to_regclass($1) IS NOT NULL", [.text("\"\(schema)\".schema_version")])
                guard try known.first?.flag(0) == true else { return 0 }
                return try self.version(transaction, schema)
            }
            if version > migrations.count { throw newer(version, schema) }
            guard version == migrations.count else {
                throw PostgresError(
                    .schema,
                    "the schema `\(schema)` at \(pool.settings.place) is at version \(version), and \(program) needs \(migrations.count): run `\(command)` first"
                )
            }
        }

        private func version(_ transaction: PostgresTransaction, _ schema: String) throws(PostgresError) -> Int {
            Int(try transaction.query("SELECT coalesce(max(version), 0) FROM schema_version").first?.integer(0) ?? 0)
        }

        private func newer(_ version: Int, _ schema: String) -> PostgresError {
            PostgresError(
                .schema,
                "the schema `\(schema)` is at version \(version), and this \(program) knows \(migrations.count): a newer one has migrated it; run that one"
            )
        }
    }
#endif
