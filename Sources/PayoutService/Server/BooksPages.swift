import Foundation
import GRDB
import InterestContract

/// What an auditor reads over HTTP: the views of the books, page by page. Read-only, and no part of the contract.
struct BooksPages: Sendable {
    let books: SQLiteBooks

    /// Nil if the call is none of these.
    func answer(_ call: InboundCall) async throws -> Reply? {
        guard call.method == "GET" else { return nil }
        let segments = call.segments
        if segments == ["healthz"] {
            return Reply(status: 200, contentType: Reply.jsonType, body: Array(#"{"status":"ok"}"#.utf8))
        }
        guard segments.count >= 3, segments[0] == "v1", segments[1] == "books" else { return nil }
        switch (segments[2], segments.count) {
        case ("accounts", 3): return try await accounts(after: call.query("after").map(String.init) ?? "", limit: limit(of: call))
        case ("totals", 3): return try await totals()
        case ("events", 3):
            guard let after = call.query("after").map({ Int64($0) }) ?? 0 else {
                throw Problem(.malformedRequest, "`after` must be an integer")
            }
            return try await events(after: after, limit: limit(of: call))
        case ("accounts", 4): return try await account(identifier(segments[3]))
        case ("accounts", 5):
            guard let page = AccountPage(rawValue: String(segments[4])) else { return nil }
            return try await self.page(page, of: identifier(segments[3]))
        default: return nil
        }
    }

    private func identifier(_ segment: Substring) throws(Problem) -> String {
        guard WireRequests.isIdentifier(segment) else {
            throw Problem(.malformedRequest, "the id in the path must be 1 … 64 letters, digits or `-`")
        }
        return String(segment)
    }

    private func limit(of call: InboundCall) throws(Problem) -> Int {
        guard let text = call.query("limit") else { return 100 }
        guard let limit = Int(text), (1...1_000).contains(limit) else {
            throw Problem(.malformedRequest, "`limit` must be an integer in 1 … 1000")
        }
        return limit
    }

    private struct Account: Encodable {
        var accountId: String, customerId: String, state: String, balance: Int64, heldAmount: Int64
        @Nullable var lastPaidOn: String?
        var entrySum: Int64, journalBalance: Int64, payouts: Int64, grossPaid: Int64, netPaid: Int64, incomeTax: Int64
        var localIncomeTax: Int64, taxRecords: Int64, closedPaidOut: Int64

        init(_ row: Row) {
            accountId = row["account_id"]
            customerId = row["customer_id"]
            state = row["state"]
            balance = row["balance"]
            heldAmount = row["held_amount"]
            _lastPaidOn = Nullable(wrappedValue: row["last_paid_on"])
            entrySum = row["entry_sum"]
            journalBalance = row["journal_balance"]
            payouts = row["payouts"]
            grossPaid = row["gross_paid"]
            netPaid = row["net_paid"]
            incomeTax = row["income_tax"]
            localIncomeTax = row["local_income_tax"]
            taxRecords = row["tax_records"]
            closedPaidOut = row["closed_paid_out"]
        }
    }

    private func account(_ id: String) async throws -> Reply {
        let account = try await books.database.look { database in
            let statement = try database.cachedStatement(sql: "SELECT * FROM books_accounts WHERE account_id = ?")
            return try Row.fetchOne(statement, arguments: [id]).map { Account($0) }
        }
        guard let account else { throw Problem(.accountNotFound, "there is no account \(id)") }
        return try json(account)
    }

    private struct Accounts: Encodable {
        var accounts: [Account]
        @Nullable var next: String?
    }

    private func accounts(after: String, limit: Int) async throws -> Reply {
        let accounts = try await books.database.look { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM books_accounts WHERE account_id > ? ORDER BY account_id LIMIT ?",
                arguments: [after, limit]
            ).map { Account($0) }
        }
        return try json(Accounts(accounts: accounts, next: accounts.count == limit ? accounts.last?.accountId : nil))
    }

    private struct Totals: Encodable {
        var journals: Int64, journalsUnbalanced: Int64, debits: Int64, credits: Int64, pendingTaxEvents: Int64
        var deadTaxEvents: Int64, accounts: Int64, entries: Int64, payouts: Int64
    }

    private func totals() async throws -> Reply {
        let totals = try await books.database.look { database in
            try Row.fetchOne(database, sql: "SELECT * FROM books_totals").map { row in
                Totals(
                    journals: row["journals"], journalsUnbalanced: row["journals_unbalanced"], debits: row["debits"],
                    credits: row["credits"], pendingTaxEvents: row["pending_tax_events"], deadTaxEvents: row["dead_tax_events"],
                    accounts: row["accounts"], entries: row["entries"], payouts: row["payouts"])
            }
        }
        return try json(totals)
    }

    private struct Event: Encodable {
        var position: Int64, eventId: String, accountId: String, payoutId: String, gross: Int64, incomeTax: Int64
        var localIncomeTax: Int64, authoritative: Bool, state: String, attempts: Int
        @Nullable var lastError: String?
    }

    private struct EventPage: Encodable {
        var events: [Event]
        @Nullable var next: Int64?
    }

    private func events(after: Int64, limit: Int) async throws -> Reply {
        let events = try await books.database.look { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT o.position, o.event_id, o.account_id, p.gross, t.income_tax, t.local_tax, o.authoritative, o.state,
                        o.attempts, o.last_error
                    FROM tax_outbox o JOIN payout p ON p.payout_id = o.event_id JOIN payout_tax t ON t.payout_id = o.event_id
                    WHERE o.position > ? ORDER BY o.position LIMIT ?
                    """, arguments: [after, limit]
            ).map { row in
                Event(
                    position: row[0], eventId: row[1], accountId: row[2], payoutId: row[1], gross: row[3], incomeTax: row[4],
                    localIncomeTax: row[5], authoritative: row[6], state: row[7], attempts: row[8],
                    lastError: row[9])
            }
        }
        return try json(EventPage(events: events, next: events.count == limit ? events.last?.position : nil))
    }

    func json(_ value: some Encodable) throws -> Reply {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Reply(status: 200, contentType: Reply.jsonType, body: [UInt8](try encoder.encode(value)))
    }
}

/// Writes nil as `null`: a reader that looks for the member must find it.
@propertyWrapper
struct Nullable<Value: Encodable>: Encodable {
    var wrappedValue: Value?

    init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}

extension Nullable: Sendable where Value: Sendable {}
