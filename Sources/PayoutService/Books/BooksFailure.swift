import GRDB
import InterestContract

#if PostgreSQL
    import PostgreSQLClient
#endif

/// Why a transaction could not be done, where the contract has an answer for it. Unless it says otherwise, nothing was done then.
enum BooksFailure: Error, Sendable {
    /// The account's row, or the whole database, was held by someone else for too long.
    case busy
    /// The unique index of payouts by account and business date refused a second one.
    case paidAlready
    /// The unique key of booked tax events refused a second booking.
    case bookedAlready
    /// The database can't be reached, or has no connection free, or took too long.
    case away
    /// The database went away while it was keeping the transaction.
    case outcomeUnknown

    var problem: Problem {
        switch self {
        case .busy: Problem(.accountBusy, "the account is being changed by someone else; ask again")
        case .paidAlready: Problem(.alreadyPaidToday, "the account has its interest of today")
        // No call books taxes.
        case .bookedAlready: Problem(.internalError, "the event was booked before")
        case .away: Problem(.serviceUnavailable, "the books can't be reached just now; nothing was done; ask again")
        case .outcomeUnknown:
            Problem(
                .serviceUnavailable,
                "the books went away in the middle; ask again with the same key, and the answer says what was done")
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

    /// Whether a failure of a tax event is its own: what stands in it is refused by the books, and will be the next time. All else (the books are
    /// away, full, read-only, of another version; a lock; being asked to stop) passes, or is mended by somebody.
    static func isOfTheEvent(_ error: any Error) -> Bool {
        switch error {
        case is BooksFailure, is CancellationError: return false
        case let error as DatabaseError:
            return [.SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_RANGE].contains(error.resultCode)
        default: break
        }
        #if PostgreSQL
            if let error = error as? PostgresError {
                // Data exceptions and violated constraints.
                return error.kind == .noRowChanged || error.sqlState.hasPrefix("22") || error.sqlState.hasPrefix("23")
            }
        #endif
        return true
    }

    #if PostgreSQL
        init?(_ error: PostgresError) {
            if error.isOutcomeUnknown {
                self = .outcomeUnknown
                return
            }
            switch error.kind {
            // A conflict comes this far only when it was met on every try.
            case .lockTimeout, .conflict: self = .busy
            case .unavailable, .poolExhausted, .connectionLost, .statementTimeout: self = .away
            case .unique where error.constraint == "payout_once_a_day" || error.constraint == "payout_claim_pkey":
                self = .paidAlready
            case .unique where error.constraint == "tax_inbox_pkey": self = .bookedAlready
            default: return nil
            }
        }
    #endif
}
