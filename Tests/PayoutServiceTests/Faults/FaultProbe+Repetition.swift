import InterestContract

/// The same again, at once, or later: keys, claims and caches.
extension FaultProbe {
    static let repetition = [
        FaultProbe("idempotency-key-ignored", thousandADay(), plain: "18250007", faulty: "18250014") { bank in
            _ = try await bank.transact(.deposit, 7, key: "k")
            return "\(try await bank.transact(.deposit, 7, key: "k")["balanceAfter"] ?? 0)"
        },
        FaultProbe(
            "idempotency-other-body-accepted", thousandADay(), plain: "IDEMPOTENCY_KEY_REUSED 18250007", faulty: "201 18250007"
        ) { bank in
            _ = try await bank.transact(.deposit, 7, key: "k")
            return "\(outcome(try await bank.transact(.deposit, 8, key: "k"))) \(try await balance(bank))"
        },
        FaultProbe(
            "double-pay-when-concurrent", thousandADay(), plain: "201 ALREADY_PAID_TODAY 18251000", faulty: "201 201 18252000"
        ) { bank in
            async let one = bank.pay()
            async let other = bank.pay()
            let outcomes = [outcome(try await one), outcome(try await other)].sorted()
            return "\(outcomes.joined(separator: " ")) \(try await balance(bank))"
        },
        FaultProbe(
            "batch-and-click-both-pay", thousandADay(), plain: "201 ALREADY_PAID_TODAY 18251000", faulty: "201 201 18252000"
        ) { bank in
            let click = try await bank.pay()
            let batch = try await bank.post("/v1/accounts/\(Fixture.id)/interest-payouts", #"{"channel":"BATCH"}"#)
            return "\(outcome(click)) \(outcome(batch)) \(try await balance(bank))"
        },
        FaultProbe("cache-not-dropped-on-deposit", thousandADay(), plain: "2000 0 0", faulty: "1000 0 0", ask: shownThenChanged),
        FaultProbe("cache-late-write-over-newer", thousandADay(), plain: "2000 0 0", faulty: "1000 0 0", ask: shownThenChanged),
        FaultProbe("cache-lives-past-midnight", thousandADay(), plain: "2000 0 0", faulty: "1000 0 0") { bank in
            _ = try await bank.preview()
            return try await nextDay(bank)
        },
        FaultProbe("redis-away-zero", thousandADay(), plain: "1000 0 0", faulty: "0 0 0") { bank in
            for _ in 0..<2 { _ = try await bank.preview() }
            return figures(try await bank.preview())
        },
    ]

    private static let shownThenChanged: @Sendable (Bank) async throws -> String = { bank in
        _ = try await bank.preview()
        _ = try await bank.transact(.deposit, 18_250_000, valueDate: "2026-03-01")
        return figures(try await bank.preview())
    }
}
