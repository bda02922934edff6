#if PostgreSQL
    import Alerting
    public import PostgreSQLClient
    import Verdicts

    /// The tables that several proxies share, and how they came to be. A migration that has shipped is never changed.
    public enum SharedSchema {
        /// Where the tables are unless the address says otherwise (`schema=`).
        public static let name = "countersign"

        public static let schema = PostgresSchema(
            program: "countersign", command: "countersign migrate --store postgres://…",
            [
                PostgresSchema.Migration("instances, counts and evidence", SQLDialect.postgres.statements(figures)),
                PostgresSchema.Migration(
                    "incidents and notices", AlertSchema.texts.prefix(2).flatMap { SQLDialect.postgres.statements($0) }),
                PostgresSchema.Migration("keys at proxies", SQLDialect.postgres.statements(keys)),
                PostgresSchema.Migration("rollouts", SQLDialect.postgres.statements(RolloutSchema.text)),
                PostgresSchema.Migration("the life of incidents", SQLDialect.postgres.statements(AlertSchema.texts[2])),
                PostgresSchema.Migration("senders of outcomes", SQLDialect.postgres.statements(RolloutSchema.senders)),
            ])

        /// Instants are microseconds since 1970.
        private static let figures = """
            CREATE TABLE instance(
                instance TEXT PRIMARY KEY,
                run TEXT NOT NULL,                 -- of the process that last wrote here
                started_at INTEGER NOT NULL,
                last_seen INTEGER NOT NULL,
                note TEXT NOT NULL                 -- its run.json
            );
            CREATE TABLE ledger(
                epoch TEXT PRIMARY KEY,            -- of one counts.ledger: its counts go on from run to run
                instance TEXT NOT NULL,
                in_flight INTEGER NOT NULL,
                awaiting_comparison INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            );
            CREATE TABLE verdict_count(
                epoch TEXT NOT NULL,
                operation TEXT NOT NULL,
                verdict TEXT NOT NULL,             -- a verdict's name, or `received`
                value INTEGER NOT NULL,            -- since the ledger began
                PRIMARY KEY (epoch, operation, verdict)
            );
            CREATE TABLE shipped(
                folder TEXT PRIMARY KEY,           -- a state folder
                seq INTEGER NOT NULL               -- its evidence up to here is in the table below
            );
            CREATE TABLE evidence(
                seq INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                instance TEXT NOT NULL,
                recorded_at INTEGER NOT NULL,
                operation TEXT NOT NULL,
                verdict INTEGER NOT NULL,
                fingerprint TEXT NOT NULL,
                cause TEXT,
                persistence TEXT NOT NULL,
                cascade_of TEXT,
                caught_up INTEGER NOT NULL,
                keys TEXT NOT NULL,                -- JSON list
                differences TEXT NOT NULL,         -- JSON list
                request TEXT NOT NULL,             -- JSON, its body beside it
                request_body BLOB NOT NULL,
                primary_answer TEXT,
                primary_body BLOB,
                shadow_answer TEXT,
                shadow_body BLOB
            );
            CREATE INDEX evidence_by_fingerprint ON evidence(fingerprint, seq);
            CREATE INDEX evidence_by_instance ON evidence(instance, seq);
            CREATE INDEX evidence_by_time ON evidence(recorded_at);
            """

        private static let keys = """
            CREATE TABLE key_sighting(
                key INTEGER NOT NULL,              -- a hash: keys themselves stand in evidence only
                instance TEXT NOT NULL,
                last_seen INTEGER NOT NULL,
                PRIMARY KEY (key, instance)
            );
            CREATE INDEX key_sighting_by_time ON key_sighting(last_seen);
            CREATE TABLE key_conflict(
                key INTEGER PRIMARY KEY,
                since INTEGER NOT NULL,
                until INTEGER NOT NULL
            );
            CREATE INDEX key_conflict_by_time ON key_conflict(until);
            """
    }
#endif
