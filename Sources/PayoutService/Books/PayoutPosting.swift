import InterestContract

/// One payment of interest as it goes into the books: 49 statements, which with the idempotency row make 50, and the tax event's outbox row.
struct PayoutPosting: Sendable {
    var movement: Movement
    var quote: InterestQuote
    var payoutId: String
    /// PAYOUT, or CLOSURE for the interest that a closure pays.
    var origin: String
    private let publish: @Sendable (BookStep) -> [BookStep]

    init(
        basis: InterestBasis, quote: InterestQuote, occasion: Occasion, payoutId: String, origin: String, policies: Policies
    ) throws(Problem) {
        let standing = basis.standing
        var movement = try Movement(of: standing, quote.net, occasion: occasion, kind: "PAYOUT", reference: payoutId)
        movement.heldAfter = try policies.posting.heldAfterInterest(standing, quote.net)
        movement.lastPaidAfter = policies.posting.lastPaidAfter(standing, occasion.businessDay)
        self.movement = movement
        self.quote = quote
        self.payoutId = payoutId
        self.origin = origin
        publish = policies.taxEvents.publish
    }

    /// The account after the payment; its statement has two more lines.
    var standingAfter: Standing {
        var after = movement.standingAfter
        after.statementLines += 1
        return after
    }

    var steps: [BookStep] {
        get throws {
            try facts + journal.steps + [movement.balance, movement.entry] + movement.totals + statement + movement.trail
                + journal.totals + interestTotals + notices + publish(outbox)
        }
    }

    private var standing: Standing { movement.standing }
    private var occasion: Occasion { movement.occasion }
    private var account: BookValue { .init(standing.accountId) }
    private var id: BookValue { .init(payoutId) }
    private var day: BookValue { .init(occasion.businessDay) }
    private var withheld: Int64 { quote.gross - quote.net }

    /// The payout and what it was computed from, decided by and claims.
    private var facts: [BookStep] {
        let days = quote.interest.days
        let through = BookValue.integer(Int64(days.upperBound - 1))
        return [
            .insert(
                PaymentTables.payout, id, account, day, .init(origin), .init(occasion.channel.rawValue), .init(quote.gross),
                .init(quote.net), .integer(Int64(occasion.instant)), .init(occasion.isAuthoritative)),
            .insert(PaymentTables.payoutClaim, account, day, id),
            .insert(
                PaymentTables.payoutPeriod, id, account, .integer(Int64(days.lowerBound)), through, .integer(Int64(days.count))),
            .insert(
                PaymentTables.interestBasis, id, account, .init(String(quote.interest.wonPpmDays)),
                .integer(Int64(InterestPolicy.divisor)), .init(quote.gross)),
            .insert(
                PaymentTables.payoutTax, id, account, .init(standing.taxCategory.rawValue), .init(standing.treatyPpm),
                .init(quote.tax.income), .init(quote.tax.local)),
            .insert(PaymentTables.accrual, id, account, through, .init(quote.gross)),
            .insert(
                PaymentTables.decision, id, account, .init(standing.customerState.rawValue), .init(standing.state.rawValue),
                .init(standing.depositFreeze), .init(standing.withdrawalFreeze)),
            .insert(PaymentTables.holdMovement, id, account, .init(standing.held), .init(movement.heldAfter)),
        ]
    }

    /// Interest is accrued as an expense, then paid from the accrual: to the customer and, withheld, to the state.
    private var journal: Journal {
        Journal(
            id: "J-\(payoutId)", accountId: standing.accountId, kind: "PAYOUT", bookedOn: occasion.businessDay,
            valuedOn: occasion.businessDay, reference: payoutId,
            postings: [
                .debit(.interestExpense, quote.gross), .credit(.accruedInterest, quote.gross),
                .debit(.accruedInterest, quote.gross), .credit(.deposits, quote.net), .credit(.withheldTaxClearing, withheld),
            ])
    }

    private var statement: [BookStep] {
        [
            movement.statementLine("INTEREST", quote.gross), movement.statementLine("TAX", -withheld, offset: 1),
            movement.statementHead(lines: 2),
        ]
    }

    /// Totals over payouts.
    private var interestTotals: [BookStep] {
        let year = BookValue.integer(Int64(occasion.businessDay.year))
        let gross = BookValue(quote.gross)
        let net = BookValue(quote.net)
        return [
            PaymentAggregates.accountYear.add(account, year, 1, gross, .init(withheld), net),
            PaymentAggregates.customerYear.add(.init(standing.customerId), year, 1, gross, .init(withheld), net),
            PaymentAggregates.branchDay.add(.init(standing.branch), day, 1, gross, net),
            PaymentAggregates.productDay.add(.init(standing.product), day, 1, gross, net),
            PaymentAggregates.channelDay.add(.init(occasion.channel.rawValue), day, 1, gross, net),
            PaymentAggregates.controlTotal.add(day, 1, gross, .init(withheld), net),
            PaymentAggregates.accrualPosition.add(account, 1, gross),
            PaymentAggregates.payoutCalendar.add(account, 1, day),
        ]
    }

    private var notices: [BookStep] {
        [
            .insert(
                PaymentTables.notice, id, account, .init(standing.customerId), "INTEREST_PAID", .init(quote.net),
                .init(occasion.isAuthoritative)),
            PaymentAggregates.noticeCount.add(.init(standing.customerId), 1),
        ]
    }

    /// The event that the tax worker books from; it stands in the same transaction, so that none is lost and none made up.
    private var outbox: BookStep {
        get throws {
            let event = TaxEvent(
                eventId: payoutId, payoutId: payoutId, accountId: standing.accountId, customerId: standing.customerId,
                branch: standing.branch, product: standing.product, taxCategory: standing.taxCategory.rawValue,
                treatyPpm: standing.treatyPpm, businessDate: try occasion.businessDay.civil.description,
                grossInterest: quote.gross, incomeTax: quote.tax.income, localIncomeTax: quote.tax.local, netInterest: quote.net,
                authoritative: occasion.isAuthoritative)
            return .insert(
                PaymentTables.taxOutbox, id, account, .init(occasion.isAuthoritative), .init(try event.encoded()))
        }
    }
}
