import Foundation
import GRDB
import InterestContract

/// The calls of the contract over the books: one transaction each, checks in the table's order, work, and the answer kept.
struct CoreCalls: Sendable {
    let database: CoreDatabase
    var executor = StepExecutor()

    /// What a writing call came to inside its transaction.
    struct Work {
        var answer: StoredAnswer
        /// Whether the work itself has kept the answer under its key, as a payout does among its 80 statements.
        var isKept = false
    }

    /// Row 3, then the work; everything or nothing. Refusals that are decisions about an account are kept like answers; a dry run keeps
    /// nothing. Two calls with one key come here one after the other, since there is one writer.
    func write(_ call: Call, _ work: @escaping @Sendable (Database) throws -> Work) async throws -> StoredAnswer {
        try await database.transaction { db in
            if let stored = try storedAnswer(to: call, in: db) { return .rollBack(stored) }
            let isDry = call.mode == .dryRun
            do {
                let done = try work(db)
                if !isDry && !done.isKept { try keep(done.answer, of: call, in: db) }
                return isDry ? .rollBack(done.answer) : .keep(done.answer)
            } catch let problem as Problem where problem.code.isStored {
                // Every such refusal comes before the first statement that changes something.
                let answer = StoredAnswer(problem)
                guard !isDry else { return .rollBack(answer) }
                try keep(answer, of: call, in: db)
                return .keep(answer)
            }
        }
    }

    private func keep(_ answer: StoredAnswer, of call: Call, in db: Database) throws {
        try executor.run(MovementSteps.keepAnswer, StatementArguments(call.arguments(answer)), in: db)
    }

    private func storedAnswer(to call: Call, in db: Database) throws -> StoredAnswer? {
        guard let key = call.key else {
            throw Problem(.idempotencyKeyMissing, "a POST needs the header Idempotency-Key")
        }
        let query = try db.cachedStatement(
            sql: """
                SELECT method, path, body, status, content_type, answer FROM idempotency_record WHERE idempotency_key = ?
                """)
        guard let row = try Row.fetchOne(query, arguments: [key]) else { return nil }
        let method: String = row[0]
        let path: String = row[1]
        let body: Data = row[2]
        guard method == call.method, path == call.path, body == Data(call.body) else {
            throw Problem(.idempotencyKeyReused, "the key \(key) has been used for another request")
        }
        let answer: Data = row[5]
        return StoredAnswer(status: row[3], contentType: row[4], body: [UInt8](answer))
    }
}
