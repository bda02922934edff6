public import Verdicts

/// The tables of incidents and of notices on their way, in the verifier's state database or in one that several proxies share.
public enum AlertSchema {
    /// One text for each version, in the order of versions: SQLite's words for types, which ``SQLDialect/statements(_:)`` translates.
    /// What has shipped is never changed.
    public static let texts = [
        """
        CREATE TABLE incident (
            fingerprint TEXT PRIMARY KEY,
            operation TEXT NOT NULL,
            kind TEXT NOT NULL,
            path TEXT NOT NULL,
            difference_kind TEXT,
            severity TEXT NOT NULL,
            first_seen INTEGER NOT NULL,
            last_seen INTEGER NOT NULL,
            count INTEGER NOT NULL,
            cascades INTEGER NOT NULL DEFAULT 0,
            noise INTEGER NOT NULL DEFAULT 0,
            persistence TEXT NOT NULL,
            sample_evidence TEXT NOT NULL,
            legacy_value TEXT,
            candidate_value TEXT,
            cause TEXT,
            raised INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE incident_root (
            evidence TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE notice (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            webhook_id TEXT NOT NULL UNIQUE,
            channel TEXT NOT NULL,
            fingerprint TEXT,
            body TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
            attempts INTEGER NOT NULL DEFAULT 0,
            next_attempt_at INTEGER NOT NULL,
            last_outcome TEXT,
            ended_at INTEGER
        ) STRICT;
        CREATE INDEX notice_due ON notice (channel, next_attempt_at) WHERE state = 'waiting';
        """,
        """
        ALTER TABLE notice ADD COLUMN claimed_by TEXT;
        ALTER TABLE notice ADD COLUMN claimed_until INTEGER;
        """,
    ]

    /// Given to `StateDatabase.migrate`.
    public static let schema = StateSchema(
        module: "alerting",
        steps: texts.map { text in
            { db in
                let connection = SQLiteConnection(db)
                for statement in SQLDialect.sqlite.statements(text) { try connection.execute(statement, []) }
            }
        })
}
