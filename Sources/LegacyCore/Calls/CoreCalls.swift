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
    func write(
        _ call: Call, _ pace: CoreDatabase.Pace = .statementByStatement,
        _ work: @escaping @Sendable (any CoreSession) throws -> Work
    ) async throws -> StoredAnswer {
        try await database.transaction(pace) { books in
            if let stored = try storedAnswer(to: call, in: books) { return .rollBack(stored) }
            let isDry = call.mode == .dryRun
            do {
                let done = try work(books)
                if !isDry && !done.isKept { try keep(done.answer, of: call, in: books) }
                return isDry ? .rollBack(done.answer) : .keep(done.answer)
            } catch let problem as Problem where problem.code.isStored {
                // Every such refusal comes before the first statement that changes something.
                let answer = StoredAnswer(problem)
                guard !isDry else { return .rollBack(answer) }
                try keep(answer, of: call, in: books)
                return .keep(answer)
            }
        }
    }

    private func keep(_ answer: StoredAnswer, of call: Call, in books: any CoreSession) throws {
        try executor.run(MovementSteps.keepAnswer, BookArguments(call.arguments(answer)), in: books)
    }

    private func storedAnswer(to call: Call, in books: any CoreSession) throws -> StoredAnswer? {
        guard let key = call.key else {
            throw Problem(.idempotencyKeyMissing, "a POST needs the header Idempotency-Key")
        }
        let query = "SELECT method, path, body, status, content_type, answer FROM idempotency_record WHERE idempotency_key = :key"
        guard let row = try books.row(query, ["key": key]) else { return nil }
        guard try row.text(0) == call.method, try row.text(1) == call.path, try row.bytes(2) == call.body else {
            throw Problem(.idempotencyKeyReused, "the key \(key) has been used for another request")
        }
        return StoredAnswer(status: Int(try row.integer(3)), contentType: try row.text(4), body: try row.bytes(5))
    }
}
