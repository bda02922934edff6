import GRDB
import InterestContract

extension CoreCalls {
    /// `POST /v1/accounts/{id}/status`: applied as given, moves no money.
    func status(_ id: String, _ request: StatusRequest, _ call: Call) async throws -> StoredAnswer {
        try await write(call) { db in
            let account = try AccountRecord.find(id, in: db)
            try db.cachedStatement(
                sql: """
                    UPDATE account SET state = COALESCE(?, state), deposit_freeze = COALESCE(?, deposit_freeze),
                        withdrawal_freeze = COALESCE(?, withdrawal_freeze), incident_amount = COALESCE(?, incident_amount)
                    WHERE account_id = ?
                    """
            ).execute(arguments: [
                request.accountState?.rawValue, request.depositFreeze, request.withdrawalFreeze, request.incidentAmount, id,
            ])
            if let state = request.customerState {
                try db.cachedStatement(sql: "UPDATE customer SET state = ? WHERE customer_id = ?")
                    .execute(arguments: [state.rawValue, account.customerId])
            }
            return Work(answer: StoredAnswer(try AccountRecord.find(id, in: db).answer))
        }
    }

    /// `POST /v1/products/{code}/rates`: a schedule of the same date is replaced.
    func rates(_ code: String, _ schedule: RateSchedule, _ call: Call) async throws -> StoredAnswer {
        try await write(call) { db in
            let known = try db.cachedStatement(sql: "SELECT 1 FROM product WHERE product_code = ?")
            guard try Row.fetchOne(known, arguments: [code]) != nil else {
                throw Problem(.productNotFound, "there is no product \(code)")
            }
            try FixtureLoading.store(schedule, of: code, in: db)
            return Work(answer: StoredAnswer(RatesAnswer(product: code, schedule: schedule)))
        }
    }

    /// `POST /v1/fixtures`: all or nothing.
    func fixtures(_ accounts: [FixtureAccount], _ call: Call) async throws -> StoredAnswer {
        try await write(call) { db in
            try FixtureLoading.load(accounts, notAfter: call.time.date, in: db)
            return Work(answer: StoredAnswer(FixturesAnswer(accounts: accounts.count)))
        }
    }
}
