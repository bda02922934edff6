import InterestContract

/// An account with its customer, balance and pots, as one transaction sees them.
struct AccountRecord: Sendable, Hashable {
    var id: String
    var customerId: String
    var branch: String
    var product: String
    var state: AccountState
    var depositFreeze: Bool
    var withdrawalFreeze: Bool
    var incidentAmount: Int64?
    var openedOn: CivilDate
    var lastPaidOn: CivilDate?
    var balance: Int64
    var heldAmount: Int64
    var version: Int64
    var customerState: CustomerState
    var taxCategory: TaxCategory
    var treatyPpm: Int64?
    /// Sum of the pots' balances.
    var pots: Int64
    var hasFilledPot: Bool

    /// The first day that is not paid yet.
    var countedFrom: CivilDate { lastPaidOn ?? openedOn }

    var answer: AccountAnswer {
        AccountAnswer(
            accountId: id, balance: balance, heldAmount: heldAmount, lastPaidOn: lastPaidOn, state: state,
            depositFreeze: depositFreeze, withdrawalFreeze: withdrawalFreeze, incidentAmount: incidentAmount,
            customerState: customerState)
    }
}

extension AccountRecord {
    private static let query = """
        SELECT a.customer_id, a.branch_code, a.product_code, a.state, a.deposit_freeze, a.withdrawal_freeze, a.incident_amount,
            a.opened_on, a.last_paid_on, b.balance, b.held_amount, b.version, c.state, c.tax_category, c.treaty_ppm,
            COALESCE((SELECT SUM(balance) FROM pot WHERE account_id = a.account_id), 0),
            EXISTS (SELECT 1 FROM pot WHERE account_id = a.account_id AND balance <> 0)
        FROM account a JOIN balance b USING(account_id) JOIN customer c USING(customer_id) WHERE a.account_id = :account
        """

    static func unknown(_ id: String) -> Problem { Problem(.accountNotFound, "there is no account \(id)") }

    /// Row 4 of the checks: the account, or ACCOUNT_NOT_FOUND.
    static func find(_ id: String, in books: any CoreSession) throws -> AccountRecord {
        guard let row = try books.row(query, ["account": id]) else { throw unknown(id) }
        guard let state = AccountState(rawValue: try row.text(3)), let customerState = CustomerState(rawValue: try row.text(12)),
            let category = TaxCategory(rawValue: try row.text(13))
        else { throw BrokenBooks(description: "account \(id) has an unknown state or tax category") }
        return AccountRecord(
            id: id, customerId: try row.text(0), branch: try row.text(1), product: try row.text(2), state: state,
            depositFreeze: try row.flag(4), withdrawalFreeze: try row.flag(5), incidentAmount: try row.integerIfAny(6),
            openedOn: try CivilDate(stored: row.integer(7)),
            lastPaidOn: try row.integerIfAny(8).map { try CivilDate(stored: $0) }, balance: try row.integer(9),
            heldAmount: try row.integer(10), version: try row.integer(11), customerState: customerState, taxCategory: category,
            treatyPpm: try row.integerIfAny(14), pots: try row.integer(15), hasFilledPot: try row.flag(16))
    }
}

/// What a day's interest is computed from.
enum InterestInputs {
    /// The daily balances from the last one at or before `from` on, by rising value date.
    static func dailyBalances(of account: String, from: CivilDate, in books: any CoreSession) throws -> [DailyBalance] {
        let query = """
            SELECT value_date, closing_balance FROM daily_balance WHERE account_id = :account AND value_date >= COALESCE(
                (SELECT MAX(value_date) FROM daily_balance WHERE account_id = :account AND value_date <= :from), :from)
            ORDER BY value_date
            """
        return try books.rows(query, ["account": account, "from": from]).map { row in
            DailyBalance(valuedOn: try CivilDate(stored: row.integer(0)), closing: try row.integer(1))
        }
    }

    /// The product's schedules by rising date. Empty where the product has none.
    static func schedules(of product: String, in books: any CoreSession) throws -> [RateSchedule] {
        let query = "SELECT since, up_to, ppm FROM rate_band WHERE product_code = :product ORDER BY since, band_no"
        var dates: [Int64] = []
        var bands: [[RateBand]] = []
        for row in try books.rows(query, ["product": product]) {
            let since = try row.integer(0)
            if dates.last != since {
                dates.append(since)
                bands.append([])
            }
            bands[bands.count - 1].append(RateBand(upTo: try row.integerIfAny(1), ppm: try row.integer(2)))
        }
        var schedules: [RateSchedule] = []
        for (since, bands) in zip(dates, bands) {
            schedules.append(try RateSchedule(since: CivilDate(stored: since), bands: bands))
        }
        return schedules
    }
}
