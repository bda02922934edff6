import InterestContract
import Testing

@testable import LegacyCore

/// What only a socket shows: headers, bodies, limits, pages of the books.
@Suite struct WireTests {
    private static func configuration(_ store: BankStore) async throws -> LegacyCoreConfiguration {
        var configuration = LegacyCoreConfiguration(
            store: try await store.open(), products: try Bank.products(),
            accounts: ["A-1", "B-2", "C-3"].map { Bank.account($0) })
        configuration.allowFixtures = true
        return configuration
    }

    @Test(arguments: Bank.stores) func headersAndProblems(_ store: BankStore) async throws {
        try await withServedBank(Self.configuration(store)) { bank async throws in
            let path = "/v1/accounts/A-1/interest-payouts"
            let body = Array(Bank.channel.utf8)
            #expect(try await bank.send("POST", path, body).code == .idempotencyKeyMissing)
            #expect(try await bank.send("POST", path, body, key: "a", at: "yesterday").code == .malformedRequest)
            #expect(try await bank.send("POST", path, body, key: "a", mode: "wet").code == .malformedRequest)
            #expect(try await bank.send("GET", "/v1/accounts/A-1", at: "2026-03-02").code == .malformedRequest)
            #expect(try await bank.send("GET", "/v1/accounts/A_1").code == .malformedRequest)
            #expect(try await bank.send("GET", "/v1/accounts/\(String(repeating: "A", count: 65))").code == .malformedRequest)
            let dry = try await bank.send("POST", path, body, key: "a", mode: "dry-run")
            let real = try await bank.send("POST", path, body, key: "a", mode: "mirror")
            #expect(dry.status == 201 && dry.body == real.body)
            #expect(try await bank.send("POST", path, body, key: "a").body == real.body)
            let late = try await bank.send("POST", path, body, key: "b")
            #expect(late.code == .alreadyPaidToday && late.status == 409)
            #expect(late.contentType == "application/problem+json")
            #expect(try await bank.send("GET", "/v1/accounts/A-1?x=y", key: "not valid").status == 200)
            #expect(try await bank.send("GET", "/healthz", at: nil).body == Array(#"{"status":"ok"}"#.utf8))
        }
    }

    @Test(arguments: Bank.stores) func unknownPathsAndMethods(_ store: BankStore) async throws {
        try await withServedBank(Self.configuration(store)) { bank async throws in
            for (method, path) in [
                ("GET", "/"), ("GET", "/v1"), ("GET", "/v1/"), ("GET", "/v2/accounts/A-1"), ("PUT", "/v1/accounts/A-1"),
                ("DELETE", "/v1/accounts/A-1"), ("POST", "/v1/accounts/A-1"), ("GET", "/v1/accounts/A-1/interest-payouts"),
                ("GET", "/v1/accounts/A-1/interest/"), ("POST", "/healthz"), ("GET", "/v1/transfers"), ("GET", "/v1/accounts"),
            ] {
                let reply = try await bank.send(method, path, key: "k")
                #expect(reply.code == .notFound && reply.status == 404, "\(method) \(path)")
            }
        }
    }

    @Test(arguments: Bank.stores) func bodiesUpToTheirLimit(_ store: BankStore) async throws {
        try await withServedBank(Self.configuration(store)) { bank async throws in
            let path = "/v1/accounts/A-1/interest-payouts"
            func padded(_ length: Int) -> [UInt8] {
                Array(Bank.channel.utf8) + Array(repeating: UInt8(ascii: " "), count: length - Bank.channel.utf8.count)
            }
            #expect(try await bank.send("POST", path, padded(65_537), key: "a").code == .malformedRequest)
            #expect(try await bank.send("POST", path, padded(65_536), key: "a").status == 201)
            let lines = (0..<400).map { String(decoding: Bank.account("L-\($0)").json, as: UTF8.self) }.joined(separator: "\n")
            #expect(lines.utf8.count > 65_536)
            #expect(try await bank.send("POST", "/v1/fixtures", Array(lines.utf8), key: "f")["accounts"] == 400)
        }
    }

    @Test(arguments: Bank.stores) func pagesOfTheBooks(_ store: BankStore) async throws {
        try await withServedBank(Self.configuration(store)) { bank async throws in
            #expect(try await bank.payout("A-1").status == 201)
            let first = try await bank.send("GET", "/v1/books/accounts?limit=2", at: nil)
            let page = try #require(first.json["accounts"]?.array)
            #expect(page.map { $0["accountId"]?.string } == ["A-1", "B-2"])
            #expect(first.text("next") == "B-2")
            let paid = page[0]
            #expect(paid["balance"]?.integer == 100_004_649 && paid["entrySum"] == paid["balance"])
            #expect(paid["journalBalance"] == paid["balance"] && paid["lastPaidOn"]?.string == "2026-03-02")
            #expect(paid["payouts"]?.integer == 1 && paid["grossPaid"]?.integer == 5_479 && paid["netPaid"]?.integer == 4_649)
            #expect(
                paid["incomeTax"]?.integer == 760 && paid["localIncomeTax"]?.integer == 70 && paid["taxRecords"]?.integer == 1)
            #expect(paid["closedPaidOut"]?.integer == 0 && paid["heldAmount"]?.integer == 0 && paid["state"]?.string == "ACTIVE")
            let last = try await bank.send("GET", "/v1/books/accounts?after=B-2&limit=2")
            #expect(last.json["accounts"]?.array?.count == 1 && last.json["next"] == .null)
            for query in ["limit=0", "limit=1001", "limit=x", "after=_"] {
                #expect(try await bank.send("GET", "/v1/books/accounts?\(query)").code == .malformedRequest)
            }

            let totals = try await bank.send("GET", "/v1/books/totals")
            #expect(totals["journals"] == 5 && totals["journalsUnbalanced"] == 0 && totals["accounts"] == 3)
            #expect(totals["debits"] == totals["credits"] && totals["debits"] == 300_006_309)
            #expect(totals["pendingTaxEvents"] == 0 && totals["deadTaxEvents"] == 0)
            #expect(totals["entries"] == 4 && totals["payouts"] == 1)

            let journal = try await bank.send("GET", "/v1/books/accounts/A-1/journal")
            let lines = try #require(journal.json["lines"]?.array)
            #expect(lines.map { $0["kind"]?.string } == ["OPENING", "PAYOUT"])
            #expect(lines[1]["credit"]?.integer == 4_649 && lines[1]["bookedOn"]?.string == "2026-03-02")
            #expect(try await bank.send("GET", "/v1/books/accounts/NONE/journal").code == .accountNotFound)
            #expect(try await bank.send("GET", "/v1/books/events?after=0&limit=10").json["events"]?.array == [])
        }
    }

    @Test(arguments: Bank.stores) func lateAnswersAreTheSameAnswers(_ store: BankStore) async throws {
        var configuration = try await Self.configuration(store)
        configuration.latency = .fixed(milliseconds: 1)
        try await withServedBank(configuration) { bank async throws in
            #expect(try await bank.payout("A-1").status == 201)
            #expect(try await bank.send("GET", "/v1/accounts/A-1")["balance"] == 100_004_649)
        }
    }
}
