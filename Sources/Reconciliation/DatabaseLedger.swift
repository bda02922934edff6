internal import Foundation
internal import GRDB

/// The views `books_accounts` and `books_totals` of a service's SQLite database.
struct DatabaseLedger: Ledger {
    private let path: String
    private let queue: DatabaseQueue

    init(path: String) throws(LedgerUnreachable) {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            throw LedgerUnreachable(description: "There is no database at \(path).")
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do { queue = try DatabaseQueue(path: path, configuration: configuration) } catch {
            throw LedgerUnreachable(description: "The database \(path) can't be opened: \(error).")
        }
    }

    func totals() async throws(LedgerUnreachable) -> LedgerTotals {
        let columns = LedgerTotals.columns.map(\.sql)
        let counts = try await read { database in
            try Row.fetchOne(database, sql: "SELECT \(columns.joined(separator: ", ")) FROM books_totals").map { row in
                columns.map { row[$0] as Int64? ?? 0 }
            }
        }
        guard let counts else { throw LedgerUnreachable(description: "The database \(path) has no row in books_totals.") }
        return LedgerTotals(counts: counts)
    }

    func accounts(after: String, limit: Int) async throws(LedgerUnreachable) -> [LedgerAccount] {
        let texts = LedgerAccount.textColumns.map(\.sql)
        let amounts = LedgerAccount.amountColumns.map(\.sql)
        let columns = (["account_id"] + texts + amounts).joined(separator: ", ")
        let sql = "SELECT \(columns) FROM books_accounts WHERE account_id > ? ORDER BY account_id LIMIT ?"
        return try await read { database in
            try Row.fetchAll(database, sql: sql, arguments: [after, limit]).map { row in
                LedgerAccount(
                    accountId: row["account_id"], texts: texts.map { row[$0] as String? },
                    amounts: amounts.map { row[$0] as Int64? ?? 0 })
            }
        }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(LedgerUnreachable) -> Value {
        do { return try await queue.read(body) } catch {
            throw LedgerUnreachable(description: "The books in \(path) can't be read: \(error).")
        }
    }
}
