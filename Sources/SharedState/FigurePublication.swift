#if PostgreSQL
    import Verdicts

    /// Writes an instance's counts: what they are, not by how much they grew, so that a write that is repeated, lost or late changes nothing.
    struct FigurePublication: Sendable {
        /// In the place of a verdict's name.
        static let received = "received"

        let store: PostgresStore
        let instance: String
        /// Of this process.
        let run: String
        let startedAt: Int64

        /// - Parameter now: microseconds since 1970.
        /// - Returns: false when a process that was started later goes by the same name; nothing is written then.
        func publish(_ figures: InstanceFigures, now: Int64) async throws -> Bool {
            let (instance, run, startedAt) = (instance, run, startedAt)
            return try await store.transaction { connection in
                let mine = try connection.rows(
                    """
                    INSERT INTO instance(instance, run, started_at, last_seen, note) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (instance) DO UPDATE SET run = excluded.run, started_at = excluded.started_at,
                        last_seen = excluded.last_seen, note = excluded.note
                    WHERE instance.run = excluded.run OR instance.started_at <= excluded.started_at
                    RETURNING run
                    """, [.text(instance), .text(run), .integer(startedAt), .integer(now), .text(figures.note)])
                guard !mine.isEmpty else { return false }
                try connection.execute(
                    """
                    INSERT INTO ledger(epoch, instance, in_flight, awaiting_comparison, updated_at) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (epoch) DO UPDATE SET instance = excluded.instance, in_flight = excluded.in_flight,
                        awaiting_comparison = excluded.awaiting_comparison, updated_at = excluded.updated_at
                    """,
                    [
                        .text(figures.epoch), .text(instance), SQLValue(figures.inFlight),
                        SQLValue(figures.awaitingComparison), .integer(now),
                    ])
                for counts in figures.operations where counts.received > 0 {
                    var values = [(FigurePublication.received, counts.received)]
                    values += counts.verdicts.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key.name, $0.value) }
                    for (name, value) in values {
                        try connection.execute(
                            """
                            INSERT INTO verdict_count(epoch, operation, verdict, value) VALUES (?, ?, ?, ?)
                            ON CONFLICT (epoch, operation, verdict) DO UPDATE SET value = excluded.value
                            """, [.text(figures.epoch), .text(counts.operation), .text(name), SQLValue(value)])
                    }
                }
                return true
            }
        }
    }
#endif
