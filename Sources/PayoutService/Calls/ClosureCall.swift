import InterestContract

extension InterestCalls {
    /// `POST /v1/accounts/{id}/closure`: pays what is payable, pays the whole balance out, and closes.
    func closure(_ id: String, _ call: InboundCall) async throws -> Reply {
        let envelope = try envelope(call)
        let request = try ChannelRequest(call.body)
        return try await change(envelope) { books in
            let day = envelope.businessDay
            let occasion = envelope.occasion(request.channel)
            var standing = try knownStanding(id, books)
            var subject = CheckSubject(standing: standing, role: .closure, businessDay: day)
            try policies.eligibility.check([subject], amounts: false)
            let basis = try basis(standing, businessDay: day, books)
            let quote = try policies.quote(basis, businessDay: day)
            // Paid today, the period is empty and the gross below one won.
            let payable = quote.gross >= 1 ? quote : nil
            subject.interest = payable
            try policies.eligibility.check([subject], amounts: true)
            var steps: [BookStep] = []
            if let payable {
                let posting = try PayoutPosting(
                    basis: basis, quote: payable, occasion: occasion, payoutId: references.next("P"), origin: "CLOSURE",
                    policies: policies)
                steps += try posting.steps
                standing = posting.standingAfter
            }
            let reference = references.next("C")
            let paidOut = standing.balance
            steps += try closing(standing, paidOut: paidOut, occasion: occasion, reference: reference)
            let interest = try payable.map { try $0.answer() } ?? InterestQuote.nothing(on: day)
            return Plan(
                call: .closure, reference: reference, steps: steps,
                reply: Reply(ClosureAnswer(closureId: reference, interest: interest, paidOut: paidOut)), touched: [id],
                change: .closure)
        }
    }

    private func closing(_ standing: Standing, paidOut: Int64, occasion: Occasion, reference: String) throws -> [BookStep] {
        let movement = try Movement(of: standing, -paidOut, occasion: occasion, kind: "CLOSURE", reference: reference)
        // An empty account has nothing to book, but its record and event stand all the same.
        let booked = paidOut > 0 ? movement.steps(against: .settlement) : [movement.balance] + movement.trail
        return booked + [
            .insert(
                PaymentTables.closure, .init(reference), .init(standing.accountId), .init(occasion.businessDay), .init(paidOut)),
            BookStep("account.closed", "UPDATE account SET state = 'CLOSED' WHERE account_id = ?", [.init(standing.accountId)]),
        ]
    }
}
