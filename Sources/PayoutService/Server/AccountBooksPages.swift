import GRDB
import InterestContract

/// The pages of one account's books. Their order is that of what they say, not of the ids, so that two systems list them alike.
extension BooksPages {
    enum AccountPage: String, Sendable {
        case journal, journals, tax, events

        var query: String {
            switch self {
            case .journal:
                """
                SELECT * FROM books_journal_lines WHERE account_id = ?
                ORDER BY booked_on, valued_on, kind, debit, credit, journal_id
                """
            case .journals:
                "SELECT * FROM books_journals WHERE account_id = ? ORDER BY booked_on, kind, debits, credits, journal_id"
            case .tax:
                """
                SELECT * FROM books_tax_records WHERE account_id = ?
                ORDER BY business_date, gross, income_tax, local_income_tax, record_id
                """
            case .events: "SELECT * FROM books_tax_events WHERE account_id = ? ORDER BY position"
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
        _ page: AccountPage, of accountId: String, _ value: @escaping @Sendable (Row) -> Value
    ) async throws -> [Value] {
        let rows: [Value]? = try await books.database.look { database in
            let known = try database.cachedStatement(sql: "SELECT 1 FROM account WHERE account_id = ?")
            guard try Bool.fetchOne(known, arguments: [accountId]) != nil else { return nil }
            return try Row.fetchAll(database.cachedStatement(sql: page.query), arguments: [accountId]).map(value)
        }
        guard let rows else { throw Problem(.accountNotFound, "there is no account \(accountId)") }
        return rows
    }

    private struct JournalLine: Encodable, Sendable {
        var accountId: String, journalId: String, bookedOn: String, valuedOn: String, kind: String, debit: Int64, credit: Int64

        init(_ row: Row) {
            accountId = row["account_id"]
            journalId = row["journal_id"]
            bookedOn = row["booked_on"]
            valuedOn = row["valued_on"]
            kind = row["kind"]
            debit = row["debit"]
            credit = row["credit"]
        }
    }

    private struct JournalSums: Encodable, Sendable {
        var kind: String, bookedOn: String, debits: Int64, credits: Int64

        init(_ row: Row) {
            kind = row["kind"]
            bookedOn = row["booked_on"]
            debits = row["debits"]
            credits = row["credits"]
        }
    }

    private struct TaxRecord: Encodable, Sendable {
        var businessDate: String, taxCategory: String, gross: Int64, incomeTax: Int64, localIncomeTax: Int64

        init(_ row: Row) {
            businessDate = row["business_date"]
            taxCategory = row["tax_category"]
            gross = row["gross"]
            incomeTax = row["income_tax"]
            localIncomeTax = row["local_income_tax"]
        }
    }

    /// As published: what is no event has no amounts.
    private struct PublishedEvent: Encodable, Sendable {
        @Nullable var gross: Int64?
        @Nullable var incomeTax: Int64?
        @Nullable var localIncomeTax: Int64?
        @Nullable var authoritative: Bool?

        init(_ row: Row) {
            _gross = Nullable(wrappedValue: row["gross"])
            _incomeTax = Nullable(wrappedValue: row["income_tax"])
            _localIncomeTax = Nullable(wrappedValue: row["local_income_tax"])
            _authoritative = Nullable(wrappedValue: row["authoritative"])
        }
    }
}
