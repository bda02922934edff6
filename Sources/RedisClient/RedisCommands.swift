#if Redis
    extension RedisClient {
        public func ping() async throws(RedisError) {
            _ = try await command([bytes("PING")]) { $0 == .status("PONG") }
        }

        /// The key's value; nil if there is none.
        public func get(_ key: String) async throws(RedisError) -> [UInt8]? {
            found(try await command([bytes("GET"), bytes(key)], isLookup: true, accepts: RedisClient.isFoundOrNot))
        }

        /// The value of one field of a hash; nil if there is none.
        public func get(_ key: String, field: String) async throws(RedisError) -> [UInt8]? {
            found(
                try await command([bytes("HGET"), bytes(key), bytes(field)], isLookup: true, accepts: RedisClient.isFoundOrNot))
        }

        /// - Parameters:
        ///   - onlyIfMissing: leaves a key alone that is there already.
        ///   - expiryMilliseconds: nil keeps it until it is deleted.
        /// - Returns: whether it was set.
        @discardableResult public func set(
            _ key: String, _ value: [UInt8], onlyIfMissing: Bool = false, expiryMilliseconds: Int? = nil
        ) async throws(RedisError) -> Bool {
            var words = [bytes("SET"), bytes(key), value]
            if onlyIfMissing { words.append(bytes("NX")) }
            if let expiryMilliseconds { words += [bytes("PX"), bytes(String(expiryMilliseconds))] }
            return try await command(words) { $0 == .status("OK") || onlyIfMissing && $0 == .null } != .null
        }

        /// - Returns: how many of the keys there were.
        @discardableResult public func delete(_ keys: [String]) async throws(RedisError) -> Int {
            guard case .integer(let count) = try await command([bytes("DEL")] + keys.map(bytes), accepts: RedisClient.isInteger)
            else { return 0 }
            return Int(count)
        }

        /// Deletes without waiting for it.
        public func postDelete(_ keys: [String]) {
            post([bytes("DEL")] + keys.map(bytes), accepts: RedisClient.isInteger)
        }

        /// Milliseconds until the key expires; nil if it never does, or is not there.
        public func expiry(of key: String) async throws(RedisError) -> Int? {
            guard case .integer(let left) = try await command([bytes("PTTL"), bytes(key)], accepts: RedisClient.isInteger),
                left >= 0
            else { return nil }
            return Int(left)
        }

        /// Runs a script that answers with an integer. Its text is only sent to a Redis that does not know it.
        public func run(_ script: RedisScript, keys: [String], _ arguments: [[UInt8]]) async throws(RedisError) -> Int64 {
            let words = [bytes(String(keys.count))] + keys.map(bytes) + arguments
            let answer: RedisValue
            do throws(RedisError) {
                answer = try await command([bytes("EVALSHA"), bytes(script.digest)] + words, accepts: RedisClient.isInteger)
            } catch {
                guard error.isMissingScript else { throw error }
                answer = try await command([bytes("EVAL"), bytes(script.text)] + words, accepts: RedisClient.isInteger)
            }
            guard case .integer(let value) = answer else { return 0 }
            return value
        }

        private static let isInteger: @Sendable (RedisValue) -> Bool = { if case .integer = $0 { true } else { false } }
        private static let isFoundOrNot: @Sendable (RedisValue) -> Bool = {
            switch $0 {
            case .bytes, .null: true
            default: false
            }
        }

        private func found(_ value: RedisValue) -> [UInt8]? { if case .bytes(let bytes) = value { bytes } else { nil } }
        private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    }
#endif
