import InterestContract

extension InterestCalls {
    /// `POST /v1/accounts/{id}/status`: states and freezes as they are given; money never moves.
    func status(_ id: String, _ call: InboundCall) async throws -> Reply {
        let envelope = try envelope(call)
        let request = try StatusRequest(call.body)
        return try await change(envelope) { books in
            var standing = try knownStanding(id, books)
            standing.customerState = request.customerState ?? standing.customerState
            standing.state = request.accountState ?? standing.state
            standing.depositFreeze = request.depositFreeze ?? standing.depositFreeze
            standing.withdrawalFreeze = request.withdrawalFreeze ?? standing.withdrawalFreeze
            standing.incidentAmount = request.incidentAmount ?? standing.incidentAmount
            let reference = references.next("S")
            let touched = request.customerState == nil ? [id] : try books.accounts(ofCustomer: standing.customerId)
            return Plan(
                call: .status, reference: reference,
                steps: steps(
                    standing, reference: reference, businessDay: envelope.businessDay,
                    customerStep: request.customerState == nil ? 0 : PreviewToken.versionStep()),
                reply: Reply(try standing.answer()), touched: touched, change: .status)
        }
    }

    /// - Parameter customerStep: by how much the customer's version rises; 0 if the call does not speak of the customer.
    private func steps(_ standing: Standing, reference: String, businessDay: Day, customerStep: Int64) -> [BookStep] {
        let account = BookValue(standing.accountId)
        return [
            BookStep(
                "account",
                """
                UPDATE account SET state = ?, deposit_freeze = ?, withdrawal_freeze = ?, incident_amount = ? WHERE account_id = ?
                """,
                [
                    .init(standing.state.rawValue), .init(standing.depositFreeze), .init(standing.withdrawalFreeze),
                    .init(standing.incidentAmount), account,
                ]),
            BookStep(
                "customer", "UPDATE customer SET state = ?, version = version + ? WHERE customer_id = ?",
                [.init(standing.customerState.rawValue), .integer(customerStep), .init(standing.customerId)]),
            BookStep("account_balance", "UPDATE account_balance SET version = version + 1 WHERE account_id = ?", [account]),
            .insert(
                PaymentTables.accountEvent, account, .init(standing.version + 1), "STATUS", .init(businessDay), .init(reference)),
        ]
    }
}
