import RunRecords

/// The report of `bank reconcile --json`, as the gate reads it.
struct ReconciliationFile: Decodable {
    /// The marker that the reconciliation writes.
    static let schema = "countersign.reconciliation/1"

    struct Difference: Decodable {
        var account: String?
        var what: String
        var legacy: String
        var payout: String
    }

    var startedAt: String
    var finishedAt: String
    var legacy: String
    var payout: String
    var accounts: Int
    var accountsDiffering: Int
    var differenceCount: Int
    var differences: [Difference]
}

extension RunRecord {
    /// Accounts are counted, and the ledgers' control totals as one more.
    init(_ file: ReconciliationFile) {
        var totals = RunTotals()
        let whole = file.differences.filter { $0.account == nil }
        // Without an account, nothing was compared, whatever the totals say.
        let ledgers = file.accounts > 0 || file.differenceCount > 0 ? 1 : 0
        // Every difference that is not of an account is listed or not; one that is not listed must count all the same.
        let ledgersDiffer = !whole.isEmpty || (file.differenceCount > 0 && file.accountsDiffering == 0) ? 1 : 0
        totals.planned = file.accounts + ledgers
        totals.compared = totals.planned
        totals.mismatched = file.accountsDiffering + ledgersDiffer
        totals.agreed = totals.compared - totals.mismatched
        self.init(
            kind: .reconciliation, name: "ledgers", startedAt: file.startedAt, finishedAt: file.finishedAt, legacy: file.legacy,
            candidate: file.payout, totals: totals)
        operations = [
            OperationRecord(
                name: "accounts", compared: file.accounts, mismatched: file.accountsDiffering, critical: file.accountsDiffering),
            OperationRecord(name: "control totals", compared: ledgers, mismatched: ledgersDiffer, critical: ledgersDiffer),
        ]
        var order: [String] = []
        var byAccount: [String: [ReconciliationFile.Difference]] = [:]
        for difference in file.differences {
            let key = difference.account ?? "control totals"
            if byAccount[key] == nil { order.append(key) }
            byAccount[key, default: []].append(difference)
        }
        cases = order.map { key in CaseRecord(account: key, byAccount[key] ?? []) }
        casesOmitted = max(0, totals.mismatched - cases.count)
        if file.differences.count < file.differenceCount {
            remarks.append("\(file.differenceCount - file.differences.count) more differences are not listed in the report.")
        }
    }
}

extension CaseRecord {
    fileprivate init(account: String, _ differences: [ReconciliationFile.Difference]) {
        let isWhole = differences.first?.account == nil
        let first = differences.first?.what ?? ""
        let more = differences.count > 1 ? " and \(differences.count - 1) more" : ""
        self.init(
            id: "ledgers#\(account)", operation: isWhole ? "control totals" : "accounts",
            outcome: .candidateWrong, critical: true, title: "\(account): \(first)\(more) differ",
            differences: differences.map {
                CaseDifference(
                    answer: "books", path: $0.what, kind: "value", legacy: $0.legacy, candidate: $0.payout, expected: nil,
                    critical: true)
            })
    }
}
