import InterestContract

extension CoreCalls {
    /// `GET /v1/accounts/{id}`.
    func account(_ id: String) async throws -> StoredAnswer {
        try await database.look { books in StoredAnswer(try AccountRecord.find(id, in: books).answer) }
    }

    /// `GET /v1/accounts/{id}/interest`: computed anew from the daily rows, each time.
    func preview(_ id: String, on time: KoreanTime) async throws -> StoredAnswer {
        try await database.look { books in
            let account = try AccountRecord.find(id, in: books)
            return StoredAnswer(try payable(account, on: time, in: books).claim.answer)
        }
    }

    /// `POST /v1/accounts/{id}/interest-payouts`.
    func payout(_ id: String, _ request: ChannelRequest, _ call: Call) async throws -> StoredAnswer {
        try await write(call) { books in
            let account = try AccountRecord.find(id, in: books)
            let (claim, schedules) = try payable(account, on: call.time, in: books)
            let posting = try PayoutPosting(claim, for: account, counters: Counters(in: books))
            let answer = StoredAnswer(
                PayoutAnswer(
                    payoutId: posting.payoutId, accountId: id, businessDate: call.time.date, interest: claim.answer,
                    balanceAfter: posting.balanceAfter, heldAmount: posting.heldAfter, processedAt: call.time.text))
            try posting.book(
                call, channel: request.channel, operation: "PAYOUT", schedules: schedules, answer: answer, executor: executor,
                in: books)
            return Work(answer: answer, isKept: true)
        }
    }

    /// Rows 5 to 13 for a preview or a payout.
    private func payable(
        _ account: AccountRecord, on time: KoreanTime, in books: any CoreSession
    ) throws -> (claim: InterestRules.Claim, schedules: [RateSchedule]) {
        try StandingChecks.check([.init(account: account, part: .pay)])
        try InterestRules.checkNotPaid(account, on: time.date)
        try InterestRules.checkNotPast(account, on: time.date)
        let (claim, schedules) = try claim(account, on: time, in: books)
        guard let claim else {
            throw Problem(.nothingPayable, "the interest of account \(account.id) is below one won")
        }
        return (claim, schedules)
    }

    func claim(
        _ account: AccountRecord, on time: KoreanTime, in books: any CoreSession
    ) throws -> (claim: InterestRules.Claim?, schedules: [RateSchedule]) {
        let schedules = try InterestInputs.schedules(of: account.product, in: books)
        let rows = try InterestInputs.dailyBalances(of: account.id, from: account.countedFrom, in: books)
        return (try InterestRules.claim(account, rows: rows, schedules: schedules, on: time.date), schedules)
    }
}
