import InterestContract

/// Interest with its taxes: what a preview shows and a payout pays.
struct InterestQuote: Sendable, Hashable {
    var interest: Interest
    var tax: Tax

    var gross: Int64 { interest.gross }
    var net: Int64 { interest.gross - tax.income - tax.local }

    func answer() throws(Problem) -> PreviewAnswer {
        PreviewAnswer(
            period: WirePeriod(
                from: try Day(number: interest.days.lowerBound).civil, to: try Day(number: interest.days.upperBound - 1).civil,
                days: Int64(interest.days.count)),
            grossInterest: gross, incomeTax: tax.income, localIncomeTax: tax.local, netInterest: net)
    }

    /// What a closure shows when nothing was payable.
    static func nothing(on businessDay: Day) throws(Problem) -> PreviewAnswer {
        let date = try businessDay.civil
        return PreviewAnswer(
            period: WirePeriod(from: date, to: date, days: 0), grossInterest: 0, incomeTax: 0, localIncomeTax: 0, netInterest: 0)
    }
}

extension Policies {
    func quote(_ basis: InterestBasis, businessDay: Day) throws(Problem) -> InterestQuote {
        let interest = try interest.interest(basis, businessDay: businessDay)
        let standing = basis.standing
        return InterestQuote(interest: interest, tax: tax.assess(interest, standing.taxCategory, standing.treatyPpm))
    }
}
