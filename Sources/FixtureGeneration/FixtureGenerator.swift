public import InterestContract

/// The accounts both services start from: every corner of the rules at least once, and ordinary customers for the rest.
///
/// The same seed and count give the same bytes, on every platform.
///
///     let accounts = try FixtureGenerator.accounts(seed: 1, count: 2_000)
///     let file = FixtureGenerator.file(accounts)
public enum FixtureGenerator {
    /// The newest day in the file: 2026-03-02. Payouts are due from this business date on.
    public static let businessDate = CalendarDay(number: 20_514)

    /// How many accounts the corners take; smaller files are refused.
    public static var cornerCount: Int { corners(seed: 0).accounts.count }

    /// - Throws: a problem when `count` has no room for the corners.
    public static func accounts(seed: UInt64, count: Int) throws(Problem) -> [FixtureAccount] {
        var drafts = corners(seed: seed)
        guard count >= drafts.accounts.count else {
            throw Problem(
                .malformedRequest, "\(count) accounts can't cover every corner: ask for at least \(drafts.accounts.count)")
        }
        while drafts.accounts.count < count { drafts.addOrdinary() }
        for account in drafts.accounts { try account.check() }
        return drafts.accounts
    }

    /// `accounts.jsonl`: one account a line.
    public static func file(_ accounts: [FixtureAccount]) -> [UInt8] {
        accounts.reduce(into: []) { bytes, account in
            bytes.append(contentsOf: account.json)
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    private static func corners(seed: UInt64) -> AccountDrafts {
        var drafts = AccountDrafts(today: businessDate, seed: seed)
        drafts.addStates()
        drafts.addIncidents()
        drafts.addHolds()
        drafts.addBalanceEdges()
        drafts.addTaxCategories()
        drafts.addPots()
        drafts.addLateBookings()
        drafts.addPayingPeriods()
        drafts.addRateSteps()
        drafts.addSharedCustomers()
        return drafts
    }
}
