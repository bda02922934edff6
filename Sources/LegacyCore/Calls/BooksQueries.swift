import GRDB
import InterestContract

/// The read-only pages of the books, for reconciliation and read-back.
extension CoreCalls {
    /// `GET /v1/books/accounts?after=ID&limit=N`.
    func booksAccounts(after: String, limit: Int) async throws -> StoredAnswer {
        let rows = try await database.writer.read { db in
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
        try await database.writer.read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM books_totals") else {
                throw BrokenBooks(description: "the books have no totals")
            }
            return BooksJSON.answer(BooksJSON.object(row))
        }
    }

    /// `GET /v1/books/accounts/{id}/journal`.
    func booksJournal(_ id: String) async throws -> StoredAnswer {
        try await database.writer.read { db in
            _ = try AccountRecord.find(id, in: db)
            let lines = try Row.fetchAll(
                db.cachedStatement(sql: "SELECT * FROM books_journal_lines WHERE account_id = ? ORDER BY journal_id"),
                arguments: [id])
            return BooksJSON.answer("{\"lines\":[\(lines.map(BooksJSON.object).joined(separator: ","))]}")
        }
    }

    /// `GET /v1/books/events`: the core books its taxes within the payment's transaction and publishes none.
    func booksEvents() -> StoredAnswer { BooksJSON.answer("{\"events\":[],\"next\":null}") }
}

/// Rows of the views as JSON objects, columns in camel case.
private enum BooksJSON {
    static func answer(_ text: String) -> StoredAnswer {
        StoredAnswer(status: 200, contentType: "application/json", body: Array(text.utf8))
    }

    static func object(_ row: Row) -> String {
        let members = row.map { column, value -> String in
            let text: String
            switch value.storage {
            case .null: text = "null"
            case .int64(let number): text = String(number)
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
