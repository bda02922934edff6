import ArgumentParser
import PayoutService

/// What the payout service does with Redis.
struct RedisOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep previews in this Redis, for all processes on the same books: redis://[user:password@]HOST[:PORT][/DB][?timeout=50]. Default: in memory.",
            valueName: "address"))
    var cache: String?
    @Option(
        help: ArgumentHelp(
            "Refuse a second write to an account at once while one is under way, by a lock in this Redis; without it writes wait for each other in the books.",
            valueName: "address"))
    var redisLock: String?

    func validate() throws {
        for (option, address) in [("--cache", cache), ("--redis-lock", redisLock)] {
            guard let address, let refusal = RedisUse.refusal(ofAddress: address) else { continue }
            throw ValidationError("\(option) can't be used: \(refusal).")
        }
    }

    /// - Throws: a sentence, if a fault was asked for that can't show with this cache.
    func apply(to configuration: inout PayoutServiceConfiguration) throws(ValidationError) {
        configuration.redisCache = cache
        configuration.redisLock = redisLock
        let unseen = "cache-not-dropped-on-deposit"
        guard cache == nil || !configuration.faults.contains(unseen) else {
            throw ValidationError(
                "The fault `\(unseen)` does not show with --cache, where every preview is checked against the books' versions; leave --cache out."
            )
        }
    }
}
