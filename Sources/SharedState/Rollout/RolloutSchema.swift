#if PostgreSQL
    /// The tables of rollouts, one row or chain for each plan. Instants are microseconds since 1970, by the database's own clock.
    enum RolloutSchema {
        static let text = """
            CREATE TABLE rollout(
                plan TEXT PRIMARY KEY,
                version INTEGER NOT NULL,
                document TEXT NOT NULL             -- JSON: the state, and how far the log goes
            );
            CREATE TABLE rollout_log(
                plan TEXT NOT NULL,
                sequence INTEGER NOT NULL,
                line BLOB NOT NULL,                -- of the audit log, as every proxy writes it
                PRIMARY KEY (plan, sequence)
            );
            CREATE TABLE rollout_lead(
                plan TEXT PRIMARY KEY,
                instance TEXT NOT NULL,            -- of one process
                term INTEGER NOT NULL,
                until_at INTEGER NOT NULL
            );
            CREATE TABLE rollout_outcome(
                seq INTEGER PRIMARY KEY AUTOINCREMENT,
                plan TEXT NOT NULL,
                body BLOB NOT NULL                 -- JSON
            );
            CREATE TABLE rollout_evidence(
                plan TEXT PRIMARY KEY,
                through INTEGER NOT NULL,          -- outcomes up to here are in it
                body BLOB NOT NULL                 -- JSON
            );
            CREATE TABLE rollout_key(
                seq INTEGER PRIMARY KEY AUTOINCREMENT,
                plan TEXT NOT NULL,
                key BLOB NOT NULL,                 -- its bytes
                instance TEXT NOT NULL,
                UNIQUE (plan, key)
            );
            """

        static let senders = """
            CREATE TABLE rollout_sender(
                plan TEXT NOT NULL,
                instance TEXT NOT NULL,            -- of one process
                number INTEGER NOT NULL,           -- of its last batch: one that is sent again is here already
                at INTEGER NOT NULL,
                PRIMARY KEY (plan, instance)
            );
            """
    }
#endif
