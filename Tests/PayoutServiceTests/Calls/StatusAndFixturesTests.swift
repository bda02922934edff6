import InterestContract
import Testing

@testable import PayoutService

@Suite struct StatusAndFixturesTests {
    @Test(arguments: Bank.stores) func aStatusIsAppliedAsGivenAndMovesNoMoney(_ store: Bank.Engine) async throws {
        let sister = Fixture.account(1_000, id: "2000-0000-0002")
        try await store.open([Fixture.account(1_000), sister]) { bank in
            let held = try await bank.status(#"{"accountState":"FRAUD_HOLD","incidentAmount":500,"depositFreeze":true}"#)
            #expect(held.status == 200)
            #expect(held["incidentAmount"] == 500)
            #expect(held["heldAmount"] == 0)
            #expect(try await bank.status(#"{"incidentAmount":700}"#)["incidentAmount"] == 700)
            #expect(try await bank.account().body == bank.status(#"{"depositFreeze":true}"#).body)
            #expect(try await bank.status(#"{"accountState":"FRAUD_HOLD"}"#).code == "MALFORMED_REQUEST")
            #expect(try await bank.status("{}").code == "MALFORMED_REQUEST")
            // The customer's state is that of all the customer's accounts; a deceased customer's account can still be set.
            #expect(try await bank.status(#"{"customerState":"DECEASED"}"#).status == 200)
            #expect(try await bank.account(sister.id).json?["customerState"]?.string == "DECEASED")
            #expect(try await bank.status(#"{"customerState":"NORMAL","accountState":"ACTIVE"}"#).status == 200)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func fixturesNeedLeave(_ store: Bank.Engine) async throws {
        try await store.open([]) { bank in
            let answer = try await bank.post("/v1/fixtures", "nonsense", key: "", mode: "nonsense")
            #expect(answer.code == "FIXTURES_NOT_ALLOWED")
            #expect(answer.status == 403)
        }
    }

    @Test(arguments: Bank.stores) func aFixtureReplacesTheAccountWholly(_ store: Bank.Engine) async throws {
        var options = Bank.Options()
        options.allowFixtures = true
        let other = "2000-0000-0002"
        try await store.open([Fixture.account(50_000_000), Fixture.account(5_000, id: other, customer: "C2")], options) { bank in
            #expect(try await bank.pay().status == 201)
            #expect(try await bank.transfer(Fixture.id, other, 10).status == 201)
            #expect(try await bank.bookTaxes() == .init(booked: 1))
            #expect(try await bank.preview().code == "ALREADY_PAID_TODAY")
            let lines = [Fixture.account(2_000_000), Fixture.account(3, id: "NEW", customer: "C3")].map {
                String(decoding: $0.json, as: UTF8.self)
            }
            let loaded = try await bank.post("/v1/fixtures", "\n" + lines.joined(separator: "\n\n") + "\n")
            #expect(loaded.text == #"{"accounts":2}"#)
            #expect(try await bank.preview().gross == 109)
            #expect(try await bank.account(other)["balance"] == 5_010)
            #expect(try await bank.account("NEW")["balance"] == 3)
            try await bank.expectCleanBooks()
            #expect(try await bank.pay().status == 201)
            #expect(try await bank.bookTaxes() == .init(booked: 1))
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func aWrongLineIsNamedAndNothingIsLoaded(_ store: Bank.Engine) async throws {
        var options = Bank.Options()
        options.allowFixtures = true
        try await store.open([], options) { bank in
            let good = String(decoding: Fixture.account(1).json, as: UTF8.self)
            let cases: [(FixtureAccount, String)] = [
                (Fixture.account(1, id: "B", product: "NONE"), "there is no product NONE"),
                (Fixture.account(1, id: "B", openedOn: "2026-03-03", lastPaidOn: nil), "opens after"),
                (Fixture.account(1, id: "B", lastPaidOn: "2026-03-03"), "was paid after"),
                (
                    Fixture.account(1, id: "B") {
                        $0.entries[0].bookedOn = Fixture.date("2026-03-03")
                    }, "booked after"
                ),
            ]
            for (account, reason) in cases {
                let answer = try await bank.post("/v1/fixtures", good + "\n\n" + String(decoding: account.json, as: UTF8.self))
                #expect(answer.code == "MALFORMED_REQUEST")
                #expect(answer.text.contains("fixture line 3"), "\(answer.text)")
                #expect(answer.text.contains(reason), "\(answer.text)")
                #expect(try await bank.account().code == "ACCOUNT_NOT_FOUND")
            }
        }
    }

    @Test(arguments: Bank.stores) func booksPagesFollowEachOther(_ store: Bank.Engine) async throws {
        let accounts = (0..<5).map { Fixture.account(Int64($0), id: "A\($0)", customer: "C\($0)", lastPaidOn: nil) }
        try await store.open(accounts) { bank in
            var seen: [String] = []
            var next: String? = ""
            while let after = next {
                let page = try await bank.get("/v1/books/accounts?after=\(after)&limit=2").json
                seen += page?["accounts"]?.array?.compactMap { $0["accountId"]?.string } ?? []
                next = page?["next"]?.string
            }
            #expect(seen == accounts.map(\.id))
            #expect(try await bank.get("/v1/books/accounts?limit=0").code == "MALFORMED_REQUEST")
            #expect(try await bank.get("/v1/books/accounts?limit=1001").code == "MALFORMED_REQUEST")
            #expect(try await bank.get("/v1/books/events?after=x").code == "MALFORMED_REQUEST")
            #expect(try await bank.get("/v1/books/accounts/nobody/journal").code == "ACCOUNT_NOT_FOUND")
            let journal = try await bank.get("/v1/books/accounts/A3/journal").json?["lines"]?.array ?? []
            #expect(journal.map { $0["kind"]?.string } == ["OPENING"])
            #expect(try await bank.get("/healthz").text == #"{"status":"ok"}"#)
            let totals = try await bank.get("/v1/books/totals")
            #expect(totals["accounts"] == 5)
            #expect(totals["journalsUnbalanced"] == 0)
            #expect(totals["debits"] == totals["credits"])
        }
    }
}
