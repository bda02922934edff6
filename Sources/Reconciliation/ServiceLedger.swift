internal import InterestContract
internal import Outbound

/// The pages under `/v1/books` of a running service.
struct ServiceLedger: Ledger {
    private let url: String
    private let client: OutboundClient

    init(url: String, client: OutboundClient) {
        self.url = url
        self.client = client
    }

    func totals() async throws(LedgerUnreachable) -> LedgerTotals {
        let document = try await get("/v1/books/totals")
        var counts: [Int64] = []
        for column in LedgerTotals.columns { counts.append(try integer(document, column, in: "the totals")) }
        return LedgerTotals(counts: counts)
    }

    func accounts(after: String, limit: Int) async throws(LedgerUnreachable) -> [LedgerAccount] {
        let document = try await get("/v1/books/accounts?limit=\(limit)" + (after.isEmpty ? "" : "&after=\(after)"))
        guard let list = document["accounts"]?.array else {
            throw LedgerUnreachable(description: "\(url) answers a page of accounts without `accounts`.")
        }
        var accounts: [LedgerAccount] = []
        for row in list {
            guard let id = row["accountId"]?.string else {
                throw LedgerUnreachable(description: "\(url) answers an account without `accountId`.")
            }
            var amounts: [Int64] = []
            for column in LedgerAccount.amountColumns { amounts.append(try integer(row, column, in: "account \(id)")) }
            accounts.append(
                LedgerAccount(accountId: id, texts: LedgerAccount.textColumns.map { row[$0.wire]?.string }, amounts: amounts))
        }
        return accounts
    }

    private func integer(
        _ row: WireJSON, _ column: LedgerAccount.Column, in place: String
    ) throws(LedgerUnreachable) -> Int64 {
        guard let value = row[column.wire]?.integer else {
            throw LedgerUnreachable(description: "\(url) answers no whole `\(column.wire)` in \(place).")
        }
        return value
    }

    private func get(_ path: String) async throws(LedgerUnreachable) -> WireJSON {
        let answer: OutboundAnswer
        do { answer = try await client.send(OutboundRequest(url: url + path, timeoutMs: 30_000)) } catch {
            throw LedgerUnreachable(description: "The books of \(url) can't be read: \(error.sentence)")
        }
        guard answer.status == 200 else {
            throw LedgerUnreachable(description: "The books of \(url) can't be read: \(path) is answered with \(answer.status).")
        }
        do { return try WireJSON(answer.body) } catch {
            throw LedgerUnreachable(description: "\(url) answers \(path) with what is no JSON of the contract: \(error).")
        }
    }
}
