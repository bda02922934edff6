/// What keeps a second payment of a day out: the check and the posting in one transaction, over all channels.
enum DeliveryFaults {
    static let all = [
        Fault(
            name: "double-pay-when-concurrent", policy: .delivery,
            about: "Whether today is paid is checked before the posting's transaction: of two payouts at once both pay."
        ) { policies in
            policies.delivery.compose = { books in
                try await withoutDailyGuard(books)
                return EarlyCheckBooks(books: books)
            }
        },
        Fault(
            name: "batch-and-click-both-pay", policy: .delivery,
            about:
                "The monthly batch looks for payouts of the batch alone, and a click for those of clicks: each pays the day once."
        ) { policies in
            policies.delivery.compose = { books in
                try await withoutDailyGuard(books)
                return SplitChannelBooks(books: books)
            }
        },
    ]

    /// Takes the unique index of payouts by account and date out of this store; the claim's row is left out by ``WatchedSession``.
    private static func withoutDailyGuard(_ books: any BookStore) async throws {
        try await books.change { books in
            try books.execute("DROP INDEX IF EXISTS payout_once_a_day")
            try books.execute("CREATE INDEX IF NOT EXISTS payout_by_account ON payout (account_id, business_day)")
        }
    }
}
