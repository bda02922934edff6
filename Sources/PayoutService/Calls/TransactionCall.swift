import InterestContract

extension InterestCalls {
    /// `POST /v1/accounts/{id}/transactions`: a deposit or a withdrawal.
    func transaction(_ id: String, _ call: InboundCall) async throws -> Reply {
        let envelope = try envelope(call)
        let request = try TransactionRequest(call.body)
        return try await change(envelope) { books in
            let standing = try knownStanding(id, books)
            let valuedOn = request.valueDate.map { Day($0) } ?? envelope.businessDay
            if request.valueDate != nil {
                guard standing.openedOn <= valuedOn, valuedOn <= envelope.businessDay else {
                    throw Problem(.malformedRequest, "`valueDate` must lie between the account's opening and the business date")
                }
            }
            let isDeposit = request.type == .deposit
            let subject = CheckSubject(
                standing: standing, role: isDeposit ? .deposit : .withdrawal, businessDay: envelope.businessDay,
                amount: request.amount)
            try policies.eligibility.check([subject], amounts: false)
            try policies.eligibility.check([subject], amounts: true)
            let reference = references.next("T")
            let movement = try Movement(
                of: standing, isDeposit ? request.amount : -request.amount, occasion: envelope.occasion(request.channel),
                kind: request.type.rawValue, reference: reference, valuedOn: valuedOn)
            return Plan(
                call: isDeposit ? .deposit : .withdrawal, reference: reference, steps: movement.steps(against: .settlement),
                reply: Reply(
                    TransactionAnswer(
                        transactionId: reference, balanceAfter: movement.balanceAfter, heldAmount: movement.heldAfter)),
                touched: [id], change: isDeposit ? .deposit : .withdrawal)
        }
    }
}
