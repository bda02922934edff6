import Foundation
import Synchronization

/// Reads accounts' tokens for many readers with few queries: whoever asks while a query is under way stands together with the others in the
/// next one. One reader alone waits for nothing.
///
/// A token is always read after it was asked for: an answer given before the reader came would not do.
final class TokenLookup: Sendable {
    private typealias Reader = CheckedContinuation<PreviewToken?, any Error>

    private struct State {
        var waiting: [String: [Reader]] = [:]
        var queries = 0
        var asked = 0
        var underWay = 0
    }

    private let books: any BookStore
    private let state = Mutex(State())

    /// Queries under way at once: with one alone all would wait for its way there and back.
    private static let underWayMax = 2
    /// Accounts of one query.
    private static let togetherMax = 256

    init(books: any BookStore) { self.books = books }

    /// The account's token as the books have it now; nil if there is no such account.
    func token(_ account: String) async throws -> PreviewToken? {
        try await withCheckedThrowingContinuation { reader in
            let begins = state.withLock { state in
                state.waiting[account, default: []].append(reader)
                state.asked += 1
                guard state.underWay < TokenLookup.underWayMax else { return false }
                state.underWay += 1
                return true
            }
            if begins { Task { await serve() } }
        }
    }

    /// Tokens asked for, and the queries that it took.
    var counts: (asked: Int, queries: Int) { state.withLock { ($0.asked, $0.queries) } }

    private func serve() async {
        while let readers = next() {
            let accounts = Array(readers.keys)
            let result: Result<[String: PreviewToken], any Error>
            do {
                let tokens = try await books.look { try PreviewToken.ofAccounts(accounts, in: $0) }
                result = .success(tokens)
            } catch { result = .failure(error) }
            for (account, readers) in readers {
                for reader in readers { reader.resume(with: result.map { $0[account] }) }
            }
        }
    }

    private func next() -> [String: [Reader]]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.underWay -= 1
                return nil
            }
            state.queries += 1
            guard state.waiting.count > TokenLookup.togetherMax else {
                defer { state.waiting = [:] }
                return state.waiting
            }
            var taken: [String: [Reader]] = [:]
            for (account, readers) in state.waiting.prefix(TokenLookup.togetherMax) { taken[account] = readers }
            for account in taken.keys { state.waiting[account] = nil }
            return taken
        }
    }
}
