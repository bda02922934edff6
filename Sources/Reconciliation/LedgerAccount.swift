/// One account as the books show it: a row of `books_accounts`. Money is whole won.
public struct LedgerAccount: Sendable, Hashable {
    public var accountId: String
    /// The values of `LedgerAccount.texts` and `LedgerAccount.amounts`, in their order.
    var texts: [String?]
    var amounts: [Int64]

    /// A column: its name in SQL and on the wire.
    struct Column: Sendable, Hashable {
        var sql: String
        var wire: String
    }

    static let textColumns = [
        Column(sql: "customer_id", wire: "customerId"),
        Column(sql: "state", wire: "state"),
        Column(sql: "last_paid_on", wire: "lastPaidOn"),
    ]
    static let amountColumns = [
        Column(sql: "balance", wire: "balance"),
        Column(sql: "held_amount", wire: "heldAmount"),
        Column(sql: "entry_sum", wire: "entrySum"),
        Column(sql: "journal_balance", wire: "journalBalance"),
        Column(sql: "payouts", wire: "payouts"),
        Column(sql: "gross_paid", wire: "grossPaid"),
        Column(sql: "net_paid", wire: "netPaid"),
        Column(sql: "income_tax", wire: "incomeTax"),
        Column(sql: "local_income_tax", wire: "localIncomeTax"),
        Column(sql: "tax_records", wire: "taxRecords"),
        Column(sql: "closed_paid_out", wire: "closedPaidOut"),
    ]

    func amount(_ sql: String) -> Int64 {
        LedgerAccount.amountColumns.firstIndex { $0.sql == sql }.map { amounts[$0] } ?? 0
    }
}

/// The one row of `books_totals`.
public struct LedgerTotals: Sendable, Hashable {
    var counts: [Int64]

    static let columns = [
        LedgerAccount.Column(sql: "accounts", wire: "accounts"),
        LedgerAccount.Column(sql: "entries", wire: "entries"),
        LedgerAccount.Column(sql: "payouts", wire: "payouts"),
        LedgerAccount.Column(sql: "journals", wire: "journals"),
        LedgerAccount.Column(sql: "journals_unbalanced", wire: "journalsUnbalanced"),
        LedgerAccount.Column(sql: "debits", wire: "debits"),
        LedgerAccount.Column(sql: "credits", wire: "credits"),
        LedgerAccount.Column(sql: "pending_tax_events", wire: "pendingTaxEvents"),
        LedgerAccount.Column(sql: "dead_tax_events", wire: "deadTaxEvents"),
    ]

    /// What must be equal on both sides. Journals and their sums are each side's own way of booking.
    static let shared = ["accounts", "entries", "payouts"]

    func count(_ sql: String) -> Int64 { LedgerTotals.columns.firstIndex { $0.sql == sql }.map { counts[$0] } ?? 0 }
}
