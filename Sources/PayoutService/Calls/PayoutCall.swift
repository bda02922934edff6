import InterestContract

extension InterestCalls {
    /// `POST /v1/accounts/{id}/interest-payouts`
    func payout(_ id: String, _ call: InboundCall) async throws -> Reply {
        let envelope = try envelope(call)
        let request = try ChannelRequest(call.body)
        return try await change(envelope) { books in
            let (basis, quote) = try payable(id, businessDay: envelope.businessDay, books)
            let posting = try PayoutPosting(
                basis: basis, quote: quote, occasion: envelope.occasion(request.channel), payoutId: references.next("P"),
                origin: "PAYOUT", policies: policies)
            let answer = PayoutAnswer(
                payoutId: posting.payoutId, accountId: id, businessDate: try envelope.businessDay.civil,
                interest: try quote.answer(),
                balanceAfter: posting.movement.balanceAfter, heldAmount: posting.movement.heldAfter,
                processedAt: try CalendarPolicy.koreanStamp(envelope.instant))
            return Plan(
                call: .payout, reference: posting.payoutId, steps: try posting.steps, reply: Reply(answer), touched: [id],
                change: .payout)
        }
    }
}
