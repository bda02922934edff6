import Foundation
import InterestContract

/// Puts whole accounts into the books: customers, accounts, pots, and an opening journal for every entry.
struct FixtureLoad {
    let session: BooksSession

    private var books: any BookConnection { session.connection }

    /// All or nothing is the caller's transaction. New accounts are added to the totals; where one replaces another, the totals are made
    /// anew, and nobody else may move them meanwhile.
    func load(_ accounts: [FixtureAccount]) throws {
        try books.lockBooks()
        let ids = BookValue(String(decoding: try JSONEncoder().encode(accounts.map(\.id)), as: UTF8.self))
        let replaces = try clear(ids)
        for account in accounts { try session.execute(try steps(account)) }
        if replaces {
            for aggregate in Aggregate.all {
                for sql in aggregate.rebuild(books.dialect) { try books.execute(sql) }
                try books.settle()
            }
        } else {
            let facts = loadedFacts
            for aggregate in PaymentAggregates.ofOpenings {
                try books.execute(aggregate.add(within: facts, books.dialect), [ids])
                try books.settle()
            }
        }
    }

    /// Takes accounts of these ids out; false if there was none.
    private func clear(_ ids: BookValue) throws -> Bool {
        let listed = "account_id IN (\(books.dialect.listedIds))"
        guard try books.rows("SELECT 1 FROM account WHERE \(listed) LIMIT 1", [ids]).first != nil else { return false }
        for table in TaxTables.ofAnAccount + PaymentTables.ofAnAccount {
            try books.execute("DELETE FROM \(table) WHERE \(listed)", [ids])
        }
        return true
    }

    /// The facts of the loaded accounts under the names of their tables, and the customers' positions that they belong to.
    private var loadedFacts: String {
        let dialect = books.dialect
        let scopes = ["entry", "account_balance", "journal_line", "statement_line"].map {
            "\($0) AS (SELECT * FROM \(dialect.table($0)) WHERE account_id IN (SELECT account_id FROM loaded))"
        }
        let positions = """
            customer_position AS (SELECT * FROM \(dialect.table("customer_position")) WHERE customer_id IN
            (SELECT customer_id FROM \(dialect.table("account")) WHERE account_id IN (SELECT account_id FROM loaded)))
            """
        return "WITH loaded AS (\(dialect.listedIds)), " + (scopes + [positions]).joined(separator: ", ")
    }

    private static let account = InsertedTable(
        "account", "account_id", "customer_id", "product", "branch", "opened_on", "state", "deposit_freeze", "withdrawal_freeze",
        "incident_amount")
    private static let balance = InsertedTable("account_balance", "account_id", "balance", "held", "last_paid_on", "version")
    private static let pot = InsertedTable("pot", "account_id", "pot_id", "balance")

    private func steps(_ account: FixtureAccount) throws -> [BookStep] {
        let id = BookValue(account.id)
        var balance: Int64 = 0
        for entry in account.entries { balance = try checkedSum(balance, entry.amount) }
        var pots: Int64 = 0
        for pot in account.pots { pots = try checkedSum(pots, pot.balance) }
        var steps: [BookStep] = [
            BookStep(
                "customer",
                """
                INSERT INTO customer (customer_id, state, tax_category, treaty_ppm) VALUES (?, ?, ?, ?)
                ON CONFLICT (customer_id) DO UPDATE SET state = excluded.state, tax_category = excluded.tax_category,
                treaty_ppm = excluded.treaty_ppm, version = customer.version + ?
                """,
                [
                    .init(account.customer.id), .init(account.customer.state.rawValue),
                    .init(account.customer.taxCategory.rawValue),
                    .init(account.customer.treatyPpm), .integer(PreviewToken.versionStep()),
                ]),
            .insert(
                FixtureLoad.account, id, .init(account.customer.id), .init(account.product),
                .init(FixtureLoad.branch(of: account.id)), .init(Day(account.openedOn)), .init(account.state.rawValue),
                .init(account.depositFreeze), .init(account.withdrawalFreeze), .init(account.incidentAmount)),
            .insert(
                FixtureLoad.balance, id, .init(balance), .init(account.heldAmount), .init(account.lastPaidOn.map { Day($0) }), 0),
        ]
        for pot in account.pots { steps.append(.insert(FixtureLoad.pot, id, .init(pot.id), .init(pot.balance))) }
        for (index, entry) in account.entries.enumerated() {
            steps += opening(entry, number: index + 1, of: account)
        }
        return steps
    }

    private func opening(_ entry: FixtureAccount.Entry, number: Int, of account: FixtureAccount) -> [BookStep] {
        let amount = entry.amount
        let reference = "OPENING-\(account.id)-\(number)"
        let booked = Day(entry.bookedOn)
        let valued = Day(entry.valuedOn)
        let journal = Journal(
            id: "J-\(reference)", accountId: account.id, kind: "OPENING", bookedOn: booked, valuedOn: valued,
            reference: reference,
            postings: amount >= 0
                ? [.debit(.settlement, amount), .credit(.deposits, amount)]
                : [.debit(.deposits, -amount), .credit(.settlement, -amount)])
        return journal.steps + [
            .insert(
                PaymentTables.entry, .init(account.id), .init(booked), .init(valued), .init(amount), "OPENING", .init(reference)),
            .insert(
                PaymentTables.statementLine, .init(account.id), .integer(Int64(number)), .init(booked), .init(valued), "OPENING",
                .init(amount), .init(reference)),
        ]
    }

    /// The part of the account's number before the first `-` names its branch.
    static func branch(of accountId: String) -> String {
        String(accountId.prefix { $0 != "-" }.prefix(8))
    }
}
