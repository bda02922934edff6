import InterestContract

/// The read-only pages of the books, for reconciliation and read-back.
extension CoreCalls {
    /// `GET /v1/books/accounts?after=ID&limit=N`.
    func booksAccounts(after: String, limit: Int) async throws -> StoredAnswer {
        let rows = try await database.look { books in
            let query = "\(BooksPages.accounts.select) WHERE account_id > :after ORDER BY account_id LIMIT :limit"
            return try books.rows(query, ["after": after, "limit": limit + 1]).map { row in
                (object: try BooksPages.accounts.object(row), id: try row.text(0))
            }
        }
        let page = rows.prefix(limit)
        let next = rows.count > limit ? page.last.map { BooksPages.quoted($0.id) } ?? "null" : "null"
        return BooksPages.answer("{\"accounts\":[\(page.map(\.object).joined(separator: ","))],\"next\":\(next)}")
    }

    /// `GET /v1/books/totals`.
    func booksTotals() async throws -> StoredAnswer {
        try await database.look { books in
            guard let row = try books.row(BooksPages.totals.select) else {
                throw BrokenBooks(description: "the books have no totals")
            }
            return BooksPages.answer(try BooksPages.totals.object(row))
        }
    }

    /// `GET /v1/books/accounts/{id}`.
    func booksAccount(_ id: String) async throws -> StoredAnswer {
        try await database.look { books in
            let query = "\(BooksPages.accounts.select) WHERE account_id = :account"
            guard let row = try books.row(query, ["account": id]) else { throw AccountRecord.unknown(id) }
            return BooksPages.answer(try BooksPages.accounts.object(row))
        }
    }

    /// `GET /v1/books/accounts/{id}/journal` and its like.
    func booksPage(_ page: AccountPage, of id: String) async throws -> StoredAnswer {
        try await database.look { books in
            let arguments: BookArguments = ["account": id]
            guard try books.row("SELECT 1 FROM account WHERE account_id = :account", arguments) != nil else {
                throw AccountRecord.unknown(id)
            }
            let view = page.view
            let query = "\(view.select) WHERE account_id = :account ORDER BY \(page.order)"
            let rows = try books.rows(query, arguments).map { try view.object($0) }
            return BooksPages.answer("{\"\(page.member)\":[\(rows.joined(separator: ","))]}")
        }
    }

    /// `GET /v1/books/events`: the core books its taxes within the payment's transaction and publishes none.
    func booksEvents() -> StoredAnswer { BooksPages.answer("{\"events\":[],\"next\":null}") }
}

/// The pages of one account's books, in the order of what they say.
enum AccountPage: String, Sendable {
    case journal, journals, tax, events

    /// The member of the answer that holds the rows.
    var member: String {
        switch self {
        case .journal: "lines"
        case .journals: "journals"
        case .tax: "records"
        case .events: "events"
        }
    }

    var view: BooksPages {
        switch self {
        case .journal: .journalLines
        case .journals: .journals
        case .tax: .taxRecords
        case .events: .taxEvents
        }
    }

    /// Its columns of ORDER BY.
    var order: String {
        switch self {
        case .journal: "booked_on, valued_on, kind, debit, credit, journal_id"
        case .journals: "booked_on, kind, debits, credits, journal_id"
        case .tax: "business_date, gross, income_tax, local_income_tax, record_id"
        case .events: "position"
        }
    }
}
