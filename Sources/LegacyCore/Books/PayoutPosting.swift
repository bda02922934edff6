import InterestContract

/// One payout as the books take it: every number known before the first statement runs.
struct PayoutPosting: Sendable {
    let payoutNumber: Int64
    let balanceAfter: Int64
    let heldAfter: Int64
    let account: AccountRecord
    let claim: InterestRules.Claim
    private let journal: Int64
    private let withholding: Int64

    init(_ claim: InterestRules.Claim, for account: AccountRecord, counters: Counters) throws(Problem) {
        let after = account.balance.addingReportingOverflow(claim.net)
        guard !after.overflow, let held = HeldAmount.after(payout: claim.net, of: account) else {
            throw InterestRules.beyondTheBooks(account.id)
        }
        self.claim = claim
        self.account = account
        payoutNumber = counters.payout + 1
        journal = counters.journal + 1
        withholding = counters.withholding + 1
        balanceAfter = after.partialValue
        heldAfter = held
    }

    var payoutId: String { "LP\(payoutNumber)" }

    /// Runs the 80 steps. The last of the payment's keeps the call's answer under its key.
    func book(
        _ call: Call, channel: Channel, operation: String, schedules: [RateSchedule], answer: StoredAnswer,
        executor: StepExecutor,
        in books: any CoreSession
    ) throws {
        let applied = schedules.last { $0.since <= claim.to }
        let tax = claim.withholding
        let withheld = tax.incomeTax + tax.localIncomeTax
        let date = call.time.date
        var values = call.arguments(answer)
        values.merge(
            [
                "payout": payoutNumber, "journal": journal, "taxJournal": journal + 1, "withholding": withholding,
                "account": account.id, "customer": account.customerId, "branch": account.branch, "product": account.product,
                "category": account.taxCategory.rawValue, "customerState": account.customerState.rawValue,
                "accountState": account.state.rawValue, "depositFreeze": account.depositFreeze,
                "withdrawalFreeze": account.withdrawalFreeze, "treatyPpm": account.treatyPpm, "channel": channel.rawValue,
                "operation": operation, "date": date.stored, "valuedOn": date.stored, "month": date.stored / 100,
                "year": date.stored / 10_000, "from": claim.from.stored, "to": claim.to.stored, "days": claim.interest.days,
                "accrued": String(claim.interest.accrued), "gross": claim.gross, "incomeTax": tax.incomeTax,
                "localIncomeTax": tax.localIncomeTax, "withheld": withheld, "net": claim.net, "amount": claim.net,
                "incomePpm": tax.incomePpm, "localPpm": tax.localPpm, "since": applied?.since.stored ?? 0,
                "bands": applied?.bands.count ?? 0, "balanceBefore": account.balance, "balanceAfter": balanceAfter,
                "heldBefore": account.heldAmount, "heldAfter": heldAfter, "version": account.version + 1,
                "receipt": "Interest \(claim.from) to \(claim.to)", "authoritative": call.mode != .mirror,
            ] as [String: any BookBindable]
        ) { _, new in new }
        try executor.run(PayoutStep.payout, BookArguments(values), in: books)
    }
}
