import GRDB

/// The outbox table of the payment's own database.
struct SQLiteEventOutbox: EventOutbox {
    let database: any DatabaseWriter

    func due(at unixMilliseconds: Int64, limit: Int) async throws -> [PublishedTaxEvent] {
        try await database.look { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT position, event_id, account_id, payload, attempts FROM tax_outbox o
                    WHERE state = 'PENDING' AND due_at <= ? AND NOT EXISTS (
                        SELECT 1 FROM tax_outbox e WHERE e.account_id = o.account_id AND e.state = 'PENDING'
                        AND e.position < o.position AND e.due_at > ?)
                    ORDER BY position LIMIT ?
                    """)
            return try Row.fetchAll(statement, arguments: [unixMilliseconds, unixMilliseconds, limit]).map { row in
                PublishedTaxEvent(position: row[0], eventId: row[1], accountId: row[2], payload: row[3], attempts: row[4])
            }
        }
    }

    func acknowledge(_ positions: [Int64]) async throws {
        guard !positions.isEmpty else { return }
        try await database.write { database in
            let statement = try database.cachedStatement(sql: "UPDATE tax_outbox SET state = 'DONE' WHERE position = ?")
            for position in positions { try statement.execute(arguments: [position]) }
        }
    }

    func postpone(_ event: PublishedTaxEvent, until unixMilliseconds: Int64, reason: String) async throws {
        try await database.write { database in
            try database.execute(
                sql: "UPDATE tax_outbox SET attempts = attempts + 1, due_at = ?, last_error = ? WHERE position = ?",
                arguments: [unixMilliseconds, reason, event.position])
        }
    }

    func bury(_ event: PublishedTaxEvent, at unixMilliseconds: Int64, reason: String) async throws {
        try await database.write { database in
            try database.execute(
                sql: "UPDATE tax_outbox SET state = 'DEAD', attempts = attempts + 1, last_error = ? WHERE position = ?",
                arguments: [reason, event.position])
            try database.execute(
                sql: """
                    INSERT INTO tax_dead_letter (event_id, account_id, payload, attempts, reason, buried_at) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (event_id) DO UPDATE SET attempts = excluded.attempts, reason = excluded.reason
                    """,
                arguments: [event.eventId, event.accountId, event.payload, event.attempts + 1, reason, unixMilliseconds])
        }
    }
}
