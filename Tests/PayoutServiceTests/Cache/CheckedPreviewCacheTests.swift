#if PostgreSQL
    import InterestContract
    import PostgreSQLClient
    import TestKit
    import Testing

    @testable import PayoutService

    /// Two services on one database, without Redis: what one changes, the other's next preview shows.
    @Suite struct CheckedPreviewCacheTests {
        private static let changes: [(String, @Sendable (Bank) async throws -> Bank.Answer)] = [
            ("a deposit", { try await $0.transact(.deposit, 400_000_000, valueDate: "2026-02-01") }),
            ("a payout", { try await $0.pay() }),
            ("a freeze", { try await $0.status(#"{"depositFreeze":true}"#) }),
            ("the customer", { try await $0.status(#"{"customerState":"DECEASED"}"#) }),
            (
                "a rate",
                { try await $0.post("/v1/products/DEMAND-2/rates", #"{"since":"2026-02-01","bands":[{"ppm":90000}]}"#) }
            ),
        ]

        @Test(arguments: changes.indices) func theOthersChangeIsSeen(_ index: Int) async throws {
            let (name, change) = CheckedPreviewCacheTests.changes[index]
            let address = try await PostgresServer.shared().address()
            let settings = try PostgresSettings(address, schema: "none")
            _ = try await BooksMigration.run(settings)
            var options = Bank.Options()
            options.store = .postgres(settings)
            try await Bank.open([Fixture.account(100_000_000)], options) { [options] one in
                try await Bank.open([], options) { other in
                    let before = try await one.preview()
                    #expect(try await one.preview() == before)
                    #expect(try #require(one.previews).counts.hits == 1)
                    let changed = try await change(other)
                    #expect(changed.status < 300, "\(name): \(changed.text)")
                    let after = try await one.preview()
                    #expect(after.body != before.body, "\(name) was not seen")
                    #expect(after == (try await other.preview()))
                }
            }
        }
    }

    extension Bank.Answer: Equatable {
        static func == (one: Bank.Answer, other: Bank.Answer) -> Bool { one.status == other.status && one.body == other.body }
    }
#endif
