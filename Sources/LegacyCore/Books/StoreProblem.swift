import GRDB
import InterestContract
import PostgreSQLClient

/// What a caller is told when the database did not do what it was asked.
enum StoreProblem {
    /// Nil where it is the core's own fault.
    ///
    /// - Parameter isWriting: only a call that books something can be one that the books have no room for.
    static func of(_ error: any Error, isWriting: Bool) -> Problem? {
        if let error = error as? DatabaseError {
            if error.resultCode == .SQLITE_BUSY { return busy }
            // SQLite turns a sum beyond 64 bits into a real, which a strict column refuses; its SUM() refuses by itself.
            let isBeyond = error.extendedResultCode == .SQLITE_CONSTRAINT_DATATYPE || error.message == "integer overflow"
            return isWriting && isBeyond ? beyondTheBooks : nil
        }
        #if PostgreSQL
            if let error = error as? PostgresError { return problem(error, isWriting: isWriting) }
        #endif
        return nil
    }

    #if PostgreSQL
        private static func problem(_ error: PostgresError, isWriting: Bool) -> Problem? {
            if error.isOutcomeUnknown {
                return Problem(
                    .serviceUnavailable,
                    "the core's database went away at the very end; ask again with the same key to learn whether it was booked")
            }
            return switch error.kind {
            case .lockTimeout, .conflict: busy
            case .unavailable, .connectionLost: unavailable("is away")
            case .poolExhausted: unavailable("has no connection to spare")
            case .statementTimeout: unavailable("was too slow")
            case .outOfRange where isWriting: beyondTheBooks
            default: nil
            }
        }

        private static func unavailable(_ reason: String) -> Problem {
            Problem(.serviceUnavailable, "the core's database \(reason); nothing was booked, ask again")
        }
    #endif

    private static let busy = Problem(.accountBusy, "the books are being written elsewhere; ask again")
    private static let beyondTheBooks = Problem(
        .malformedRequest, "the amount would carry a total beyond what the books can hold (64-bit won)")
}
