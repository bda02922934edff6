#if PostgreSQL
    /// A value bound to a statement's parameter.
    public enum PostgresValue: Sendable, Hashable {
        /// `bigint`.
        case integer(Int64)
        case text(String)
        /// `bytea`.
        case bytes([UInt8])
        /// Of the type that the statement says.
        case null

        /// The object id of the type that the parameter is declared with; 0 leaves it to the server.
        var type: UInt32 {
            switch self {
            case .integer: 20
            case .text: 25
            case .bytes: 17
            case .null: 0
            }
        }
    }

    extension PostgresValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
        public init(integerLiteral value: Int64) { self = .integer(value) }
        public init(stringLiteral value: String) { self = .text(value) }
        public init(_ value: Int64?) { self = value.map { .integer($0) } ?? .null }
        public init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    }
#endif
