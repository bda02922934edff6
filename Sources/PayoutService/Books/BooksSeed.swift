import InterestContract

extension BookStore {
    /// Loads products and accounts into an empty store; a store with data is kept as it is.
    ///
    /// - Returns: whether the store was empty.
    func seed(products: ProductCatalogue, accounts: [FixtureAccount]) async throws -> Bool {
        let isEmpty: @Sendable (any BookConnection) throws -> Bool = { books in
            try books.rows("SELECT (SELECT count(*) FROM account) + (SELECT count(*) FROM product)").first?.integer(0) == 0
        }
        guard try await look(isEmpty) else { return false }
        return try await changeAtLeisure { books in
            // Of two services that start on one empty database, one loads.
            try books.lockBooks()
            guard try isEmpty(books) else { return false }
            for (product, schedules) in products.schedules.sorted(by: { $0.key < $1.key }) {
                try books.execute("INSERT INTO product (product) VALUES (?)", [.init(product)])
                for schedule in schedules {
                    try books.execute(
                        "INSERT INTO rate_schedule (product, since, bands) VALUES (?, ?, ?)",
                        [.init(product), .init(Day(schedule.since)), .init(BandText.write(schedule.bands))])
                }
            }
            for account in accounts {
                try account.check()
                guard products.schedules[account.product] != nil else {
                    throw Problem(.malformedRequest, "account \(account.id) names the unknown product \(account.product)")
                }
            }
            try BooksSession(connection: books, omitting: []).load(accounts)
            return true
        }
    }
}
