import InterestContract

extension InterestCalls {
    /// `GET /v1/accounts/{id}`: open in every state.
    func account(_ id: String, _ call: InboundCall) async throws -> Reply {
        _ = try moment(of: call)
        return try await books.read { books in Reply(try knownStanding(id, books).answer()) }
    }
}
