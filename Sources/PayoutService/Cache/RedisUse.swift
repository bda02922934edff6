import InterestContract
import Logging

#if Redis
    import RedisClient
#endif

/// What a payout service does with Redis: keep previews, and refuse busy accounts at once. Either, both or neither.
public struct RedisUse: Sendable {
    /// Why the service can't be started with this address.
    public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    let cache: (any PreviewCache)?
    let lock: (any AccountLock)?

    /// Why this address can't be used, in a sentence; nil if it can. Nothing is connected to.
    public static func refusal(ofAddress address: String) -> String? {
        #if Redis
            do throws(RedisSettings.Refusal) {
                _ = try RedisSettings(address)
                return nil
            } catch { return error.description }
        #else
            return "this program was built without Redis; build it with `swift build --traits Redis` (it needs libhiredis-dev)"
        #endif
    }

    init(_ configuration: PayoutServiceConfiguration, books: any BookStore, logger: Logger) throws {
        for address in [configuration.redisCache, configuration.redisLock].compactMap({ $0 }) {
            if let refusal = RedisUse.refusal(ofAddress: address) { throw Refusal(description: refusal) }
        }
        #if Redis
            let client = try configuration.redisCache.map { try RedisUse.client($0, logger) }
            let tokens = TokenLookup(books: books)
            cache = client.map { client in
                RedisPreviewCache(
                    client, rules: configuration.faults.sorted().joined(separator: ","), clock: .system
                ) { try await tokens.token($0) }
            }
            if let address = configuration.redisLock {
                let shared = address == configuration.redisCache ? client : nil
                lock = RedisAccountLock(try shared ?? RedisUse.client(address, logger))
            } else {
                lock = nil
            }
        #else
            cache = nil
            lock = nil
        #endif
    }

    #if Redis
        private static func client(_ address: String, _ logger: Logger) throws -> RedisClient {
            let settings = try RedisSettings(address)
            let place = settings.place
            return RedisClient(settings) { event in
                switch event {
                case .opened(let reason):
                    logger.warning(
                        "Redis is away: previews are computed and accounts are not locked in front of the books",
                        metadata: ["redis": "\(place)", "reason": "\(reason)"])
                case .closed(let milliseconds):
                    logger.info("Redis is back", metadata: ["redis": "\(place)", "awayMillisecondsInAll": "\(milliseconds)"])
                }
            }
        }
    #endif
}
