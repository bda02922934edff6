import InterestContract

/// The pages of one account's books. Their order is that of what they say, not of the ids, so that two systems list them alike.
extension BooksPages {
    enum AccountPage: String, Sendable {
        case journal, journals, tax, events

        var query: String {
            switch self {
            case .journal:
                """
                SELECT account_id, journal_id, booked_on, valued_on, kind, debit, credit FROM books_journal_lines
                WHERE account_id = ? ORDER BY booked_on, valued_on, kind, debit, credit, journal_id
                """
            case .journals:
                """
                SELECT kind, booked_on, debits, credits FROM books_journals WHERE account_id = ?
                ORDER BY booked_on, kind, debits, credits, journal_id
                """
            case .tax:
                """
                SELECT business_date, tax_category, gross, income_tax, local_income_tax FROM books_tax_records
                WHERE account_id = ? ORDER BY business_date, gross, income_tax, local_income_tax, record_id
                """
            case .events:
                """
                SELECT gross, income_tax, local_income_tax, authoritative FROM books_tax_events WHERE account_id = ?
                ORDER BY position
                """
            }
        }
    }

    func page(_ page: AccountPage, of id: String) async throws -> Reply {
        switch page {
        case .journal: try json(["lines": await rows(page, of: id, JournalLine.init)])
        case .journals: try json(["journals": await rows(page, of: id, JournalSums.init)])
        case .tax: try json(["records": await rows(page, of: id, TaxRecord.init)])
        case .events: try json(["events": await rows(page, of: id, PublishedEvent.init)])
        }
    }

    private func rows<Value: Sendable>(
        _ page: AccountPage, of accountId: String, _ value: @escaping @Sendable (any BookRow) throws -> Value
    ) async throws -> [Value] {
        let rows: [Value]? = try await books.look { books in
            let found = try books.rows([
                BookQuery("SELECT 1 FROM account WHERE account_id = ?", [.init(accountId)]),
                BookQuery(page.query, [.init(accountId)]),
            ])
            guard found.count == 2, !found[0].isEmpty else { return nil }
            return try found[1].map(value)
        }
        guard let rows else { throw Problem(.accountNotFound, "there is no account \(accountId)") }
        return rows
    }

    private struct JournalLine: Encodable, Sendable {
        var accountId: String, journalId: String, bookedOn: String, valuedOn: String, kind: String, debit: Int64, credit: Int64

        init(_ row: any BookRow) throws {
            accountId = try row.text(0)
            journalId = try row.text(1)
            bookedOn = try row.text(2)
            valuedOn = try row.text(3)
            kind = try row.text(4)
            debit = try row.integer(5)
            credit = try row.integer(6)
        }
    }

    private struct JournalSums: Encodable, Sendable {
        var kind: String, bookedOn: String, debits: Int64, credits: Int64

        init(_ row: any BookRow) throws {
            kind = try row.text(0)
            bookedOn = try row.text(1)
            debits = try row.integer(2)
            credits = try row.integer(3)
        }
    }

    private struct TaxRecord: Encodable, Sendable {
        var businessDate: String, taxCategory: String, gross: Int64, incomeTax: Int64, localIncomeTax: Int64

        init(_ row: any BookRow) throws {
            businessDate = try row.text(0)
            taxCategory = try row.text(1)
            gross = try row.integer(2)
            incomeTax = try row.integer(3)
            localIncomeTax = try row.integer(4)
        }
    }

    /// As published: what is no event has no amounts.
    private struct PublishedEvent: Encodable, Sendable {
        @Nullable var gross: Int64?
        @Nullable var incomeTax: Int64?
        @Nullable var localIncomeTax: Int64?
        @Nullable var authoritative: Bool?

        init(_ row: any BookRow) throws {
            _gross = Nullable(wrappedValue: try row.integerIfAny(0))
            _incomeTax = Nullable(wrappedValue: try row.integerIfAny(1))
            _localIncomeTax = Nullable(wrappedValue: try row.integerIfAny(2))
            _authoritative = Nullable(wrappedValue: try row.integerIfAny(3).map { $0 != 0 })
        }
    }
}
