/// Books tax events: one transaction each, once in effect.
protocol TaxLedger: Sendable {
    /// False if the event was booked before, or its payout is gone: both need nothing more.
    func book(_ event: TaxEvent, at unixMilliseconds: Int64) async throws -> Bool
}

/// Books into the payment's own database.
struct StoredTaxLedger: TaxLedger {
    let books: any BookStore
    /// Whether events come through a topic, where ``PublishedEvents`` counts them.
    var readsTopic = false
    /// Runs at the end of the booking's transaction; throwing undoes it.
    var beforeCommit: @Sendable () throws -> Void = {}

    func book(_ event: TaxEvent, at unixMilliseconds: Int64) async throws -> Bool {
        let posting = try TaxPosting(event)
        let omitting = books.omitting
        let readsTopic = readsTopic
        let beforeCommit = beforeCommit
        // The inbox row comes first: who books the same event at the same time waits there, before it has done anything.
        let steps = [posting.inbox(at: unixMilliseconds)] + posting.steps
        do {
            return try await books.change { books in
                // A fixture may have replaced the account, with its payouts, since the event was read.
                let state = try books.rows([
                    BookQuery("SELECT 1 FROM tax_inbox WHERE event_id = ?", [.init(event.eventId)]),
                    BookQuery("SELECT 1 FROM payout WHERE payout_id = ?", [.init(event.payoutId)]),
                ])
                if readsTopic { try PublishedEvents.remove(event.eventId, in: books) }
                guard state.count == 2, state[0].isEmpty, !state[1].isEmpty else { return false }
                try BooksSession(connection: books, omitting: omitting).execute(steps)
                try beforeCommit()
                return true
            }
        } catch BooksFailure.bookedAlready {
            // Another worker was faster, and its transaction has removed what it found; what was sent again since is ours to remove.
            if readsTopic { try await books.change { try PublishedEvents.remove(event.eventId, in: $0) } }
            return false
        }
    }
}
