internal import GRDB

/// The tables of evidence, catch-up and standings.
enum VerdictsSchema {
    static let schema = StateSchema(
        module: "verdicts",
        steps: [
            { db in
                try db.execute(
                    sql: """
                        CREATE TABLE evidence(
                            seq INTEGER PRIMARY KEY AUTOINCREMENT,
                            id TEXT NOT NULL UNIQUE,
                            recorded_at INTEGER NOT NULL,      -- microseconds since 1970
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
                        ) STRICT;
                        CREATE INDEX evidence_by_fingerprint ON evidence(fingerprint, seq);
                        CREATE INDEX evidence_by_operation ON evidence(operation, seq);
                        CREATE INDEX evidence_by_time ON evidence(recorded_at);

                        CREATE TABLE catch_up(
                            id INTEGER PRIMARY KEY AUTOINCREMENT,
                            side TEXT NOT NULL,
                            operation TEXT NOT NULL,
                            keys TEXT NOT NULL,
                            request TEXT NOT NULL,
                            request_body BLOB NOT NULL,
                            primary_answer TEXT NOT NULL,
                            primary_body BLOB NOT NULL,
                            cause TEXT NOT NULL,
                            attempts INTEGER NOT NULL,
                            bytes INTEGER NOT NULL             -- what it counts against the queue's bound
                        ) STRICT;
                        CREATE TABLE catch_up_key(
                            side TEXT NOT NULL,
                            key TEXT NOT NULL,
                            id INTEGER NOT NULL REFERENCES catch_up(id) ON DELETE CASCADE,
                            PRIMARY KEY (side, key, id)
                        ) STRICT, WITHOUT ROWID;
                        CREATE INDEX catch_up_key_by_id ON catch_up_key(id);

                        CREATE TABLE key_standing(
                            key TEXT PRIMARY KEY,
                            standing TEXT NOT NULL,
                            cause TEXT NOT NULL
                        ) STRICT, WITHOUT ROWID;
                        """)
            },
            { db in
                try db.execute(
                    sql: """
                        CREATE TABLE written_key(
                            seq INTEGER PRIMARY KEY AUTOINCREMENT,
                            key TEXT NOT NULL UNIQUE,
                            noted_at INTEGER NOT NULL,         -- microseconds since 1970
                            published INTEGER NOT NULL         -- whether the proxies that share the state know of it
                        ) STRICT;
                        CREATE INDEX written_key_unpublished ON written_key(seq) WHERE published = 0;

                        ALTER TABLE key_standing ADD COLUMN side TEXT; -- who answered the key
                        """)
            },
        ])
}
