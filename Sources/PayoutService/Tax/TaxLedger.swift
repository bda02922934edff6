import GRDB

/// Books tax events: one transaction each, once in effect.
protocol TaxLedger: Sendable {
    /// False if the event was booked before, or its payout is gone: both need nothing more.
    func book(_ event: TaxEvent, at unixMilliseconds: Int64) async throws -> Bool
}

struct SQLiteTaxLedger: TaxLedger {
    let books: SQLiteBooks

    func book(_ event: TaxEvent, at unixMilliseconds: Int64) async throws -> Bool {
        let posting = try TaxPosting(event)
        return try await books.database.write { database in
            let seen = try database.cachedStatement(sql: "SELECT 1 FROM tax_inbox WHERE event_id = ?")
            if try Bool.fetchOne(seen, arguments: [event.eventId]) != nil { return false }
            // A fixture may have replaced the account, with its payouts, since the event was read.
            let paid = try database.cachedStatement(sql: "SELECT 1 FROM payout WHERE payout_id = ?")
            if try Bool.fetchOne(paid, arguments: [event.payoutId]) == nil { return false }
            let session = SQLiteSession(database: database, omitting: books.omitting)
            try session.execute(posting.steps + [posting.inbox(at: unixMilliseconds)])
            return true
        }
    }
}
