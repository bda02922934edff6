#if Redis
    import RedisClient

    /// A key in Redis that one holder has at a time, until it lets go or the key expires.
    struct RedisClaim: Sendable {
        enum Outcome: Sendable, Hashable {
            case ours
            /// Somebody else has it.
            case taken
            /// Redis did not say.
            case unknown(isUnsent: Bool)
        }

        let client: RedisClient
        let key: String
        /// Random: no other holder has it.
        let holder: [UInt8]
        let expiryMilliseconds: Int

        init(_ client: RedisClient, key: String, expiryMilliseconds: Int = 1_000) {
            self.client = client
            self.key = key
            self.expiryMilliseconds = expiryMilliseconds
            holder =
                Array(String(UInt64.random(in: .min ... .max), radix: 16).utf8)
                + Array(String(UInt64.random(in: .min ... .max), radix: 16).utf8)
        }

        func take() async -> Outcome {
            do throws(RedisError) {
                let isOurs = try await client.set(key, holder, onlyIfMissing: true, expiryMilliseconds: expiryMilliseconds)
                return isOurs ? .ours : .taken
            } catch {
                return .unknown(isUnsent: error.isUnsent)
            }
        }

        /// Without waiting for it. A key that has gone to somebody else in the meantime stays theirs.
        func release() {
            client.post(
                ["EVAL", RedisClaim.releasing.text, "1", key].map { Array($0.utf8) } + [holder],
                accepts: { if case .integer = $0 { true } else { false } })
        }

        /// - Returns: whether Redis said that it is not ours any more.
        func released() async -> Bool {
            do throws(RedisError) {
                _ = try await client.run(RedisClaim.releasing, keys: [key], [holder])
                return true
            } catch {
                return false
            }
        }

        private static let releasing = RedisScript(
            """
            if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
            return 0
            """)
    }
#endif
