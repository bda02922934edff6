import GRDB
import InterestContract

/// Fills the books from fixtures: each entry by its own opening journal, the totals by the queries that explain them.
enum FixtureLoading {
    /// At start, into an empty store alone. Returns how many accounts were loaded; nil when the store had data and was kept.
    static func fill(_ database: CoreDatabase, products: ProductCatalogue, accounts: [FixtureAccount]) throws -> Int? {
        try database.blockingTransaction { db in
            guard try Row.fetchOne(db, sql: "SELECT 1 FROM product LIMIT 1") == nil else { return .rollBack(nil) }
            for (code, schedules) in products.schedules {
                try db.execute(sql: "INSERT INTO product VALUES(?)", arguments: [code])
                for schedule in schedules { try store(schedule, of: code, in: db) }
            }
            try load(accounts, notAfter: nil, in: db)
            return .keep(accounts.count)
        }
    }

    static func store(_ schedule: RateSchedule, of product: String, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM rate_band WHERE product_code = ? AND since = ?")
            .execute(arguments: [product, schedule.since.stored])
        let insert = try db.cachedStatement(sql: "INSERT INTO rate_band VALUES(?, ?, ?, ?, ?)")
        for (number, band) in schedule.bands.enumerated() {
            try insert.execute(arguments: [product, schedule.since.stored, number + 1, band.upTo, band.ppm])
        }
    }

    /// - Parameter businessDate: nothing may lie after it; nil at start, when no request has named a date yet.
    static func load(_ accounts: [FixtureAccount], notAfter businessDate: CivilDate?, in db: Database) throws {
        for account in accounts {
            try account.check()
            try check(account, notAfter: businessDate, in: db)
        }
        var replaces = false
        try AccountReplacement.prepare(in: db)
        try db.execute(sql: "CREATE TEMP TABLE IF NOT EXISTS opened(account_id TEXT PRIMARY KEY); DELETE FROM opened")
        let note = try db.cachedStatement(sql: "INSERT OR IGNORE INTO temp.opened VALUES(?)")
        for account in accounts {
            if try AccountReplacement.remove(account.id, in: db) { replaces = true }
            try open(account, in: db)
            try note.execute(arguments: [account.id])
        }
        // Of new accounts the totals hold nothing yet; where one replaced another, they are filled anew.
        if replaces {
            for total in LedgerTotal.all {
                for sql in total.refill { try db.execute(sql: sql) }
            }
        } else {
            for total in LedgerTotal.ledger { try db.cachedStatement(sql: total.add(within: openedPapers)).execute() }
        }
    }

    /// The papers of the accounts just opened, under their tables' names.
    private static let openedPapers: String = {
        let mine = "account_id IN (SELECT account_id FROM temp.opened)"
        let journals = "journal_no IN (SELECT journal_no FROM main.entry WHERE \(mine))"
        return """
            WITH entry AS (SELECT * FROM main.entry WHERE \(mine)),
            statement_line AS (SELECT * FROM main.statement_line WHERE \(mine)),
            journal AS (SELECT * FROM main.journal WHERE \(journals)),
            journal_line AS (SELECT * FROM main.journal_line WHERE \(journals))
            """
    }()

    private static func check(_ account: FixtureAccount, notAfter businessDate: CivilDate?, in db: Database) throws {
        let known = try db.cachedStatement(sql: "SELECT 1 FROM product WHERE product_code = ?")
        guard try Row.fetchOne(known, arguments: [account.product]) != nil else {
            throw Problem(.malformedRequest, "account \(account.id): there is no product \(account.product)")
        }
        guard let businessDate else { return }
        let dates = [account.openedOn] + [account.lastPaidOn].compactMap { $0 } + account.entries.map(\.bookedOn)
        if let late = dates.first(where: { $0 > businessDate }) {
            throw Problem(
                .malformedRequest, "account \(account.id): \(late) lies after the business date \(businessDate)")
        }
    }

    private static func open(_ account: FixtureAccount, in db: Database) throws {
        let customer = account.customer
        try db.cachedStatement(
            sql: """
                INSERT INTO customer VALUES(?, ?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state,
                    tax_category = excluded.tax_category, treaty_ppm = excluded.treaty_ppm
                """
        ).execute(arguments: [customer.id, customer.state.rawValue, customer.taxCategory.rawValue, customer.treatyPpm])
        try db.cachedStatement(sql: "INSERT INTO account VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").execute(arguments: [
            account.id, customer.id, branch(of: account.id), account.product, account.state.rawValue, account.depositFreeze,
            account.withdrawalFreeze, account.incidentAmount, account.openedOn.stored, account.lastPaidOn?.stored,
        ])
        var pots: Int64 = 0
        for (number, pot) in account.pots.enumerated() {
            try db.cachedStatement(sql: "INSERT INTO pot VALUES(?, ?, ?, ?)")
                .execute(arguments: [account.id, number + 1, pot.id, pot.balance])
            pots = try sum(pots, pot.balance, of: account.id)
        }
        try db.cachedStatement(sql: "INSERT INTO balance VALUES(?, 0, ?, 0)").execute(arguments: [account.id, account.heldAmount])
        try book(account, in: db)
    }

    private static func book(_ account: FixtureAccount, in db: Database) throws {
        var journal = try Counters(in: db).journal
        var balance: Int64 = 0
        for entry in account.entries {
            journal += 1
            balance = try sum(balance, entry.amount, of: account.id)
            let isCredit = entry.amount >= 0
            try StepExecutor().run(
                isCredit ? openingCredit : openingDebit,
                [
                    "account": account.id, "journal": journal, "date": entry.bookedOn.stored, "valuedOn": entry.valuedOn.stored,
                    "amount": entry.amount, "won": abs(entry.amount), "heldAfter": account.heldAmount, "balanceAfter": balance,
                ], in: db)
        }
    }

    private static let openingCredit = opening(debit: BookingSQL.settlement, "NULL", credit: BookingSQL.deposits, ":account")
    private static let openingDebit = opening(debit: BookingSQL.deposits, ":account", credit: BookingSQL.settlement, "NULL")

    /// The totals are filled by `load`, so only the papers themselves are written here.
    private static func opening(debit: String, _ debitAccount: String, credit: String, _ creditAccount: String) -> [PayoutStep] {
        [
            PayoutStep("take a journal number", BookingSQL.nextNumber("JOURNAL")),
            PayoutStep("open the journal", BookingSQL.journal(kind: "OPENING")),
            PayoutStep("debit", BookingSQL.line(1, gl: debit, account: debitAccount, valuedOn: ":valuedOn", debit: ":won")),
            PayoutStep("credit", BookingSQL.line(2, gl: credit, account: creditAccount, valuedOn: ":valuedOn", credit: ":won")),
            PayoutStep("enter the movement", BookingSQL.entry),
            PayoutStep("move the balance", BookingSQL.balance),
            PayoutStep("print the statement line", BookingSQL.statementLine),
        ]
    }

    private static func sum(_ left: Int64, _ right: Int64, of account: String) throws(Problem) -> Int64 {
        let sum = left.addingReportingOverflow(right)
        guard !sum.overflow else { throw InterestRules.beyondTheBooks(account) }
        return sum.partialValue
    }

    /// Ten branches, by the id's last letter.
    private static func branch(of account: String) -> String { "B\(Int(account.utf8.last ?? 0) % 10)" }
}
