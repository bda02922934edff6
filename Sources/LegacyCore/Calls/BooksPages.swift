/// A view of the books as it goes out: its columns, and its rows as JSON objects with the columns' names in camel case.
struct BooksPages: Sendable {
    enum Kind: Sendable {
        case number
        /// An identifier, a date or a word of the contract; null where it is missing.
        case word
        /// 0 or 1 for false or true.
        case flag
    }

    let view: String
    let columns: [(name: String, kind: Kind)]

    var select: String { "SELECT \(columns.map(\.name).joined(separator: ", ")) FROM \(view)" }

    /// - Parameter row: of ``select``.
    func object(_ row: BookRow) throws -> String {
        let members = try columns.enumerated().map { position, column in
            let text =
                switch column.kind {
                case .number: String(try row.integer(position))
                case .flag: String(try row.flag(position))
                case .word: try row.textIfAny(position).map(BooksPages.quoted) ?? "null"
                }
            return "\(BooksPages.quoted(BooksPages.camelCase(column.name))):\(text)"
        }
        return "{\(members.joined(separator: ","))}"
    }

    static func answer(_ text: String) -> StoredAnswer {
        StoredAnswer(status: 200, contentType: "application/json", body: Array(text.utf8))
    }

    /// Identifiers, dates and words of the contract hold nothing that JSON would have to escape.
    static func quoted(_ text: String) -> String { "\"\(text)\"" }

    private static func camelCase(_ column: String) -> String {
        let words = column.split(separator: "_")
        return (words.first.map(String.init) ?? "")
            + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

extension BooksPages {
    static let accounts = BooksPages(
        view: "books_accounts",
        columns: [
            ("account_id", .word), ("customer_id", .word), ("state", .word), ("balance", .number), ("held_amount", .number),
            ("last_paid_on", .word), ("entry_sum", .number), ("journal_balance", .number), ("payouts", .number),
            ("gross_paid", .number), ("net_paid", .number), ("income_tax", .number), ("local_income_tax", .number),
            ("tax_records", .number), ("closed_paid_out", .number),
        ])

    static let totals = BooksPages(
        view: "books_totals",
        columns: [
            "journals", "journals_unbalanced", "debits", "credits", "pending_tax_events", "dead_tax_events", "accounts",
            "entries",
            "payouts",
        ].map { ($0, .number) })

    static let journalLines = BooksPages(
        view: "books_journal_lines",
        columns: [
            ("account_id", .word), ("journal_id", .number), ("booked_on", .word), ("valued_on", .word), ("kind", .word),
            ("debit", .number), ("credit", .number),
        ])

    static let journals = BooksPages(
        view: "books_journals", columns: [("kind", .word), ("booked_on", .word), ("debits", .number), ("credits", .number)])

    static let taxRecords = BooksPages(
        view: "books_tax_records",
        columns: [
            ("business_date", .word), ("tax_category", .word), ("gross", .number), ("income_tax", .number),
            ("local_income_tax", .number),
        ])

    static let taxEvents = BooksPages(
        view: "books_tax_events",
        columns: [("gross", .number), ("income_tax", .number), ("local_income_tax", .number), ("authoritative", .flag)])
}
