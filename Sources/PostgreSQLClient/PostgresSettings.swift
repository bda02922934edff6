#if PostgreSQL
    import CPostgres
    import Foundation

    /// Where a database is and how it is used: an address such as
    /// `postgres://user:secret@host:5432/bank?sslmode=verify-full&schema=payout&pool=16`.
    ///
    /// What libpq knows of parameters goes to libpq (`sslmode`, `sslrootcert`, `passfile` …); these are ours:
    ///
    /// | parameter | unit | default | is |
    /// | --- | --- | --- | --- |
    /// | `schema` | name | the program's own | where its tables are |
    /// | `pool` | connections | 8 | the most that are open |
    /// | `pool_wait` | ms | 1 000 | how long a call waits for one |
    /// | `lock_timeout` | ms | 1 000 | how long a statement waits for a row's lock |
    /// | `statement_timeout` | ms | 5 000 | how long one statement may run |
    public struct PostgresSettings: Sendable, Hashable {
        public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
            public let description: String
        }

        public var schema: String
        public var poolSize = 8
        public var poolWaitMilliseconds = 1_000
        public var lockTimeoutMilliseconds = 1_000
        public var statementTimeoutMilliseconds = 5_000
        /// How long one attempt to connect may take.
        public var connectTimeoutMilliseconds = 3_000
        /// For libpq: the address without our own parameters.
        let connectionString: String

        /// The schemes that libpq knows.
        public static func isAddress(_ text: String) -> Bool { text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") }

        /// - Parameter schema: unless the address names one.
        public init(_ address: String, schema: String) throws(Refusal) {
            guard PostgresSettings.isAddress(address) else {
                throw Refusal(description: "a PostgreSQL address begins with postgres://, as in postgres://user@host:5432/bank")
            }
            self.schema = schema
            var kept: [Substring] = []
            let parts = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
                let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let (name, value) = (halves[0], halves.count > 1 ? halves[1] : "")
                switch name {
                case "schema":
                    guard !value.isEmpty, value.utf8.count <= 63,
                        value.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
                    else { throw Refusal(description: "`schema` takes 1 … 63 letters, digits and `_`, not \"\(value)\"") }
                    self.schema = String(value)
                case "pool": poolSize = try PostgresSettings.number(name, value, 1...1_000)
                case "pool_wait": poolWaitMilliseconds = try PostgresSettings.number(name, value, 1...600_000)
                case "lock_timeout": lockTimeoutMilliseconds = try PostgresSettings.number(name, value, 1...600_000)
                case "statement_timeout": statementTimeoutMilliseconds = try PostgresSettings.number(name, value, 1...600_000)
                default: kept.append(pair)
                }
            }
            connectionString = String(parts[0]) + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
            var refusal: UnsafeMutablePointer<CChar>?
            guard let options = PQconninfoParse(connectionString, &refusal) else {
                let reason = refusal.map { String(cString: $0).trimmingCharacters(in: .whitespacesAndNewlines) } ?? "no memory"
                PQfreemem(refusal)
                throw Refusal(description: "the PostgreSQL address can't be read: \(PostgresSettings.hidingSecrets(reason))")
            }
            PQconninfoFree(options)
        }

        private static func number(_ name: Substring, _ text: Substring, _ range: ClosedRange<Int>) throws(Refusal) -> Int {
            guard let number = Int(text), range.contains(number) else {
                throw Refusal(
                    description: "`\(name)` takes a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\""
                )
            }
            return number
        }

        /// For migrating and loading, which nobody waits for at a counter.
        public var atLeisure: PostgresSettings {
            var settings = self
            settings.poolSize = 1
            settings.statementTimeoutMilliseconds = 600_000
            settings.lockTimeoutMilliseconds = 60_000
            return settings
        }

        /// Host, port and database, without user and secret: fit for a log.
        public var place: String { PostgresSettings.place(of: connectionString) }

        static func place(of address: String) -> String {
            let scheme = address.range(of: "://").map { address[..<$0.upperBound] } ?? ""
            let rest = address.dropFirst(scheme.count).prefix { $0 != "?" }
            let authorityEnd = rest.firstIndex(of: "/") ?? rest.endIndex
            let authority = rest[..<authorityEnd]
            let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
            return String(scheme + host + rest[authorityEnd...])
        }

        /// libpq quotes the address in what it says of it.
        static func hidingSecrets(_ message: String) -> String {
            guard let start = message.range(of: "postgres"), let end = message[start.upperBound...].lastIndex(of: "\"") else {
                return message
            }
            return String(message[..<start.lowerBound]) + place(of: String(message[start.lowerBound..<end])) + message[end...]
        }
    }
#endif
