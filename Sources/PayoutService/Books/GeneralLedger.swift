/// The accounts of the general ledger that this service posts to.
enum GeneralLedger: Int64, Sendable, CaseIterable {
    /// Cash and settlement with other banks.
    case settlement = 1_100
    /// What the bank owes its depositors.
    case deposits = 2_100
    case accruedInterest = 2_310
    /// Withheld at the payment, not yet booked as payable: the tax worker clears it.
    case withheldTaxClearing = 2_390
    case incomeTaxPayable = 2_410
    case localTaxPayable = 2_420
    /// Between the two journals of a transfer.
    case transfersInTransit = 2_900
    case interestExpense = 6_100
}

/// One line of a journal.
struct Posting: Sendable, Hashable {
    var gl: GeneralLedger
    var debit: Int64 = 0
    var credit: Int64 = 0

    static func debit(_ gl: GeneralLedger, _ amount: Int64) -> Posting { Posting(gl: gl, debit: amount) }
    static func credit(_ gl: GeneralLedger, _ amount: Int64) -> Posting { Posting(gl: gl, credit: amount) }
}

/// A double entry: lines whose debits equal their credits.
struct Journal: Sendable, Hashable {
    var id: String
    var accountId: String
    var kind: String
    var bookedOn: Day
    var valuedOn: Day
    var reference: String
    var postings: [Posting]

    /// Header and lines, without the totals.
    var steps: [BookStep] {
        [.insert(PaymentTables.journal, .init(id), .init(accountId), .init(kind), .init(bookedOn), .init(reference))]
            + postings.enumerated().map { index, posting in
                .insert(
                    PaymentTables.journalLine, as: "journal_line.\(index + 1)", .init(id), .integer(Int64(index + 1)),
                    .init(accountId), .init(posting.gl.rawValue), .init(bookedOn), .init(valuedOn), .init(posting.debit),
                    .init(posting.credit))
            }
    }

    /// One UPSERT for each ledger account that the lines touch, in two tables.
    var totals: [BookStep] {
        var sums: [(gl: GeneralLedger, debit: Int64, credit: Int64)] = []
        for posting in postings {
            if let index = sums.firstIndex(where: { $0.gl == posting.gl }) {
                sums[index].debit += posting.debit
                sums[index].credit += posting.credit
            } else {
                sums.append((posting.gl, posting.debit, posting.credit))
            }
        }
        return sums.flatMap { gl, debit, credit -> [BookStep] in
            [
                PaymentAggregates.generalLedger.add(
                    as: "general_ledger.\(gl)", .init(gl.rawValue), .init(debit), .init(credit)),
                PaymentAggregates.generalLedgerDay.add(
                    as: "general_ledger_day.\(gl)", .init(gl.rawValue), .init(bookedOn), .init(debit), .init(credit)),
            ]
        }
    }
}
