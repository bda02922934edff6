#if PostgreSQL
    import Foundation
    import Verdicts

    /// Writes an instance's counts: what they are, not by how much they grew, so that a write that is repeated, lost or late changes nothing.
    struct FigurePublication: Sendable {
        /// In the place of a verdict's name.
        static let received = "received"
        /// A ledger that nobody has written for so long has lost its proxy, or its proxy its name.
        static let staleMicroseconds: Int64 = 10_000_000

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
                // A ledger has one proxy: a copy of its folder beside it, under whatever name, would overwrite its counts. One that was given
                // another name is free of the old one after a while.
                let ledger = try connection.rows(
                    """
                    INSERT INTO ledger(epoch, instance, in_flight, awaiting_comparison, updated_at) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (epoch) DO UPDATE SET instance = excluded.instance, in_flight = excluded.in_flight,
                        awaiting_comparison = excluded.awaiting_comparison, updated_at = excluded.updated_at
                    WHERE ledger.instance = excluded.instance OR ledger.updated_at < ?
                    RETURNING epoch
                    """,
                    [
                        .text(figures.epoch), .text(instance), SQLValue(figures.inFlight),
                        SQLValue(figures.awaitingComparison), .integer(now), .integer(now - Self.staleMicroseconds),
                    ])
                guard !ledger.isEmpty else { return false }
                // A folder that was restored counts less than before, and some things not at all.
                let counted = figures.operations.filter { $0.received > 0 }.flatMap { counts in
                    [Self.received].map { "\(counts.operation) \($0)" }
                        + counts.verdicts.keys.map { "\(counts.operation) \($0.name)" }
                }
                let list = String(decoding: try JSONEncoder().encode(counted), as: UTF8.self)
                try connection.execute(
                    """
                    DELETE FROM verdict_count WHERE epoch = ? AND operation || ' ' || verdict NOT IN (
                        SELECT json_array_elements_text(CAST(? AS json)))
                    """, [.text(figures.epoch), .text(list)])
                for counts in figures.operations where counts.received > 0 {
                    var values = [(FigurePublication.received, counts.received)]
                    values += counts.verdicts.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key.name, $0.value) }
                    for (name, value) in values {
                        try connection.execute(
                            """
                            INSERT INTO verdict_count(epoch, operation, verdict, value) VALUES (?, ?, ?, ?)
                            ON CONFLICT (epoch, operation, verdict) DO UPDATE SET value = excluded.value
                            WHERE verdict_count.value <> excluded.value
                            """, [.text(figures.epoch), .text(counts.operation), .text(name), SQLValue(value)])
                    }
                }
                return true
            }
        }
    }
#endif
