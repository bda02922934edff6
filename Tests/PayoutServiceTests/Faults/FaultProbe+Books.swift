import InterestContract

/// What a payment leaves in the books, and what it publishes.
extension FaultProbe {
    static let books = posting + events

    private static let posting = [
        FaultProbe(
            "reply-without-posting", thousandADay(), plain: "201 18251000 18251000", faulty: "201 18251000 18250000",
            ask: repliedAndBooked),
        FaultProbe(
            "posted-to-wrong-account", thousandADay(), plain: "201 18251000 18251000", faulty: "201 18251000 18250000",
            ask: repliedAndBooked),
        FaultProbe("journal-unbalanced", thousandADay(), plain: "1000 = 1000", faulty: "0 = 1000") { bank in
            _ = try await bank.pay()
            let journals = try await bank.get("/v1/books/accounts/\(Fixture.id)/journals").json?["journals"]?.array ?? []
            let payout = journals.first { $0["kind"]?.string == "PAYOUT" }
            return "\(payout?["debits"]?.integer ?? -1) = \(payout?["credits"]?.integer ?? -1)"
        },
        FaultProbe("held-amount-forgotten", thousandADay { $0.state = .seized }, plain: "1000", faulty: "0", ask: held),
        FaultProbe(
            "incident-amount-as-boolean",
            thousandADay {
                $0.state = .fraudHold
                $0.incidentAmount = 600
            }, plain: "600", faulty: "1000", ask: held),
        FaultProbe("last-paid-not-moved", thousandADay(), plain: "2000 0 0", faulty: "3000 0 0") { bank in
            _ = try await bank.pay()
            return figures(try await bank.preview(at: "2026-03-04T12:00:00+09:00"))
        },
        FaultProbe(
            "last-paid-moved-on-refusal", Fixture.account(1), plain: "NOTHING_PAYABLE 2026-03-01",
            faulty: "NOTHING_PAYABLE 2026-03-02"
        ) { bank in
            "\(outcome(try await bank.pay())) \(try await bank.account().json?["lastPaidOn"]?.string ?? "never")"
        },
    ]

    private static let events = [
        FaultProbe(
            "tax-event-lost", Fixture.account(50_000_000), plain: "1 published, 1 booked", faulty: "0 published, 0 booked",
            ask: taxes),
        FaultProbe(
            "tax-event-twice", Fixture.account(50_000_000), plain: "1 published, 1 booked", faulty: "2 published, 1 booked",
            ask: taxes),
    ]

    private static let repliedAndBooked: @Sendable (Bank) async throws -> String = { bank in
        let paid = try await bank.pay()
        return "\(outcome(paid)) \(paid["balanceAfter"] ?? 0) \(try await balance(bank))"
    }

    private static let held: @Sendable (Bank) async throws -> String = { "\(try await $0.pay()["heldAmount"] ?? -1)" }

    private static let taxes: @Sendable (Bank) async throws -> String = { bank in
        _ = try await bank.pay()
        try await bank.bookTaxes()
        let events = try await bank.get("/v1/books/accounts/\(Fixture.id)/events").json?["events"]?.array ?? []
        let records = try await bank.get("/v1/books/accounts/\(Fixture.id)/tax").json?["records"]?.array ?? []
        return "\(events.count) published, \(records.count) booked"
    }
}
