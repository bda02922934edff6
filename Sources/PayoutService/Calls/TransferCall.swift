import InterestContract

extension InterestCalls {
    /// `POST /v1/transfers`: two legs, each with its own journal against the transit account, in one transaction.
    func transfer(_ call: InboundCall) async throws -> Reply {
        let envelope = try envelope(call)
        let request = try TransferRequest(call.body)
        return try await change(envelope) { books in
            // Both rows are locked in the order of their ids, whichever pays: two transfers crossing can't wait for each other.
            let first = try books.standing(min(request.from, request.to))
            let second = try books.standing(max(request.from, request.to))
            let (from, to) = request.from < request.to ? (first, second) : (second, first)
            guard let from else { throw Problem(.accountNotFound, "there is no account \(request.from)") }
            guard let to else { throw Problem(.accountNotFound, "there is no account \(request.to)") }
            let subjects = [
                CheckSubject(standing: from, role: .withdrawal, businessDay: envelope.businessDay, amount: request.amount),
                CheckSubject(standing: to, role: .deposit, businessDay: envelope.businessDay, amount: request.amount),
            ]
            try policies.eligibility.check(subjects, amounts: false)
            try policies.eligibility.check(subjects, amounts: true)
            let reference = references.next("X")
            let occasion = envelope.occasion(request.channel)
            let paid = try Movement(of: from, -request.amount, occasion: occasion, kind: "TRANSFER", reference: reference)
            let received = try Movement(of: to, request.amount, occasion: occasion, kind: "TRANSFER", reference: reference)
            return Plan(
                call: .transfer, reference: reference,
                steps: paid.steps(against: .transfersInTransit) + received.steps(against: .transfersInTransit),
                reply: Reply(
                    TransferAnswer(
                        transferId: reference, from: .init(accountId: from.accountId, balanceAfter: paid.balanceAfter),
                        to: .init(accountId: to.accountId, balanceAfter: received.balanceAfter))),
                touched: [from.accountId, to.accountId], change: .transfer)
        }
    }
}
