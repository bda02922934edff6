import InterestContract

extension InterestCalls {
    /// `GET /v1/accounts/{id}/interest`: what a payout would pay now, or the code it would be refused with; changes nothing.
    func preview(_ id: String, _ call: InboundCall) async throws -> Reply {
        let businessDay = try moment(of: call).businessDay
        return try await cache.preview(account: id, day: policies.cache.day(businessDay)) {
            try await books.read { books in try computedPreview(id, businessDay: businessDay, books) }
        }
    }

    /// A refusal is kept like an answer: the same changes end it. Only an account that does not exist has no version to keep it by.
    private func computedPreview(_ id: String, businessDay: Day, _ books: any BooksReading) throws -> CachedPreview {
        guard let standing = try books.standing(id) else {
            return CachedPreview(reply: Reply(Problem(.accountNotFound, "there is no account \(id)")))
        }
        do {
            let (_, quote) = try payable(id, businessDay: businessDay, books)
            return CachedPreview(reply: Reply(try quote.answer()), version: standing.version)
        } catch let problem as Problem {
            return CachedPreview(reply: Reply(problem), version: problem.code.isStored ? standing.version : nil)
        }
    }
}
