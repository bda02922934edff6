import Foundation

/// Collects control totals and differences while accounts go by in pairs.
struct LedgerComparison {
    private let listedMax: Int
    private var count = 0
    private var accounts = 0
    private var accountsDiffering = 0
    private var listed: [ReconciliationReport.Difference] = []
    private var totals: [ReconciliationReport.Total] = []
    /// Sums over all accounts, by amount column. 128 bits, since sums of 64-bit amounts need not fit into 64.
    private var legacySums = [Int128](repeating: 0, count: LedgerAccount.amountColumns.count)
    private var payoutSums = [Int128](repeating: 0, count: LedgerAccount.amountColumns.count)

    init(listedMax: Int) { self.listedMax = listedMax }

    mutating func compare(totals legacy: LedgerTotals, _ payout: LedgerTotals) {
        for (index, column) in LedgerTotals.columns.enumerated() {
            let (one, other) = (String(legacy.counts[index]), String(payout.counts[index]))
            let mustAgree = LedgerTotals.shared.contains(column.sql)
            totals.append(.init(name: column.sql, legacy: one, payout: other, mustAgree: mustAgree))
            if mustAgree, one != other { add(nil, column.sql, one, other) }
        }
        let sound: [(String, (LedgerTotals) -> Bool)] = [
            ("debits = credits", { $0.count("debits") == $0.count("credits") }),
            ("every journal is balanced", { $0.count("journals_unbalanced") == 0 }),
            ("no tax event is pending", { $0.count("pending_tax_events") == 0 }),
            ("no tax event is dead", { $0.count("dead_tax_events") == 0 }),
        ]
        for (what, holds) in sound where !holds(legacy) || !holds(payout) {
            add(nil, what, holds(legacy) ? "yes" : "no", holds(payout) ? "yes" : "no")
        }
    }

    /// One account on both sides, or on one alone.
    mutating func compare(_ legacy: LedgerAccount?, _ payout: LedgerAccount?) {
        let before = count
        defer {
            accounts += 1
            if count > before { accountsDiffering += 1 }
        }
        if let legacy { take(legacy, side: "legacy", into: \.legacySums) }
        if let payout { take(payout, side: "payout", into: \.payoutSums) }
        guard let legacy, let payout else {
            guard let id = legacy?.accountId ?? payout?.accountId else { return }
            add(id, "account", legacy == nil ? "absent" : "present", payout == nil ? "absent" : "present")
            return
        }
        for (index, column) in LedgerAccount.textColumns.enumerated() where legacy.texts[index] != payout.texts[index] {
            add(legacy.accountId, column.sql, legacy.texts[index] ?? "none", payout.texts[index] ?? "none")
        }
        for (index, column) in LedgerAccount.amountColumns.enumerated() where legacy.amounts[index] != payout.amounts[index] {
            add(legacy.accountId, column.sql, String(legacy.amounts[index]), String(payout.amounts[index]))
        }
    }

    /// Sums the account up and holds its balance against its own entries and journals.
    private mutating func take(
        _ account: LedgerAccount, side: String, into sums: WritableKeyPath<LedgerComparison, [Int128]>
    ) {
        for (index, amount) in account.amounts.enumerated() { self[keyPath: sums][index] += Int128(amount) }
        let balance = account.amount("balance")
        for column in ["entry_sum", "journal_balance"] where account.amount(column) != balance {
            let shown = "\(account.amount(column)) against \(balance)"
            add(
                account.accountId, "\(side): \(column) = balance", side == "legacy" ? shown : "-", side == "payout" ? shown : "-")
        }
    }

    private mutating func add(_ account: String?, _ what: String, _ legacy: String, _ payout: String) {
        count += 1
        guard listed.count < listedMax else { return }
        listed.append(.init(account: account, what: what, legacy: legacy, payout: payout))
    }

    func report(legacy: String, payout: String, startedAt: Date, finishedAt: Date) -> ReconciliationReport {
        var totals = totals
        for (index, column) in LedgerAccount.amountColumns.enumerated() where column.sql != "payouts" {
            totals.append(
                .init(
                    name: "sum of \(column.sql)", legacy: String(legacySums[index]), payout: String(payoutSums[index]),
                    mustAgree: true))
        }
        return ReconciliationReport(
            startedAt: startedAt.formatted(.iso8601), finishedAt: finishedAt.formatted(.iso8601), legacy: legacy, payout: payout,
            totals: totals, accounts: accounts, accountsDiffering: accountsDiffering, differenceCount: count,
            differences: listed)
    }
}
