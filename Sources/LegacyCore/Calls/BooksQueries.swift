import GRDB
import InterestContract

/// The read-only pages of the books, for reconciliation and read-back.
extension CoreCalls {
    /// `GET /v1/books/accounts?after=ID&limit=N`.
    func booksAccounts(after: String, limit: Int) async throws -> StoredAnswer {
        let rows = try await database.writer.look { db in
            try Row.fetchAll(
                db.cachedStatement(sql: "SELECT * FROM books_accounts WHERE account_id > ? ORDER BY account_id LIMIT ?"),
                arguments: [after, limit + 1]
            ).map { (BooksJSON.object($0), $0["account_id"] as String) }
        }
        let page = rows.prefix(limit)
        let next = rows.count > limit ? page.last.map { BooksJSON.quoted($0.1) } ?? "null" : "null"
        return BooksJSON.answer("{\"accounts\":[\(page.map(\.0).joined(separator: ","))],\"next\":\(next)}")
    }

    /// `GET /v1/books/totals`.
    func booksTotals() async throws -> StoredAnswer {
        try await database.writer.look { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM books_totals") else {
                throw BrokenBooks(description: "the books have no totals")
            }
            return BooksJSON.answer(BooksJSON.object(row))
        }
    }

    /// `GET /v1/books/accounts/{id}`.
    func booksAccount(_ id: String) async throws -> StoredAnswer {
        try await database.writer.look { db in
            let query = try db.cachedStatement(sql: "SELECT * FROM books_accounts WHERE account_id = ?")
            guard let row = try Row.fetchOne(query, arguments: [id]) else { throw AccountRecord.unknown(id) }
            return BooksJSON.answer(BooksJSON.object(row))
        }
    }

    /// `GET /v1/books/accounts/{id}/journal` and its like.
    func booksPage(_ page: AccountPage, of id: String) async throws -> StoredAnswer {
        try await database.writer.look { db in
            let known = try db.cachedStatement(sql: "SELECT 1 FROM account WHERE account_id = ?")
            guard try Row.fetchOne(known, arguments: [id]) != nil else { throw AccountRecord.unknown(id) }
            let rows = try Row.fetchAll(db.cachedStatement(sql: page.query), arguments: [id]).map { row in
                BooksJSON.object(row, flags: ["authoritative"])
            }
            return BooksJSON.answer("{\"\(page.member)\":[\(rows.joined(separator: ","))]}")
        }
    }

    /// `GET /v1/books/events`: the core books its taxes within the payment's transaction and publishes none.
    func booksEvents() -> StoredAnswer { BooksJSON.answer("{\"events\":[],\"next\":null}") }
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

    var query: String {
        switch self {
        case .journal:
            """
            SELECT * FROM books_journal_lines WHERE account_id = ?
            ORDER BY booked_on, valued_on, kind, debit, credit, journal_id
            """
        case .journals:
            """
            SELECT kind, booked_on, debits, credits FROM books_journals WHERE account_id = ?
            ORDER BY booked_on, kind, debits, credits, journal_id
            """
        case .tax:
            """
            SELECT business_date, tax_category, gross, income_tax, local_income_tax FROM books_tax_records WHERE account_id = ?
            ORDER BY business_date, gross, income_tax, local_income_tax, record_id
            """
        case .events:
            """
            SELECT gross, income_tax, local_income_tax, authoritative FROM books_tax_events WHERE account_id = ? ORDER BY position
            """
        }
    }
}

/// Rows of the views as JSON objects, columns in camel case.
private enum BooksJSON {
    static func answer(_ text: String) -> StoredAnswer {
        StoredAnswer(status: 200, contentType: "application/json", body: Array(text.utf8))
    }

    /// - Parameter flags: columns that hold 0 or 1 for false or true.
    static func object(_ row: Row, flags: Set<String> = []) -> String {
        let members = row.map { column, value -> String in
            let text: String
            switch value.storage {
            case .null: text = "null"
            case .int64(let number): text = flags.contains(column) ? "\(number != 0)" : String(number)
            case .string(let string): text = quoted(string)
            case .double, .blob: text = "null"
            }
            return "\(quoted(camelCase(column))):\(text)"
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// Identifiers, dates and words of the contract hold nothing that JSON would have to escape.
    static func quoted(_ text: String) -> String { "\"\(text)\"" }

    private static func camelCase(_ column: String) -> String {
        let words = column.split(separator: "_")
        return (words.first.map(String.init) ?? "")
            + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
