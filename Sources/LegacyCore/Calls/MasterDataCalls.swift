import InterestContract

extension CoreCalls {
    /// `POST /v1/accounts/{id}/status`: applied as given, moves no money.
    func status(_ id: String, _ request: StatusRequest, _ call: Call) async throws -> StoredAnswer {
        try await write(call) { books in
            let account = try AccountRecord.find(id, in: books)
            try books.change(
                """
                UPDATE account SET state = COALESCE(:state, state), deposit_freeze = COALESCE(:depositFreeze, deposit_freeze),
                    withdrawal_freeze = COALESCE(:withdrawalFreeze, withdrawal_freeze),
                    incident_amount = COALESCE(:incident, incident_amount)
                WHERE account_id = :account
                """,
                [
                    "state": request.accountState?.rawValue, "depositFreeze": request.depositFreeze,
                    "withdrawalFreeze": request.withdrawalFreeze, "incident": request.incidentAmount, "account": id,
                ])
            if let state = request.customerState {
                try books.change(
                    "UPDATE customer SET state = :state WHERE customer_id = :customer",
                    ["state": state.rawValue, "customer": account.customerId])
            }
            return Work(answer: StoredAnswer(try AccountRecord.find(id, in: books).answer))
        }
    }

    /// `POST /v1/products/{code}/rates`: a schedule of the same date is replaced.
    func rates(_ code: String, _ schedule: RateSchedule, _ call: Call) async throws -> StoredAnswer {
        try await write(call) { books in
            guard try books.row("SELECT 1 FROM product WHERE product_code = :product", ["product": code]) != nil else {
                throw Problem(.productNotFound, "there is no product \(code)")
            }
            try FixtureLoading.store(schedule, of: code, in: books)
            return Work(answer: StoredAnswer(RatesAnswer(product: code, schedule: schedule)))
        }
    }

    /// `POST /v1/fixtures`: all or nothing.
    func fixtures(_ accounts: [FixtureAccount], _ call: Call) async throws -> StoredAnswer {
        try await write(call, .together) { books in
            try FixtureLoading.load(accounts, notAfter: call.time.date, in: books)
            return Work(answer: StoredAnswer(FixturesAnswer(accounts: accounts.count)))
        }
    }
}
