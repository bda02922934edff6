import InterestContract

/// Rows 11 to 14 of the checks, and the interest they speak of.
enum InterestRules {
    /// What a claim would pay.
    struct Claim: Sendable, Hashable {
        var interest: DailyInterest
        var from: CivilDate
        var to: CivilDate
        var gross: Int64
        var withholding: Withholding

        var net: Int64 { gross - withholding.incomeTax - withholding.localIncomeTax }

        var answer: PreviewAnswer {
            PreviewAnswer(
                period: WirePeriod(from: from, to: to, days: interest.days), grossInterest: gross,
                incomeTax: withholding.incomeTax, localIncomeTax: withholding.localIncomeTax, netInterest: net)
        }
    }

    /// Row 11.
    static func checkNotPaid(_ account: AccountRecord, on date: CivilDate) throws(Problem) {
        if account.lastPaidOn == date {
            throw Problem(.alreadyPaidToday, "account \(account.id) has been paid its interest on \(date)")
        }
    }

    /// Row 12.
    static func checkNotPast(_ account: AccountRecord, on date: CivilDate) throws(Problem) {
        if date < account.countedFrom {
            throw Problem(
                .businessDateInPast,
                "the business date \(date) lies before \(account.countedFrom), from which account \(account.id) earns")
        }
    }

    /// Row 14; `net` is what the closure would pay.
    static func checkClosable(_ account: AccountRecord, net: Int64) throws(Problem) {
        guard !account.hasFilledPot else { throw Problem(.potsNotEmpty, "account \(account.id) has a pot that is not empty") }
        guard account.heldAmount <= 0 else {
            throw Problem(.fundsHeld, "account \(account.id) has \(account.heldAmount) won held")
        }
        guard Int128(account.balance) + Int128(net) >= 0 else {
            throw Problem(.negativeBalance, "account \(account.id) is overdrawn")
        }
    }

    /// Row 15.
    static func checkAvailable(_ amount: Int64, of account: AccountRecord) throws(Problem) {
        guard Int128(amount) <= Int128(account.balance) - Int128(account.heldAmount) else {
            throw Problem(.insufficientFunds, "account \(account.id) has less than \(amount) won available")
        }
    }

    /// The claim, or nil when less than one won would be paid (row 13).
    static func claim(
        _ account: AccountRecord, rows: [DailyBalance], schedules: [RateSchedule], on date: CivilDate
    ) throws(Problem) -> Claim? {
        let interest = DailyInterest(
            rows: rows, pots: account.pots, schedules: schedules, from: account.countedFrom, until: date)
        guard let gross = interest.gross else { throw beyondTheBooks(account.id) }
        guard gross >= 1, let to = interest.lastDay else { return nil }
        return Claim(
            interest: interest, from: account.countedFrom, to: to, gross: gross,
            withholding: Withholding(gross: gross, category: account.taxCategory, treatyPpm: account.treatyPpm))
    }

    /// Sums are whole won in 64 bits; what would leave them is refused and changes nothing.
    static func beyondTheBooks(_ account: String) -> Problem {
        Problem(.malformedRequest, "the amount would carry account \(account) beyond what the books can hold (64-bit won)")
    }
}
