import InterestContract

/// One state of the books, or one transaction on them, as the calls use it.
struct BooksSession: BooksWriting {
    let connection: any BookConnection
    let omitting: Set<String>
    private let ahead = FetchedAhead()

    init(connection: any BookConnection, omitting: Set<String> = []) {
        self.connection = connection
        self.omitting = omitting
    }

    /// A locked account's standing, fetched before it was asked for. It holds until the transaction changes something.
    private final class FetchedAhead {
        var standing: (accountId: String, row: any BookRow)?

        func take(_ accountId: String) -> (any BookRow)? {
            defer { standing = nil }
            return standing?.accountId == accountId ? standing?.row : nil
        }
    }

    private static let standing = """
        SELECT a.customer_id, a.product, a.branch, a.opened_on, a.state, a.deposit_freeze, a.withdrawal_freeze,
            a.incident_amount, c.state, c.tax_category, c.treaty_ppm, b.balance, b.held, b.last_paid_on, b.version,
            (SELECT coalesce(sum(balance), 0) FROM pot WHERE account_id = a.account_id),
            (SELECT lines FROM statement_head WHERE account_id = a.account_id)
        FROM account a JOIN customer c USING (customer_id) JOIN account_balance b USING (account_id)
        WHERE a.account_id = ?
        """

    func standing(_ accountId: String) throws -> Standing? {
        if let row = ahead.take(accountId) { return try standing(accountId, row) }
        let query = BookQuery(BooksSession.standing, [.init(accountId)])
        // The lock comes first and alone: a query that locks and reads at once would show the other tables as they stood before the wait.
        let locked = connection.balanceLock.map { [BookQuery($0.sql, [.init(accountId)])] } ?? []
        guard let row = try connection.rows(locked + [query]).last?.first else { return nil }
        return try standing(accountId, row)
    }

    private func standing(_ accountId: String, _ row: any BookRow) throws -> Standing {
        guard let state = AccountState(rawValue: try row.text(4)), let customerState = CustomerState(rawValue: try row.text(8)),
            let category = TaxCategory(rawValue: try row.text(9))
        else { throw BooksDefect("account \(accountId) stands in a state that this version does not know") }
        return Standing(
            accountId: accountId, customerId: try row.text(0), product: try row.text(1), branch: try row.text(2),
            openedOn: Day(number: Int(try row.integer(3))), state: state, depositFreeze: try row.flag(5),
            withdrawalFreeze: try row.flag(6), incidentAmount: try row.integerIfAny(7), customerState: customerState,
            taxCategory: category, treatyPpm: try row.integerIfAny(10), balance: try row.integer(11), held: try row.integer(12),
            lastPaidOn: try row.integerIfAny(13).map { Day(number: Int($0)) }, version: try row.integer(14),
            pots: try row.integer(15), statementLines: try row.integerIfAny(16) ?? 0)
    }

    func basis(_ standing: Standing, by date: EntryDate, after day: Int) throws -> InterestBasis {
        let movements =
            switch date {
            case .value: "SELECT valued_on, movement FROM value_day WHERE account_id = ? AND valued_on > ? ORDER BY valued_on"
            case .booking:
                "SELECT booked_on, sum(amount) FROM entry WHERE account_id = ? AND booked_on > ? GROUP BY booked_on ORDER BY booked_on"
            }
        let found = try connection.rows([
            BookQuery(movements, [.init(standing.accountId), .integer(Int64(day))]),
            BookQuery("SELECT since, bands FROM rate_schedule WHERE product = ? ORDER BY since", [.init(standing.product)]),
        ])
        guard found.count == 2 else { throw BooksDefect("the books answered \(found.count) of 2 questions") }
        return InterestBasis(
            standing: standing, movements: try found[0].map { .init(day: Int(try $0.integer(0)), amount: try $0.integer(1)) },
            schedules: try found[1].map { DatedBands(since: Int(try $0.integer(0)), bands: try BandText.read(try $0.text(1))) })
    }

    func hasProduct(_ product: String) throws -> Bool {
        try !connection.rows("SELECT 1 FROM product WHERE product = ?", [.init(product)]).isEmpty
    }

    func storedAnswer(key: String, before accountId: String?) throws -> StoredAnswer? {
        let answer = BookQuery(
            "SELECT method, target, body, status, content_type, answer FROM idempotency WHERE key = ?", [.init(key)])
        var queries = [answer]
        if let accountId, let lock = connection.balanceLock {
            // Whoever has his answer already waits for nobody's lock.
            queries.append(
                BookQuery(
                    "\(lock.select) AND NOT EXISTS (SELECT 1 FROM idempotency WHERE key = ?) \(lock.locking)",
                    [.init(accountId), .init(key)]))
            queries.append(BookQuery(BooksSession.standing, [.init(accountId)]))
        }
        let found = try connection.rows(queries)
        if let accountId, found.count == 3, !found[1].isEmpty, let row = found[2].first { ahead.standing = (accountId, row) }
        guard let row = found.first?.first else { return nil }
        return StoredAnswer(
            method: try row.text(0), target: try row.text(1), body: try row.bytes(2),
            reply: Reply(status: Int(try row.integer(3)), contentType: try row.text(4), body: try row.bytes(5)))
    }

    func accounts(ofCustomer customerId: String) throws -> [String] {
        try connection.rows("SELECT account_id FROM account WHERE customer_id = ?", [.init(customerId)]).map { try $0.text(0) }
    }

    func previewToken(_ accountId: String) throws -> PreviewToken? {
        try connection.rows(PreviewToken.query, [.init(accountId)]).first.map(PreviewToken.init)
    }

    func execute(_ steps: [BookStep]) throws {
        ahead.standing = nil
        try connection.carryOut(omitting.isEmpty ? steps : steps.filter { !omitting.contains($0.name) })
    }

    func load(_ accounts: [FixtureAccount]) throws {
        ahead.standing = nil
        try FixtureLoad(session: self).load(accounts)
    }
}

/// The books hold what this version can't have written, or a step did not do what it is for.
struct BooksDefect: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
