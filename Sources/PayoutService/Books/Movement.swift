import InterestContract

/// Who asked for a change, and when: stands with everything that is booked.
struct Occasion: Sendable, Hashable {
    var businessDay: Day
    /// Seconds since 1970.
    var instant: Int
    var channel: Channel
    /// False for a mirrored request: nothing of it may leave the service as if it were real.
    var isAuthoritative: Bool
}

/// A change of an account's balance with all that hangs on it; deposits, withdrawals, the legs of a transfer and closures are made of it,
/// and a payout takes its shared parts.
struct Movement: Sendable {
    var standing: Standing
    var occasion: Occasion
    /// What it is called in the books: DEPOSIT, PAYOUT, …
    var kind: String
    var reference: String
    var valuedOn: Day
    /// Signed won.
    var amount: Int64
    var balanceAfter: Int64
    var heldAfter: Int64
    var lastPaidAfter: Day?

    /// A movement of the balance alone.
    init(
        of standing: Standing, _ amount: Int64, occasion: Occasion, kind: String, reference: String, valuedOn: Day? = nil
    ) throws(Problem) {
        self.standing = standing
        self.occasion = occasion
        self.kind = kind
        self.reference = reference
        self.valuedOn = valuedOn ?? occasion.businessDay
        self.amount = amount
        balanceAfter = try checkedSum(standing.balance, amount)
        heldAfter = standing.held
        lastPaidAfter = standing.lastPaidOn
    }

    /// The account as it stands after this movement.
    var standingAfter: Standing {
        var after = standing
        after.balance = balanceAfter
        after.held = heldAfter
        after.lastPaidOn = lastPaidAfter
        after.version += 1
        after.statementLines += 1
        return after
    }

    /// The only row that is locked: the account's balance.
    var balance: BookStep {
        BookStep(
            "account_balance",
            "UPDATE account_balance SET balance = ?, held = ?, last_paid_on = ?, version = version + 1 WHERE account_id = ?",
            [.init(balanceAfter), .init(heldAfter), .init(lastPaidAfter), .init(standing.accountId)])
    }

    var entry: BookStep {
        .insert(
            PaymentTables.entry, .init(standing.accountId), .init(occasion.businessDay), .init(valuedOn), .init(amount),
            .init(kind),
            .init(reference))
    }

    /// The totals over entries and balances.
    var totals: [BookStep] {
        let account = BookValue(standing.accountId)
        let customer = BookValue(standing.customerId)
        let day = BookValue(occasion.businessDay)
        let credit = BookValue(max(amount, 0))
        let debit = BookValue(max(-amount, 0))
        var steps: [BookStep] = [
            PaymentAggregates.valueDay.add(account, .init(valuedOn), .init(amount), 1),
            PaymentAggregates.monthTurnover.add(account, .integer(Int64(occasion.businessDay.month)), credit, debit),
            PaymentAggregates.reserveBase.add(day, credit, debit),
            PaymentAggregates.customerPosition.add(customer, .init(amount)),
            PaymentAggregates.insuredDeposit.add(customer),
            PaymentAggregates.branchPosition.add(.init(standing.branch), .init(amount)),
        ]
        if amount >= 0 {
            steps.append(PaymentAggregates.creditUsage.add(account, day, 1, credit))
            steps.append(PaymentAggregates.customerCreditDay.add(customer, day, 1, credit))
        }
        return steps
    }

    /// A new line of the account's statement, `offset` after the next free one.
    func statementLine(_ kind: String, _ amount: Int64, offset: Int64 = 0) -> BookStep {
        .insert(
            PaymentTables.statementLine, as: "statement_line.\(kind)", .init(standing.accountId),
            .init(standing.statementLines + 1 + offset), .init(occasion.businessDay), .init(valuedOn), .init(kind), .init(amount),
            .init(reference))
    }

    func statementHead(lines: Int64) -> BookStep {
        PaymentAggregates.statementHead.add(.init(standing.accountId), .init(lines), .init(amount))
    }

    /// What an auditor follows: the channel's record, its totals, the account's events and the history of its balance.
    var trail: [BookStep] {
        let account = BookValue(standing.accountId)
        let day = BookValue(occasion.businessDay)
        let magnitude = BookValue(amount.magnitude > UInt64(Int64.max) ? Int64.max : abs(amount))
        return [
            .insert(
                PaymentTables.channelAudit, .init(reference), account, .init(kind), .init(occasion.channel.rawValue), day,
                .integer(Int64(occasion.instant)), magnitude, .init(occasion.isAuthoritative)),
            PaymentAggregates.channelOperationDay.add(.init(occasion.channel.rawValue), .init(kind), day, 1, magnitude),
            .insert(PaymentTables.accountEvent, account, .init(standing.version + 1), .init(kind), day, .init(reference)),
            .insert(
                PaymentTables.balanceHistory, account, .init(standing.version + 1), .init(standing.balance), .init(balanceAfter),
                .init(standing.held), .init(heldAfter), .init(reference)),
        ]
    }

    /// Everything, for a movement against one ledger account.
    func steps(against gl: GeneralLedger) -> [BookStep] {
        let postings: [Posting] =
            amount >= 0 ? [.debit(gl, amount), .credit(.deposits, amount)] : [.debit(.deposits, -amount), .credit(gl, -amount)]
        let journal = Journal(
            id: "J-\(reference)-\(standing.accountId)", accountId: standing.accountId, kind: kind, bookedOn: occasion.businessDay,
            valuedOn: valuedOn, reference: reference, postings: postings)
        return journal.steps + [balance, entry] + totals + [statementLine(kind, amount), statementHead(lines: 1)] + trail
            + journal.totals
    }
}
