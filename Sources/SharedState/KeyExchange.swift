#if PostgreSQL
    import Alerting
    import Verdicts

    /// Tells the shared store which keys were seen here, and learns which of them turned up at two proxies.
    struct KeyExchange: Sendable {
        /// Keys of one statement.
        static let together = 4_096
        /// Sightings that are deleted in one transaction.
        static let forgottenTogether = 20_000
        /// Keys at two proxies that are remembered at a time, the latest first.
        static let conflictsMax = 100_000

        static let warning = IncidentWarning(
            kind: "key-at-two-proxies", operation: "ordered operations",
            cause:
                "keys turned up at two proxies within the window, so their order is not known to be the same on both sides and their "
                + "verdicts are not-comparable: balance requests by key in front of the proxies (docs/operations.md)")

        let store: PostgresStore
        let desk: IncidentDesk
        let instance: String
        /// Microseconds.
        let window: Int64

        /// Tells at most ``together`` keys.
        ///
        /// - Returns: how many of them are newly known to be at two proxies.
        func tell(_ keys: [UInt64], now: Int64) async throws -> Int {
            guard !keys.isEmpty else { return 0 }
            let list = "[" + keys.map { String(Int64(bitPattern: $0)) }.joined(separator: ",") + "]"
            let given = "SELECT CAST(value AS BIGINT) AS key FROM json_array_elements_text(CAST(? AS json))"
            let oldest = now - window - window / KeyWatch.parts
            let (instance, desk, until) = (instance, desk, now + window)
            return try await store.transaction { connection in
                // One after the other: of two who tell the same key at once, the second sees the first.
                try connection.lock("keys")
                try connection.execute(
                    """
                    INSERT INTO key_sighting(key, instance, last_seen) SELECT key, ?, ? FROM (\(given)) AS given
                    ON CONFLICT (key, instance) DO UPDATE SET last_seen = GREATEST(key_sighting.last_seen, excluded.last_seen)
                    """, [.text(instance), .integer(now), .text(list)])
                let met = """
                    SELECT DISTINCT s.key FROM key_sighting AS s JOIN (\(given)) AS given ON given.key = s.key
                    WHERE s.instance <> ? AND s.last_seen >= ?
                    """
                let fresh =
                    try connection.rows(
                        "SELECT count(*) FROM (\(met)) AS met WHERE key NOT IN (SELECT key FROM key_conflict WHERE until > ?)",
                        [.text(list), .text(instance), .integer(oldest), .integer(now)]
                    ).first.map { Int(try $0.integer(0)) } ?? 0
                try connection.execute(
                    """
                    INSERT INTO key_conflict(key, since, until) SELECT key, CAST(? AS BIGINT), CAST(? AS BIGINT) FROM (\(met)) AS met
                    ON CONFLICT (key) DO UPDATE SET until = excluded.until,
                        since = CASE WHEN key_conflict.until <= excluded.since THEN excluded.since ELSE key_conflict.since END
                    """, [.integer(now), .integer(until), .text(list), .text(instance), .integer(oldest)])
                if fresh > 0 { try desk.warn(Self.warning, occurrences: fresh, at: now, on: connection) }
                return fresh
            }
        }

        /// The keys that are at two proxies now, whoever saw it.
        func conflicts(now: Int64) async throws -> [UInt64] {
            try await store.read { connection in
                try connection.rows(
                    "SELECT key FROM key_conflict WHERE until > ? ORDER BY until DESC LIMIT ?",
                    [.integer(now), SQLValue(Self.conflictsMax)]
                ).map { UInt64(bitPattern: try $0.integer(0)) }
            }
        }

        /// Deletes what is out of the window, some thousand rows at a time, until nothing of it is left.
        func forget(now: Int64) async throws {
            let oldest = now - 2 * window
            var gone = KeyExchange.forgottenTogether
            while gone >= KeyExchange.forgottenTogether {
                gone = try await store.write { connection in
                    try connection.execute("DELETE FROM key_conflict WHERE until < ?", [.integer(oldest)])
                    return try connection.rows(
                        """
                        WITH gone AS (DELETE FROM key_sighting WHERE (key, instance) IN (
                            SELECT key, instance FROM key_sighting WHERE last_seen < ? LIMIT ? FOR UPDATE SKIP LOCKED) RETURNING 1)
                        SELECT count(*) FROM gone
                        """, [.integer(oldest), SQLValue(KeyExchange.forgottenTogether)]
                    ).first.map { Int(try $0.integer(0)) } ?? 0
                }
            }
        }
    }
#endif
