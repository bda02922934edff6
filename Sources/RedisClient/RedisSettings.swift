#if Redis
    import Foundation

    /// Where a Redis is and how it is used: an address such as
    /// `redis://user:secret@host:6379/0?pool=2&timeout=50`.
    ///
    /// | parameter | unit | default | is |
    /// | --- | --- | --- | --- |
    /// | `pool` | connections | 2 | connections, each with a thread of its own |
    /// | `timeout` | ms | 50 | how long a command may take, from being asked to its answer |
    /// | `password_file` | path | none | a file that holds the password alone, instead of one in the address |
    /// | `failures` | commands | 5 | failures in a row after which nothing is asked until a probe was answered |
    /// | `prefix` | text | `countersign:` | what every key begins with |
    ///
    /// User, password and prefix may hold `%` escapes. TLS is not spoken: see `docs/previews-cache.md`.
    public struct RedisSettings: Sendable, Hashable {
        public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
            public let description: String
        }

        public var host: String
        public var port: Int
        public var database = 0
        public var user: String?
        public var password: String?
        public var poolSize = 2
        public var timeoutMilliseconds = 50
        public var failuresMax = 5
        public var prefix = "countersign:"

        /// - Throws: a sentence that names the part that can't be used; it never holds the password.
        public init(_ address: String) throws(Refusal) {
            guard !address.hasPrefix("rediss://") else {
                throw Refusal(
                    description:
                        "rediss:// is not spoken here: put a TLS sidecar (stunnel, Envoy) in front of Redis and give its plain"
                        + " address on this machine, as in redis://127.0.0.1:6379")
            }
            let scheme = "redis://"
            guard address.hasPrefix(scheme) else {
                throw Refusal(description: "a Redis address begins with redis://, as in redis://127.0.0.1:6379")
            }
            let parts = address.dropFirst(scheme.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            let (authority, path) = RedisSettings.cut(parts.first ?? "", at: "/")
            let place: Substring
            if let at = authority.lastIndex(of: "@") {
                let (user, password) = RedisSettings.cut(authority[..<at], at: ":")
                self.user = user.isEmpty ? nil : try RedisSettings.decoded(user, "the user")
                self.password = try password.map { password throws(Refusal) in
                    try RedisSettings.decoded(password, "the password")
                }
                place = authority[authority.index(after: at)...]
            } else {
                place = authority
            }
            (host, port) = try RedisSettings.hostAndPort(place)
            if let path, !path.isEmpty { database = try RedisSettings.number("the database's number", path, 0...1_023) }
            if parts.count > 1 { for pair in parts[1].split(separator: "&") { try take(pair) } }
            guard user == nil || password != nil else {
                throw Refusal(description: "the Redis address names a user and no password")
            }
        }

        private mutating func take(_ pair: Substring) throws(Refusal) {
            let (name, value) = RedisSettings.cut(pair, at: "=")
            switch name {
            case "pool": poolSize = try RedisSettings.number("`pool`", value ?? "", 1...64)
            case "timeout": timeoutMilliseconds = try RedisSettings.number("`timeout`", value ?? "", 1...60_000)
            case "failures": failuresMax = try RedisSettings.number("`failures`", value ?? "", 1...10_000)
            case "prefix": prefix = try RedisSettings.decoded(value ?? "", "`prefix`")
            case "password_file":
                guard password == nil else {
                    throw Refusal(description: "the Redis address has a password and a `password_file`: leave one out")
                }
                password = try RedisSettings.password(inFile: try RedisSettings.decoded(value ?? "", "`password_file`"))
            default:
                throw Refusal(
                    description:
                        "a Redis address has no parameter `\(name)`; there are pool, timeout, failures, prefix and password_file")
            }
        }

        private static func password(inFile path: String) throws(Refusal) -> String {
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw Refusal(description: "the password file \(path) can't be read")
            }
            let password = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
            guard !password.isEmpty else { throw Refusal(description: "the password file \(path) is empty") }
            return password
        }

        private static func hostAndPort(_ place: Substring) throws(Refusal) -> (host: String, port: Int) {
            let host: Substring
            var port: Substring?
            if place.first == "[", let end = place.firstIndex(of: "]") {
                host = place[place.index(after: place.startIndex)..<end]
                let rest = place[place.index(after: end)...]
                guard rest.isEmpty || rest.first == ":" else {
                    throw Refusal(description: "the Redis address has \"\(rest)\" where its port should stand")
                }
                port = rest.isEmpty ? nil : rest.dropFirst()
            } else {
                (host, port) = cut(place, at: ":")
            }
            guard !host.isEmpty, host.utf8.count <= 255, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw Refusal(description: "the Redis address names no host, as in redis://127.0.0.1:6379")
            }
            return (String(host), try port.map { port throws(Refusal) in try number("the port", port, 1...65_535) } ?? 6_379)
        }

        private static func cut(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
            guard let index = text.firstIndex(of: mark) else { return (text, nil) }
            return (text[..<index], text[text.index(after: index)...])
        }

        private static func decoded(_ text: Substring, _ what: String) throws(Refusal) -> String {
            guard let decoded = String(text).removingPercentEncoding else {
                throw Refusal(description: "\(what) of the Redis address has a `%` that begins no escape; write it as %25")
            }
            return decoded
        }

        private static func number(_ what: String, _ text: Substring, _ range: ClosedRange<Int>) throws(Refusal) -> Int {
            guard let number = Int(text), range.contains(number) else {
                throw Refusal(
                    description: "\(what) takes a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
            }
            return number
        }

        /// Host, port and database, without user and secret: fit for a log.
        public var place: String { "redis://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)" }
    }
#endif
