#if PostgreSQL
    /// Why the database did not do what it was asked. Unless ``isOutcomeUnknown``, nothing of the transaction was kept.
    public struct PostgresError: Error, Sendable, Hashable, CustomStringConvertible {
        public enum Kind: Sendable, Hashable {
            /// No connection can be made, or the server takes none just now.
            case unavailable
            /// Every connection was in use for longer than a call may wait.
            case poolExhausted
            /// The connection broke in mid-work.
            case connectionLost
            /// A row's lock was not to be had in time.
            case lockTimeout
            /// The statement ran for too long.
            case statementTimeout
            /// The transaction met another one that it can't stand beside: 40001 or 40P01. Done again, it may well pass.
            case conflict
            /// A unique index has this row already; ``PostgresError/constraint`` names it.
            case unique
            /// A statement that must change a row changed none.
            case noRowChanged
            /// A value beyond what its column holds: 22003.
            case outOfRange
            /// A row or value is not of the shape that the program takes it for.
            case unexpectedShape
            /// The schema is of another version than this program's.
            case schema
            /// Any other error of the server.
            case server
        }

        public var kind: Kind
        /// Five characters, as PostgreSQL's manual lists them in appendix A; empty where the error is not the server's.
        public var sqlState: String
        public var message: String
        /// The constraint that refused, if one did.
        public var constraint: String
        /// Whether the error struck while the commit was under way: the transaction may have been kept.
        public var isOutcomeUnknown = false

        public init(_ kind: Kind, _ message: String, sqlState: String = "", constraint: String = "") {
            self.kind = kind
            self.sqlState = sqlState
            self.message = message
            self.constraint = constraint
        }

        /// An error of the server, by its code.
        init(sqlState: String, message: String, constraint: String) {
            let kind: Kind =
                switch sqlState {
                case "40001", "40P01": .conflict
                case "55P03": .lockTimeout
                case "57014": .statementTimeout
                case "23505": .unique
                case "22003": .outOfRange
                // Shut down, crashed, idle for too long; starting, and too many connections.
                case "57P01", "57P02", "57P05", "25P03", "25P04": .connectionLost
                case "57P03", "53300": .unavailable
                case _ where sqlState.hasPrefix("08"): .connectionLost
                default: .server
                }
            self.init(kind, message, sqlState: sqlState, constraint: constraint)
        }

        public var description: String {
            let code = sqlState.isEmpty ? "" : " (SQLSTATE \(sqlState))"
            return message + code
        }

        /// Whether the same transaction may be tried once more.
        var isWorthRepeating: Bool { (kind == .conflict || kind == .connectionLost) && !isOutcomeUnknown }
    }
#endif
