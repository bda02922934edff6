import InterestContract

extension InterestCalls {
    /// `POST /v1/products/{code}/rates`: a schedule from a date on, past or future; unpaid days earn by it.
    func rates(_ product: String, _ call: InboundCall) async throws -> Reply {
        let envelope = try envelope(call)
        let schedule = try RateSchedule(call.body)
        return try await change(envelope) { books in
            guard try books.hasProduct(product) else {
                throw Problem(.productNotFound, "there is no product \(product)")
            }
            let version = BookStep(
                "product", "UPDATE product SET version = version + ? WHERE product = ?",
                [.integer(PreviewToken.versionStep()), .init(product)])
            let step = BookStep(
                "rate_schedule",
                """
                INSERT INTO rate_schedule (product, since, bands) VALUES (?, ?, ?)
                ON CONFLICT (product, since) DO UPDATE SET bands = excluded.bands
                """,
                [.init(product), .init(Day(schedule.since)), .init(BandText.write(schedule.bands))])
            return Plan(
                call: .rates, reference: references.next("R"), steps: [step, version],
                reply: Reply(RatesAnswer(product: product, schedule: schedule)), touched: nil, change: .rates)
        }
    }
}
