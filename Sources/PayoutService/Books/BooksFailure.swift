import GRDB
import InterestContract

/// Why a transaction could not be done, where the contract has an answer for it. Nothing was done then.
enum BooksFailure: Error, Sendable {
    /// Another process held the database for too long.
    case busy
    /// The unique index of payouts by account and business date refused a second one.
    case paidAlready

    var problem: Problem {
        switch self {
        case .busy: Problem(.accountBusy, "the account is being changed by someone else; ask again")
        case .paidAlready: Problem(.alreadyPaidToday, "the account has its interest of today")
        }
    }

    init?(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_BUSY: self = .busy
        case .SQLITE_CONSTRAINT where error.message?.contains("payout.account_id, payout.business_day") == true:
            self = .paidAlready
        default: return nil
        }
    }
}
