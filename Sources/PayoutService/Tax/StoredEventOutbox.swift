/// What the outbox tables of both engines have in common: how an event leaves them.
///
/// Only a pending event is postponed or buried: another worker may have booked it meanwhile.
protocol StoredEventOutbox: EventOutbox {
    var books: any BookStore { get }
}

extension StoredEventOutbox {
    func acknowledge(_ positions: [Int64]) async throws {
        guard !positions.isEmpty else { return }
        try await books.change { books in
            for position in positions {
                try books.execute(StoredOutboxTexts.done, [.init(position)])
                // It may have been noted for a topic that it never reached.
                try books.execute(
                    "DELETE FROM tax_published WHERE event_id = (SELECT event_id FROM tax_outbox WHERE position = ?)",
                    [.init(position)])
            }
        }
    }

    func handOver(_ positions: [Int64]) async throws {
        guard !positions.isEmpty else { return }
        try await books.change { books in
            for position in positions { try books.execute(StoredOutboxTexts.done, [.init(position)]) }
        }
    }

    func postpone(_ event: PublishedTaxEvent, until unixMilliseconds: Int64, reason: String) async throws {
        try await books.change { books in
            try books.execute(
                """
                UPDATE tax_outbox SET attempts = attempts + 1, due_at = ?, last_error = ?
                WHERE position = ? AND state = 'PENDING'
                """, [.init(unixMilliseconds), .init(reason), .init(event.position)])
        }
    }

    func bury(_ event: PublishedTaxEvent, at unixMilliseconds: Int64, reason: String) async throws {
        try await books.change { books in
            try books.execute(
                """
                UPDATE tax_outbox SET state = 'DEAD', attempts = attempts + 1, last_error = ?
                WHERE position = ? AND state = 'PENDING'
                """, [.init(reason), .init(event.position)])
            try books.execute(
                """
                INSERT INTO tax_dead_letter (event_id, account_id, payload, attempts, reason, buried_at)
                SELECT event_id, account_id, payload, attempts, last_error, CAST(? AS BIGINT) FROM tax_outbox
                WHERE position = ? AND state = 'DEAD'
                ON CONFLICT (event_id) DO UPDATE SET attempts = excluded.attempts, reason = excluded.reason
                """, [.init(unixMilliseconds), .init(event.position)])
        }
    }
}

private enum StoredOutboxTexts {
    /// What a faster reader has given to the dead letters meanwhile stays there.
    static let done = "UPDATE tax_outbox SET state = 'DONE' WHERE position = ? AND state = 'PENDING'"
}

extension PublishedTaxEvent {
    /// Of the columns position, event_id, account_id, payload, attempts.
    init(_ row: any BookRow) throws {
        self.init(
            position: try row.integer(0), eventId: try row.text(1), accountId: try row.text(2), payload: try row.text(3),
            attempts: Int(try row.integer(4)))
    }
}
