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
        """
        ALTER TABLE incident ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
        ALTER TABLE incident ADD COLUMN opened_at INTEGER;
        ALTER TABLE incident ADD COLUMN disagreed_at INTEGER;
        ALTER TABLE incident ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE incident ADD COLUMN told_step TEXT;
        ALTER TABLE incident ADD COLUMN told_at INTEGER;
        ALTER TABLE incident ADD COLUMN told_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE incident ADD COLUMN told_severity TEXT;
        ALTER TABLE incident ADD COLUMN told_channels TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE incident ADD COLUMN clean INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE incident ADD COLUMN resolved_at INTEGER;
        ALTER TABLE incident ADD COLUMN resolved_because TEXT;
        ALTER TABLE incident ADD COLUMN sample TEXT;
        ALTER TABLE incident ADD COLUMN rollout TEXT;
        UPDATE incident SET opened_at = first_seen, disagreed_at = last_seen;
        UPDATE incident SET told_step = 'opened', told_at = last_seen, told_count = count, told_severity = severity
            WHERE raised <> 0;
        CREATE INDEX incident_live ON incident (state, told_step);
        ALTER TABLE notice ADD COLUMN kind TEXT NOT NULL DEFAULT 'incident.opened';
        ALTER TABLE notice ADD COLUMN items TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE notice ADD COLUMN folded_into TEXT;
        CREATE TABLE alert_group (
            name TEXT PRIMARY KEY,
            last_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE channel_state (
            channel TEXT PRIMARY KEY,
            window_from INTEGER NOT NULL DEFAULT 0,
            window_count INTEGER NOT NULL DEFAULT 0,
            heartbeat_at INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            paused_until INTEGER NOT NULL DEFAULT 0,
            disabled_at INTEGER,
            disabled_because TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE digest_item (
            channel TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            step TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (channel, fingerprint)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE clean_source (
            source TEXT NOT NULL,
            operation TEXT NOT NULL,
            clean INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (source, operation)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE verifier (
            source TEXT PRIMARY KEY,
            at INTEGER NOT NULL,
            lost INTEGER NOT NULL,
            diverged INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE silence (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            operation TEXT,
            fingerprint TEXT,
            author TEXT NOT NULL,
            reason TEXT NOT NULL,
            starts_at INTEGER NOT NULL,
            ends_at INTEGER NOT NULL,
            ended_by TEXT
        ) STRICT;
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

    /// Whether the tables are as this version has them; true where there are none yet.
    public static func isCurrent(in database: StateDatabase) throws(StateError) -> Bool {
        try database.reading { db in
            let rows = try SQLiteConnection(db).rows("SELECT version FROM schema_version WHERE module = 'alerting'")
            return try rows.first.map { try $0.integer(0) == texts.count } ?? true
        }
    }
}
