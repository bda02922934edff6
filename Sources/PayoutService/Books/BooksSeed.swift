import GRDB
import InterestContract

extension SQLiteBooks {
    /// Loads products and accounts into an empty store; a store with data is kept as it is.
    ///
    /// - Returns: whether the store was empty.
    func seed(products: ProductCatalogue, accounts: [FixtureAccount]) throws -> Bool {
        try database.write { database in
            guard try Int.fetchOne(database, sql: "SELECT (SELECT count(*) FROM account) + (SELECT count(*) FROM product)") == 0
            else {
                return false
            }
            for (product, schedules) in products.schedules.sorted(by: { $0.key < $1.key }) {
                try database.execute(sql: "INSERT INTO product (product) VALUES (?)", arguments: [product])
                for schedule in schedules {
                    try database.execute(
                        sql: "INSERT INTO rate_schedule (product, since, bands) VALUES (?, ?, ?)",
                        arguments: [product, Day(schedule.since).number, BandText.write(schedule.bands)])
                }
            }
            for account in accounts {
                try account.check()
                guard products.schedules[account.product] != nil else {
                    throw Problem(.malformedRequest, "account \(account.id) names the unknown product \(account.product)")
                }
            }
            try SQLiteSession(database: database, omitting: []).load(accounts)
            return true
        }
    }
}
