import InterestContract

extension CoreCalls {
    /// `POST /v1/accounts/{id}/transactions`.
    func transaction(_ id: String, _ request: TransactionRequest, _ call: Call) async throws -> StoredAnswer {
        try await write(call) { books in
            let account = try AccountRecord.find(id, in: books)
            let valuedOn = request.valueDate ?? call.time.date
            try CoreCalls.checkValueDate(valuedOn, of: account, on: call.time.date)
            let isDeposit = request.type == .deposit
            try StandingChecks.check([.init(account: account, part: isDeposit ? .deposit : .withdrawal)])
            if !isDeposit { try InterestRules.checkAvailable(request.amount, of: account) }
            let leg = try MovementLeg(account, amount: isDeposit ? request.amount : -request.amount, valuedOn: valuedOn)
            let journal = try Counters(in: books).journal + 1
            try executor.run(
                isDeposit ? MovementSteps.deposit : MovementSteps.withdrawal,
                leg.arguments(journal: journal, operation: request.type.rawValue, channel: request.channel, call: call), in: books
            )
            return Work(
                answer: StoredAnswer(
                    TransactionAnswer(
                        transactionId: "LT\(journal)", balanceAfter: leg.balanceAfter, heldAmount: account.heldAmount)))
        }
    }

    /// `POST /v1/transfers`.
    func transfer(_ request: TransferRequest, _ call: Call) async throws -> StoredAnswer {
        try await write(call) { books in
            let payer = try AccountRecord.find(request.from, in: books)
            let payee = try AccountRecord.find(request.to, in: books)
            let today = call.time.date
            try CoreCalls.checkValueDate(today, of: payer, on: today)
            try CoreCalls.checkValueDate(today, of: payee, on: today)
            try StandingChecks.check([
                .init(account: payer, part: .withdrawal), .init(account: payee, part: .deposit),
            ])
            try InterestRules.checkAvailable(request.amount, of: payer)
            let paying = try MovementLeg(payer, amount: -request.amount, valuedOn: today)
            let receiving = try MovementLeg(payee, amount: request.amount, valuedOn: today)
            let journal = try Counters(in: books).journal + 1
            func arguments(_ leg: MovementLeg, counter: String) -> BookArguments {
                leg.arguments(
                    journal: journal, operation: "TRANSFER", channel: request.channel, call: call, counterAccount: counter)
            }
            try executor.run(MovementSteps.transfer, arguments(paying, counter: payee.id), in: books)
            try executor.run(MovementSteps.leg, arguments(paying, counter: payee.id), in: books)
            try executor.run(MovementSteps.leg, arguments(receiving, counter: payer.id), in: books)
            return Work(
                answer: StoredAnswer(
                    TransferAnswer(
                        transferId: "LX\(journal)", from: .init(accountId: payer.id, balanceAfter: paying.balanceAfter),
                        to: .init(accountId: payee.id, balanceAfter: receiving.balanceAfter))))
        }
    }

    /// `POST /v1/accounts/{id}/closure`: the interest first, as a payout of its own 80 statements, then the whole balance.
    func closure(_ id: String, _ request: ChannelRequest, _ call: Call) async throws -> StoredAnswer {
        try await write(call) { books in
            let account = try AccountRecord.find(id, in: books)
            let today = call.time.date
            try StandingChecks.check([.init(account: account, part: .close)])
            try InterestRules.checkNotPast(account, on: today)
            let isPaid = account.lastPaidOn == today
            let (claim, schedules) = isPaid ? (nil, []) : try claim(account, on: call.time, in: books)
            try InterestRules.checkClosable(account, net: claim?.net ?? 0)

            let counters = try Counters(in: books)
            let posting = try claim.map { try PayoutPosting($0, for: account, counters: counters) }
            let paidOut = posting?.balanceAfter ?? account.balance
            let nothing = PreviewAnswer(
                period: WirePeriod(from: today, to: today, days: 0), grossInterest: 0, incomeTax: 0, localIncomeTax: 0,
                netInterest: 0)
            let answer = StoredAnswer(
                ClosureAnswer(closureId: "LC\(counters.closure + 1)", interest: claim?.answer ?? nothing, paidOut: paidOut))
            try posting?.book(
                call, channel: request.channel, operation: "CLOSURE_INTEREST", schedules: schedules, answer: answer,
                executor: executor, in: books)

            let paid = try AccountRecord.find(id, in: books)
            if paidOut > 0 {
                let leg = try MovementLeg(paid, amount: -paidOut, valuedOn: today)
                try executor.run(
                    MovementSteps.closing,
                    leg.arguments(
                        journal: Counters(in: books).journal + 1, operation: "CLOSURE", channel: request.channel, call: call),
                    in: books
                )
            }
            try executor.run(
                MovementSteps.close,
                ["account": id, "closure": counters.closure + 1, "date": today, "amount": paidOut], in: books)
            return Work(answer: answer, isKept: posting != nil)
        }
    }

    /// The part of row 1 that needs the account: nothing is valued before the opening or after the business date.
    private static func checkValueDate(_ date: CivilDate, of account: AccountRecord, on today: CivilDate) throws(Problem) {
        guard account.openedOn <= date, date <= today else {
            throw Problem(
                .malformedRequest,
                "the value date \(date) of account \(account.id) must lie within \(account.openedOn) … \(today)")
        }
    }
}
