import InterestContract

/// What the tax worker books for one event: 30 statements, and apart from them the inbox row that makes it once.
struct TaxPosting: Sendable {
    let event: TaxEvent
    private let day: Day

    init(_ event: TaxEvent) throws(TaxEventRefusal) {
        guard let date = CivilDate(event.businessDate) else {
            throw TaxEventRefusal(reason: "`businessDate` \(event.businessDate) is no date")
        }
        self.event = event
        day = Day(date)
    }

    /// The 30.
    var steps: [BookStep] { facts + journal.steps + journal.totals + totals }

    /// Fails on an event that was booked before.
    func inbox(at unixMilliseconds: Int64) -> BookStep {
        .insert(TaxTables.inbox, .init(event.eventId), account, .init(unixMilliseconds))
    }

    private var id: BookValue { .init(event.eventId) }
    private var account: BookValue { .init(event.accountId) }
    private var withheld: Int64 { event.incomeTax + event.localIncomeTax }
    /// Withheld tax is remitted by the 10th of the next month.
    private var dueMonth: Int64 {
        let (year, month, _) = day.parts
        return Int64(month == 12 ? (year + 1) * 100 + 1 : year * 100 + month + 1)
    }

    private var facts: [BookStep] {
        let customer = BookValue(event.customerId)
        let category = BookValue(event.taxCategory)
        let year = BookValue.integer(Int64(day.year))
        let gross = BookValue(event.grossInterest)
        let authoritative = BookValue(event.authoritative)
        let kinds = [("INCOME", event.incomeTax), ("LOCAL", event.localIncomeTax)]
        return [
            .insert(
                TaxTables.withholding, id, .init(event.payoutId), account, customer, .init(event.branch), .init(event.product),
                category, .init(day), gross, .init(event.incomeTax), .init(event.localIncomeTax)),
            .insert(
                TaxTables.paymentReport, id, account, customer, year, category, gross, .init(withheld), authoritative),
            .insert(
                TaxTables.certificate, id, account, customer, year, gross, .init(event.incomeTax), .init(event.localIncomeTax)),
            .insert(TaxTables.taxStatementLine, id, account, .init(day), gross, .init(withheld)),
            .insert(TaxTables.taxAudit, id, account, .init(event.payoutId), authoritative),
        ]
            + kinds.flatMap { kind, amount -> [BookStep] in
                [
                    .insert(
                        TaxTables.payable, as: "tax_payable.\(kind)", id, .init(kind), account, .init(dueMonth), .init(amount)),
                    .insert(
                        TaxTables.remittanceItem, as: "remittance_item.\(kind)", id, .init(kind), account, .init(event.branch),
                        .init(dueMonth), .init(amount), authoritative),
                ]
            }
    }

    /// Clears what the payment withheld into what is owed to the state and to the district.
    private var journal: Journal {
        Journal(
            id: "T-\(event.eventId)", accountId: event.accountId, kind: "TAX", bookedOn: day, valuedOn: day,
            reference: event.payoutId,
            postings: [
                .debit(.withheldTaxClearing, event.incomeTax), .credit(.incomeTaxPayable, event.incomeTax),
                .debit(.withheldTaxClearing, event.localIncomeTax), .credit(.localTaxPayable, event.localIncomeTax),
            ])
    }

    private var totals: [BookStep] {
        let year = BookValue.integer(Int64(day.year))
        let month = BookValue.integer(Int64(day.month))
        let gross = BookValue(event.grossInterest)
        let income = BookValue(event.incomeTax)
        let local = BookValue(event.localIncomeTax)
        let due = BookValue(dueMonth)
        return [
            TaxAggregates.accountTaxYear.add(account, year, 1, gross, income, local),
            TaxAggregates.customerTaxYear.add(.init(event.customerId), year, 1, gross, income, local),
            TaxAggregates.categoryMonth.add(.init(event.taxCategory), month, 1, gross, income, local),
            TaxAggregates.branchTaxMonth.add(.init(event.branch), month, 1, income, local),
            TaxAggregates.productTaxMonth.add(.init(event.product), month, 1, income, local),
            TaxAggregates.districtMonth.add(.init(event.branch), due, 1, local),
            TaxAggregates.remittanceMonth.add(as: "remittance_month.INCOME", "INCOME", due, 1, income),
            TaxAggregates.remittanceMonth.add(as: "remittance_month.LOCAL", "LOCAL", due, 1, local),
            TaxAggregates.reportYear.add(
                .init(event.customerId), year, .init(event.taxCategory), 1, gross, .init(withheld)),
            TaxAggregates.taxControlDay.add(.init(day), 1, gross, income, local),
        ]
    }
}
