import InterestContract
import Testing

@testable import PayoutService

/// Cached or not, the answer is the same; and each change is seen by the next reader.
@Suite struct CachedPreviewsTests {
    static let other = "2000-0000-0002"

    /// Each call that changes something, on an account whose preview is kept.
    static let changes: [(name: String, act: @Sendable (Bank) async throws -> Bank.Answer)] = [
        ("payout", { try await $0.pay() }),
        ("deposit", { try await $0.transact(.deposit, 36_500_000, valueDate: "2026-03-01") }),
        ("withdrawal", { try await $0.transact(.withdrawal, 18_250_000, valueDate: "2026-03-01") }),
        ("closure", { try await $0.close() }),
        ("freeze", { try await $0.status(#"{"depositFreeze":true}"#) }),
        ("account state", { try await $0.status(#"{"accountState":"DORMANT"}"#) }),
        ("customer state, by a sister account", { try await $0.status(#"{"customerState":"DECEASED"}"#, other) }),
        ("rates", { try await $0.post("/v1/products/DEMAND-2/rates", #"{"since":"2026-03-01","bands":[{"ppm":1000}]}"#) }),
        ("fixture", { try await $0.post("/v1/fixtures", String(decoding: Fixture.account(7_300_000).json, as: UTF8.self)) }),
    ]

    @Test(arguments: changes.indices, Bank.stores) func aChangeIsSeenByTheNextReader(_ index: Int, on store: Bank.Engine)
        async throws
    {
        let change = CachedPreviewsTests.changes[index]
        var options = Bank.Options()
        options.allowFixtures = true
        let accounts = [Fixture.account(36_500_000), Fixture.account(36_500_000, id: CachedPreviewsTests.other)]
        try await store.open(accounts, options) { bank in
            let kept = try await bank.preview()
            #expect(kept.gross == 2_000)
            #expect(try await bank.preview().body == kept.body)
            #expect(try await change.act(bank).status < 300, "\(change.name)")
            let after = try await bank.preview()
            #expect(after.body != kept.body, "\(change.name)")
            // What the books say now, with no cache in between.
            let uncached = try await bank.service.books.read { books in
                do {
                    return Reply(
                        try bank.service.calls.payable(Fixture.id, businessDay: Day(Fixture.date("2026-03-02")), books).1.answer()
                    )
                } catch let problem as Problem {
                    return Reply(problem)
                }
            }
            #expect(after.body == uncached.body, "\(change.name)")
        }
    }

    @Test(arguments: Bank.stores) func aTransferIsSeenOnBothSidesTheNextDay(_ store: Bank.Engine) async throws {
        let accounts = [Fixture.account(36_500_000), Fixture.account(36_500_000, id: CachedPreviewsTests.other, customer: "C2")]
        try await store.open(accounts) { bank in
            let tomorrow = "2026-03-03T09:00:00+09:00"
            #expect(try await bank.preview(at: tomorrow).gross == 4_000)
            #expect(try await bank.preview(CachedPreviewsTests.other, at: tomorrow).gross == 4_000)
            #expect(try await bank.transfer(Fixture.id, CachedPreviewsTests.other, 18_250_000).status == 201)
            #expect(try await bank.preview(at: tomorrow).gross == 3_000)
            #expect(try await bank.preview(CachedPreviewsTests.other, at: tomorrow).gross == 5_000)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func aPreviewIsKeptUntilKoreanMidnightAndNoLonger(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(36_500_000)]) { bank in
            let cache = try #require(bank.previews)
            #expect(try await bank.preview(at: "2026-03-02T00:00:00+09:00").gross == 2_000)
            #expect(try await bank.preview(at: "2026-03-02T23:59:59.999+09:00").gross == 2_000)
            #expect(cache.counts.computations == 1)
            #expect(try await bank.preview(at: "2026-03-03T00:00:00+09:00").gross == 4_000)
            #expect(cache.counts.computations == 2)
        }
    }

    @Test(arguments: Bank.stores) func aDryRunDropsNothing(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(36_500_000)]) { bank in
            let cache = try #require(bank.previews)
            #expect(try await bank.preview().gross == 2_000)
            #expect(try await bank.pay(mode: "dry-run").status == 201)
            #expect(try await bank.preview().gross == 2_000)
            #expect(cache.counts == .init(hits: 1, computations: 1))
        }
    }

    @Test(arguments: Bank.stores) func anAccountThatDoesNotExistTakesNoRoom(_ store: Bank.Engine) async throws {
        try await store.open([]) { bank in
            let cache = try #require(bank.previews)
            for index in 0..<20 { #expect(try await bank.preview("N\(index)").code == "ACCOUNT_NOT_FOUND") }
            #expect(cache.entryCount == 0)
        }
    }

    /// Random calls with previews in between: what the cache shows is what the books say.
    @Test(arguments: 0..<6, Bank.stores) func cachedAnswersEqualComputedOnes(_ seed: UInt64, on store: Bank.Engine) async throws {
        let ids = (0..<4).map { "R-\($0)" }
        let accounts = ids.enumerated().map {
            Fixture.account(
                Int64(20_000_000 + $0.offset * 9_000_000), id: $0.element, product: "TIER-50", customer: "C\($0.offset % 2)")
        }
        try await store.open(accounts) { bank in
            var random = SplitMix64(state: seed)
            for step in 0..<60 {
                let id = ids[Int.random(in: 0..<4, using: &random)]
                let day = Day(Fixture.date("2026-03-02")) + step / 15
                let at = "\(try day.civil)T10:00:00+09:00"
                switch Int.random(in: 0..<6, using: &random) {
                case 0: _ = try await bank.pay(id, at: at)
                case 1:
                    _ = try await bank.transact(
                        .deposit, Int64.random(in: 1...9_000_000, using: &random), id, valueDate: "2026-03-01", at: at)
                case 2: _ = try await bank.transact(.withdrawal, Int64.random(in: 1...9_000_000, using: &random), id, at: at)
                case 3: _ = try await bank.transfer(id, ids[(ids.firstIndex(of: id) ?? 0) ^ 1], 1_000_000, at: at)
                case 4: _ = try await bank.status(#"{"depositFreeze":\#(Bool.random(using: &random))}"#, id)
                default:
                    _ = try await bank.status(
                        #"{"customerState":"\#(Bool.random(using: &random) ? "NORMAL" : "KYC_EXPIRED")"}"#, id)
                }
                for id in ids {
                    let shown = try await bank.preview(id, at: at)
                    let computed = try await bank.service.books.read { books in
                        do { return Reply(try bank.service.calls.payable(id, businessDay: day, books).1.answer()) } catch let
                            problem as Problem
                        {
                            return Reply(problem)
                        }
                    }
                    #expect(shown.body == computed.body)
                }
            }
            try await bank.bookTaxes()
            try await bank.expectCleanBooks()
        }
    }
}
