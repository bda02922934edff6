enum CacheFaults {
    static let all = [
        Fault(
            name: "cache-not-dropped-on-deposit", policy: .cache,
            about: "A deposit leaves the kept preview standing, though a late value date changes what is payable."
        ) { policies in
            let plain = policies.cache.drops
            policies.cache.drops = { $0 != .deposit && plain($0) }
        }
    ]
}
