import InterestContract

/// Fills the books from fixtures: each entry by its own opening journal, the totals by the queries that explain them.
enum FixtureLoading {
    /// At start, into an empty store alone. Returns how many accounts were loaded; nil when the store had data and was kept.
    static func fill(_ database: CoreDatabase, products: ProductCatalogue, accounts: [FixtureAccount]) async throws -> Int? {
        try await database.transaction(.together) { books in
            guard try books.row("SELECT 1 FROM product LIMIT 1") == nil else { return .rollBack(nil) }
            for (code, schedules) in products.schedules {
                try books.change("INSERT INTO product VALUES(:product)", ["product": code])
                for schedule in schedules { try store(schedule, of: code, in: books) }
            }
            try load(accounts, notAfter: nil, in: books)
            return .keep(accounts.count)
        }
    }

    static func store(_ schedule: RateSchedule, of product: String, in books: any CoreSession) throws {
        try books.change(
            "DELETE FROM rate_band WHERE product_code = :product AND since = :since",
            ["product": product, "since": schedule.since])
        for (number, band) in schedule.bands.enumerated() {
            try books.change(
                "INSERT INTO rate_band VALUES(:product, :since, :number, :upTo, :ppm)",
                ["product": product, "since": schedule.since, "number": number + 1, "upTo": band.upTo, "ppm": band.ppm])
        }
    }

    /// - Parameter businessDate: nothing may lie after it; nil at start, when no request has named a date yet.
    static func load(_ accounts: [FixtureAccount], notAfter businessDate: CivilDate?, in books: any CoreSession) throws {
        let products = Set(try books.rows("SELECT product_code FROM product").map { try $0.text(0) })
        for account in accounts {
            try account.check()
            try check(account, notAfter: businessDate, of: products)
        }
        var replaces = false
        // Into empty books an account that was there already can't come, and asking for each would take longer than opening it.
        let areEmpty = try books.row("SELECT 1 FROM account LIMIT 1") == nil
        var opened: Set<String> = []
        var journal = try Counters(in: books).journal
        try AccountReplacement.prepare(in: books)
        try books.makeTemporary("CREATE TEMP TABLE IF NOT EXISTS opened(account_id TEXT PRIMARY KEY)")
        try books.change("DELETE FROM temp.opened")
        for account in accounts {
            let isNew = opened.insert(account.id).inserted
            if !areEmpty || !isNew, try AccountReplacement.remove(account.id, in: books) { replaces = true }
            try open(account, journal: &journal, in: books)
            if isNew { try books.change("INSERT INTO temp.opened VALUES(:account)", ["account": account.id]) }
        }
        // Of new accounts the totals hold nothing yet; where one replaced another, they are filled anew.
        if replaces {
            for total in LedgerTotal.all {
                for sql in total.refill { try books.change(sql) }
            }
        } else {
            for total in LedgerTotal.ledger { try books.change(total.add(within: openedPapers)) }
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

    private static func check(
        _ account: FixtureAccount, notAfter businessDate: CivilDate?, of products: Set<String>
    ) throws(Problem) {
        guard products.contains(account.product) else {
            throw Problem(.malformedRequest, "account \(account.id): there is no product \(account.product)")
        }
        guard let businessDate else { return }
        let dates = [account.openedOn] + [account.lastPaidOn].compactMap { $0 } + account.entries.map(\.bookedOn)
        if let late = dates.first(where: { $0 > businessDate }) {
            throw Problem(
                .malformedRequest, "account \(account.id): \(late) lies after the business date \(businessDate)")
        }
    }

    private static func open(_ account: FixtureAccount, journal: inout Int64, in books: any CoreSession) throws {
        let customer = account.customer
        try books.change(
            """
            INSERT INTO customer VALUES(:customer, :state, :category, :treatyPpm) ON CONFLICT(customer_id) DO UPDATE SET
                state = excluded.state, tax_category = excluded.tax_category, treaty_ppm = excluded.treaty_ppm
            """,
            [
                "customer": customer.id, "state": customer.state.rawValue, "category": customer.taxCategory.rawValue,
                "treatyPpm": customer.treatyPpm,
            ])
        try books.change(
            """
            INSERT INTO account VALUES(:account, :customer, :branch, :product, :state, :depositFreeze, :withdrawalFreeze,
                :incident, :openedOn, :lastPaidOn)
            """,
            [
                "account": account.id, "customer": customer.id, "branch": branch(of: account.id), "product": account.product,
                "state": account.state.rawValue, "depositFreeze": account.depositFreeze,
                "withdrawalFreeze": account.withdrawalFreeze, "incident": account.incidentAmount, "openedOn": account.openedOn,
                "lastPaidOn": account.lastPaidOn,
            ])
        var pots: Int64 = 0
        for (number, pot) in account.pots.enumerated() {
            try books.change(
                "INSERT INTO pot VALUES(:account, :number, :pot, :balance)",
                ["account": account.id, "number": number + 1, "pot": pot.id, "balance": pot.balance])
            pots = try sum(pots, pot.balance, of: account.id)
        }
        try books.change(
            "INSERT INTO balance VALUES(:account, 0, :held, 0)", ["account": account.id, "held": account.heldAmount])
        try book(account, journal: &journal, in: books)
    }

    private static func book(_ account: FixtureAccount, journal: inout Int64, in books: any CoreSession) throws {
        var balance: Int64 = 0
        for entry in account.entries {
            journal += 1
            balance = try sum(balance, entry.amount, of: account.id)
            let isCredit = entry.amount >= 0
            try StepExecutor().run(
                isCredit ? openingCredit : openingDebit,
                [
                    "account": account.id, "journal": journal, "date": entry.bookedOn, "valuedOn": entry.valuedOn,
                    "amount": entry.amount, "won": abs(entry.amount), "heldAfter": account.heldAmount, "balanceAfter": balance,
                ], in: books)
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
