import GRDB
import InterestContract

extension CoreCalls {
    /// `GET /v1/accounts/{id}`.
    func account(_ id: String) async throws -> StoredAnswer {
        try await database.writer.look { db in StoredAnswer(try AccountRecord.find(id, in: db).answer) }
    }

    /// `GET /v1/accounts/{id}/interest`: computed anew from the daily rows, each time.
    func preview(_ id: String, on time: KoreanTime) async throws -> StoredAnswer {
        try await database.writer.look { db in
            let account = try AccountRecord.find(id, in: db)
            return StoredAnswer(try payable(account, on: time, in: db).claim.answer)
        }
    }

    /// `POST /v1/accounts/{id}/interest-payouts`.
    func payout(_ id: String, _ request: ChannelRequest, _ call: Call) async throws -> StoredAnswer {
        try await write(call) { db in
            let account = try AccountRecord.find(id, in: db)
            let (claim, schedules) = try payable(account, on: call.time, in: db)
            let posting = try PayoutPosting(claim, for: account, counters: Counters(in: db))
            let answer = StoredAnswer(
                PayoutAnswer(
                    payoutId: posting.payoutId, accountId: id, businessDate: call.time.date, interest: claim.answer,
                    balanceAfter: posting.balanceAfter, heldAmount: posting.heldAfter, processedAt: call.time.text))
            try posting.book(
                call, channel: request.channel, operation: "PAYOUT", schedules: schedules, answer: answer, executor: executor,
                in: db)
            return Work(answer: answer, isKept: true)
        }
    }

    /// Rows 5 to 13 for a preview or a payout.
    private func payable(
        _ account: AccountRecord, on time: KoreanTime, in db: Database
    ) throws -> (claim: InterestRules.Claim, schedules: [RateSchedule]) {
        try StandingChecks.check([.init(account: account, part: .pay)])
        try InterestRules.checkNotPaid(account, on: time.date)
        try InterestRules.checkNotPast(account, on: time.date)
        let (claim, schedules) = try claim(account, on: time, in: db)
        guard let claim else {
            throw Problem(.nothingPayable, "the interest of account \(account.id) is below one won")
        }
        return (claim, schedules)
    }

    func claim(
        _ account: AccountRecord, on time: KoreanTime, in db: Database
    ) throws -> (claim: InterestRules.Claim?, schedules: [RateSchedule]) {
        let schedules = try InterestInputs.schedules(of: account.product, in: db)
        let rows = try InterestInputs.dailyBalances(of: account.id, from: account.countedFrom, in: db)
        return (try InterestRules.claim(account, rows: rows, schedules: schedules, on: time.date), schedules)
    }
}
