import InterestContract
import Testing

@testable import PayoutService

/// Many readers' tokens by few queries, and never a token from before it was asked for.
@Suite struct TokenLookupTests {
    static let ids = (1...40).map { "1000-0000-\($0 + 1_000)" }
    static var accounts: [FixtureAccount] {
        ids.enumerated().map { Fixture.account(50_000_000, id: $0.element, customer: "C\($0.offset)") }
    }

    @Test(arguments: Bank.stores) func manyAtOnceGetWhatEachWouldGetAlone(_ store: Bank.Engine) async throws {
        try await store.open(Self.accounts) { bank in
            let lookup = TokenLookup(books: bank.service.books)
            let asked = Self.ids + Self.ids + ["no such account"]
            let found = try await withThrowingTaskGroup(of: (String, PreviewToken?).self) { group in
                for id in asked { group.addTask { (id, try await lookup.token(id)) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(found.count == asked.count)
            for (id, token) in found {
                let alone = try await bank.service.books.read { try $0.previewToken(id) }
                #expect(token == alone)
                #expect((token == nil) == (id == "no such account"))
            }
            #expect(lookup.counts.asked == asked.count)
            #expect(lookup.counts.queries < asked.count)
        }
    }

    @Test(arguments: Bank.stores) func aChangeIsSeenByWhoAsksAfterIt(_ store: Bank.Engine) async throws {
        try await store.open(Self.accounts) { bank in
            let lookup = TokenLookup(books: bank.service.books)
            // Others ask all the time, so that some query is always under way.
            let others = Task {
                while !Task.isCancelled { for id in Self.ids { _ = try await lookup.token(id) } }
            }
            for id in Self.ids.prefix(10) {
                let before = try await lookup.token(id)
                #expect(try await bank.transact(.deposit, 1, id).status == 201)
                let after = try await lookup.token(id)
                #expect(before != after)
                #expect(after?.accountVersion == before.map { $0.accountVersion + 1 })
            }
            others.cancel()
            _ = await others.result
        }
    }

    @Test func aFailureReachesEveryReaderAndTheNextOneAsksAnew() async throws {
        try await Bank.open(Self.accounts) { bank in
            let lookup = TokenLookup(books: bank.service.books)
            try await bank.service.books.change { try $0.execute("ALTER TABLE books_identity RENAME TO elsewhere") }
            await #expect(throws: (any Error).self) { try await lookup.token(Self.ids[0]) }
            try await bank.service.books.change { try $0.execute("ALTER TABLE elsewhere RENAME TO books_identity") }
            #expect(try await lookup.token(Self.ids[0]) != nil)
        }
    }
}
