enum CacheFaults {
    static let all = [
        Fault(
            name: "cache-not-dropped-on-deposit", policy: .cache,
            about: "A deposit leaves the kept preview standing, though a late value date changes what is payable."
        ) { policies in
            let plain = policies.cache.drops
            policies.cache.drops = { $0 != .deposit && plain($0) }
        },
        Fault(
            name: "cache-lives-past-midnight", policy: .cache,
            about: "The kept preview has no date: a day later it still shows what was payable the day before."
        ) { policies in
            policies.cache.day = { _ in Day(number: 0) }
        },
        Fault(
            name: "cache-late-write-over-newer", policy: .cache,
            about: "A preview computed before a change is written to the cache after it, over the newer state."
        ) { policies in
            policies.cache.compose = { _ in LateWritingCache() }
        },
        Fault(
            name: "redis-away-zero", policy: .cache,
            about: "From its third look-up on the cache is away, and a preview answers zero interest instead of computing it."
        ) { policies in
            let plain = policies.cache.compose
            policies.cache.compose = { AwayCache(plain($0), lookups: 3) }
        },
    ]
}
