/// The outbox table of the payment's own database, for one worker.
struct SQLiteEventOutbox: StoredEventOutbox {
    let books: any BookStore

    func due(at unixMilliseconds: Int64, limit: Int) async throws -> [PublishedTaxEvent] {
        try await books.look { books in
            try books.rows(
                """
                SELECT position, event_id, account_id, payload, attempts FROM tax_outbox o
                WHERE state = 'PENDING' AND due_at <= ? AND NOT EXISTS (
                    SELECT 1 FROM tax_outbox e WHERE e.account_id = o.account_id AND e.state = 'PENDING'
                    AND e.position < o.position AND e.due_at > ?)
                ORDER BY position LIMIT ?
                """, [.init(unixMilliseconds), .init(unixMilliseconds), .integer(Int64(limit))]
            ).map(PublishedTaxEvent.init)
        }
    }
}
