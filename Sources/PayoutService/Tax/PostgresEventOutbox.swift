#if PostgreSQL
    /// The outbox table in PostgreSQL, for any number of workers.
    ///
    /// An event that is taken becomes due again only after ``claimMilliseconds``: so no other worker takes it meanwhile, and a worker that
    /// dies loses nothing. Holding a transaction open instead would keep locks and a connection through a whole batch, and a worker that
    /// hangs would hold them for ever. A worker that is slower than its claim is met by another one at the inbox, which books once.
    ///
    /// Only an account's first pending event is ever taken, one that is claimed or waits for its next attempt included: two workers can't
    /// have two events of one account at once, so that they are booked in order.
    struct PostgresEventOutbox: StoredEventOutbox {
        static let claimMilliseconds: Int64 = 30_000

        let books: any BookStore

        func due(at unixMilliseconds: Int64, limit: Int) async throws -> [PublishedTaxEvent] {
            try await books.change { books in
                // What another worker is taking at this moment is skipped, not waited for.
                try books.rows(
                    """
                    UPDATE tax_outbox SET due_at = ? WHERE position IN (
                        SELECT position FROM tax_outbox o WHERE state = 'PENDING' AND due_at <= ? AND NOT EXISTS (
                            SELECT 1 FROM tax_outbox e WHERE e.account_id = o.account_id AND e.state = 'PENDING'
                            AND e.position < o.position)
                        ORDER BY position LIMIT ? FOR UPDATE SKIP LOCKED)
                    RETURNING position, event_id, account_id, payload, attempts
                    """,
                    [
                        .init(unixMilliseconds + PostgresEventOutbox.claimMilliseconds), .init(unixMilliseconds),
                        .integer(Int64(limit)),
                    ]
                ).map(PublishedTaxEvent.init).sorted { $0.position < $1.position }
            }
        }
    }
#endif
