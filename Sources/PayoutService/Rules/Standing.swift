import InterestContract

/// What the books say of an account at one moment, with its customer: the input of every rule.
struct Standing: Sendable, Hashable {
    var accountId: String
    var customerId: String
    var product: String
    /// The branch that keeps the account.
    var branch: String
    var openedOn: Day
    var state: AccountState
    var depositFreeze: Bool
    var withdrawalFreeze: Bool
    var incidentAmount: Int64?
    var customerState: CustomerState
    var taxCategory: TaxCategory
    var treatyPpm: Int64?
    var balance: Int64
    var held: Int64
    var lastPaidOn: Day?
    /// Rises with every change of the account; previews carry it.
    var version: Int64
    /// The balances of all pots together.
    var pots: Int64
    /// How many lines the account's statement has.
    var statementLines: Int64

    func answer() throws(Problem) -> AccountAnswer {
        AccountAnswer(
            accountId: accountId, balance: balance, heldAmount: held, lastPaidOn: try lastPaidOn?.civil, state: state,
            depositFreeze: depositFreeze, withdrawalFreeze: withdrawalFreeze, incidentAmount: incidentAmount,
            customerState: customerState)
    }
}

extension Optional where Wrapped == Day {
    /// `map` does not carry typed errors through; this does.
    fileprivate var civil: CivilDate? {
        get throws(Problem) {
            guard let self else { return nil }
            return try self.civil
        }
    }
}

/// A sum that the books can't hold is refused before anything is written.
func checkedSum(_ left: Int64, _ right: Int64) throws(Problem) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    guard !overflow else { throw Problem(.malformedRequest, "the sum lies outside what 64 bits hold") }
    return sum
}
