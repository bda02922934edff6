import GRDB
import Synchronization

@testable import PayoutService

/// Counts statements as the database itself reports them while they run.
final class StatementCounter: Sendable {
    private let statements = Mutex<[String]>([])

    /// The INSERT, UPDATE and DELETE statements so far, in order.
    var changes: [String] {
        statements.withLock { $0.filter { sql in ["INSERT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) } } }
    }

    /// The tables that were changed, in order.
    var changedTables: [String] {
        changes.map { sql in
            let words = sql.split(separator: " ", maxSplits: 3)
            return String(words[0] == "UPDATE" ? words[1] : words[2])
        }
    }

    func attach(to books: SQLiteBooks) async throws {
        try await books.database.writeWithoutTransaction { database in
            database.trace { event in
                if case .statement(let statement) = event { self.statements.withLock { $0.append(statement.sql) } }
            }
        }
    }

    func detach(from books: SQLiteBooks) async throws {
        try await books.database.writeWithoutTransaction { $0.trace() }
    }

    func reset() { statements.withLock { $0 = [] } }
}
