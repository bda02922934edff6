import Foundation
import InterestContract

/// What an auditor reads over HTTP: the views of the books, page by page. Read-only, and no part of the contract.
struct BooksPages: Sendable {
    let books: any BookStore

    /// Nil if the call is none of these.
    func answer(_ call: InboundCall) async throws -> Reply? {
        guard call.method == "GET" else { return nil }
        let segments = call.segments
        if segments == ["healthz"] {
            // Throws when the database is away: who asks must send no calls here then.
            _ = try await books.look { _ = try $0.rows("SELECT 1") }
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

        static let selection = """
            SELECT account_id, customer_id, state, balance, held_amount, last_paid_on, entry_sum, journal_balance, payouts,
                gross_paid, net_paid, income_tax, local_income_tax, tax_records, closed_paid_out FROM books_accounts
            """

        init(_ row: any BookRow) throws {
            accountId = try row.text(0)
            customerId = try row.text(1)
            state = try row.text(2)
            balance = try row.integer(3)
            heldAmount = try row.integer(4)
            _lastPaidOn = Nullable(wrappedValue: try row.textIfAny(5))
            entrySum = try row.integer(6)
            journalBalance = try row.integer(7)
            payouts = try row.integer(8)
            grossPaid = try row.integer(9)
            netPaid = try row.integer(10)
            incomeTax = try row.integer(11)
            localIncomeTax = try row.integer(12)
            taxRecords = try row.integer(13)
            closedPaidOut = try row.integer(14)
        }
    }

    private func account(_ id: String) async throws -> Reply {
        let account = try await books.look { books in
            try books.rows(Account.selection + " WHERE account_id = ?", [.init(id)]).first.map { try Account($0) }
        }
        guard let account else { throw Problem(.accountNotFound, "there is no account \(id)") }
        return try json(account)
    }

    private struct Accounts: Encodable {
        var accounts: [Account]
        @Nullable var next: String?
    }

    private func accounts(after: String, limit: Int) async throws -> Reply {
        let accounts = try await books.look { books in
            try books.rows(
                Account.selection + " WHERE account_id > ? ORDER BY account_id LIMIT ?", [.init(after), .integer(Int64(limit))]
            ).map { try Account($0) }
        }
        return try json(Accounts(accounts: accounts, next: accounts.count == limit ? accounts.last?.accountId : nil))
    }

    private struct Totals: Encodable {
        var journals: Int64, journalsUnbalanced: Int64, debits: Int64, credits: Int64, pendingTaxEvents: Int64
        var deadTaxEvents: Int64, accounts: Int64, entries: Int64, payouts: Int64
    }

    private func totals() async throws -> Reply {
        let totals = try await books.look { books in
            try books.rows(
                """
                SELECT journals, journals_unbalanced, debits, credits, pending_tax_events, dead_tax_events, accounts, entries,
                    payouts FROM books_totals
                """
            ).first.map { row in
                Totals(
                    journals: try row.integer(0), journalsUnbalanced: try row.integer(1), debits: try row.integer(2),
                    credits: try row.integer(3), pendingTaxEvents: try row.integer(4), deadTaxEvents: try row.integer(5),
                    accounts: try row.integer(6), entries: try row.integer(7), payouts: try row.integer(8))
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
        let events = try await books.look { books in
            try books.rows(
                """
                SELECT o.position, o.event_id, o.account_id, p.gross, t.income_tax, t.local_tax, o.authoritative, o.state,
                    o.attempts, o.last_error
                FROM tax_outbox o JOIN payout p ON p.payout_id = o.event_id JOIN payout_tax t ON t.payout_id = o.event_id
                WHERE o.position > ? ORDER BY o.position LIMIT ?
                """, [.init(after), .integer(Int64(limit))]
            ).map { row in
                Event(
                    position: try row.integer(0), eventId: try row.text(1), accountId: try row.text(2),
                    payoutId: try row.text(1), gross: try row.integer(3), incomeTax: try row.integer(4),
                    localIncomeTax: try row.integer(5), authoritative: try row.flag(6), state: try row.text(7),
                    attempts: Int(try row.integer(8)), lastError: try row.textIfAny(9))
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
