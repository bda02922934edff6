/// Events that went, or are about to go, to a topic and are not booked yet: what "pending" means once the outbox has let go of them.
///
/// A row is there before its event is sent, and whoever reads the event takes it away with the booking, or on finding it booked already. So
/// every sending is followed by a removal, also of events that are sent twice, and none stays behind.
enum PublishedEvents {
    static let creation = """
        CREATE TABLE tax_published (
            event_id TEXT NOT NULL PRIMARY KEY, account_id TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tax_published_by_account ON tax_published (account_id);

        DROP VIEW books_totals;
        CREATE VIEW books_totals AS
        SELECT (SELECT count(*) FROM journal) AS journals,
            (SELECT count(*) FROM (SELECT journal_id FROM journal_line GROUP BY journal_id HAVING sum(debit) <> sum(credit)) AS j)
                AS journals_unbalanced,
            (SELECT coalesce(sum(debit), 0) FROM journal_line) AS debits,
            (SELECT coalesce(sum(credit), 0) FROM journal_line) AS credits,
            (SELECT count(*) FROM tax_outbox o WHERE state = 'PENDING'
                AND NOT EXISTS (SELECT 1 FROM tax_published p WHERE p.event_id = o.event_id))
                + (SELECT count(*) FROM tax_published) AS pending_tax_events,
            (SELECT count(*) FROM tax_outbox WHERE state = 'DEAD') AS dead_tax_events,
            (SELECT count(*) FROM account) AS accounts,
            (SELECT count(*) FROM entry) AS entries,
            (SELECT count(*) FROM payout) AS payouts;
        """

    static func note(_ eventId: String, account: String, in books: any BookConnection) throws {
        try books.execute(
            "INSERT INTO tax_published (event_id, account_id) VALUES (?, ?) ON CONFLICT (event_id) DO NOTHING",
            [.init(eventId), .init(account)])
    }

    static func remove(_ eventId: String, in books: any BookConnection) throws {
        try books.execute("DELETE FROM tax_published WHERE event_id = ?", [.init(eventId)])
    }

    /// The event can't be booked: to the dead letters, if the outbox knows it, and nobody has booked it all the same.
    static func bury(
        _ eventId: String, at unixMilliseconds: Int64, attempts: Int, reason: String, in books: any BookConnection
    ) throws {
        try remove(eventId, in: books)
        try books.execute(
            """
            UPDATE tax_outbox SET state = 'DEAD', attempts = ?, last_error = ? WHERE event_id = ?
            AND NOT EXISTS (SELECT 1 FROM tax_inbox i WHERE i.event_id = tax_outbox.event_id)
            """, [.integer(Int64(attempts)), .init(reason), .init(eventId)])
        try books.execute(
            """
            INSERT INTO tax_dead_letter (event_id, account_id, payload, attempts, reason, buried_at)
            SELECT event_id, account_id, payload, attempts, last_error, CAST(? AS BIGINT) FROM tax_outbox
            WHERE event_id = ? AND state = 'DEAD'
            ON CONFLICT (event_id) DO UPDATE SET attempts = excluded.attempts, reason = excluded.reason
            """, [.init(unixMilliseconds), .init(eventId)])
    }

    /// A dead letter is about to be sent again.
    static func exhume(_ eventId: String, in books: any BookConnection) throws {
        try books.execute(
            """
            INSERT INTO tax_published (event_id, account_id) SELECT event_id, account_id FROM tax_outbox
            WHERE event_id = ? AND state = 'DEAD' ON CONFLICT (event_id) DO NOTHING
            """, [.init(eventId)])
        try books.execute("UPDATE tax_outbox SET state = 'DONE' WHERE event_id = ? AND state = 'DEAD'", [.init(eventId)])
        try books.execute("DELETE FROM tax_dead_letter WHERE event_id = ?", [.init(eventId)])
    }
}
