import Foundation
import InterestContract
import Outbound
import Testing

@testable import PayoutService

/// Whatever comes, there is an answer, and the service is there for the next one.
@Suite struct HostileInputTests {
    @Test(arguments: Bank.stores) func nothingOfThisStopsTheService(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(50_000_000)]) { bank in
            let path = "/v1/accounts/\(Fixture.id)/transactions"
            let bodies = [
                "", "{", "[]", "null", "\u{0}", #"{"type":"DEPOSIT"}"#, #"{"type":"DEPOSIT","amount":0,"channel":"ATM"}"#,
                #"{"type":"DEPOSIT","amount":-1,"channel":"ATM"}"#, #"{"type":"DEPOSIT","amount":1.0,"channel":"ATM"}"#,
                #"{"type":"DEPOSIT","amount":1e3,"channel":"ATM"}"#,
                #"{"type":"DEPOSIT","amount":1000000000000001,"channel":"ATM"}"#,
                #"{"type":"DEPOSIT","amount":9223372036854775808,"channel":"ATM"}"#,
                #"{"type":"DEPOSIT","amount":"1","channel":"ATM"}"#,
                #"{"type":"DEPOSIT","amount":1,"amount":1,"channel":"ATM"}"#, #"{"type":"DEPOSIT","amount":1,"channel":"FAX"}"#,
                #"{"type":"DEPOSIT","amount":1,"channel":"ATM","extra":1}"#, String(repeating: "[", count: 10_000),
                #"{"type":"DEPOSIT","amount":1,"channel":"ATM","valueDate":"2026-02-30"}"#, String(repeating: "x", count: 70_000),
            ]
            for body in bodies {
                let answer = try await bank.post(path, body)
                #expect(answer.status == 400, "\(body.prefix(80))")
                #expect(answer.code == "MALFORMED_REQUEST", "\(body.prefix(80))")
            }
            let paths = [
                ("/", 404), ("/v1", 404), ("/v1/", 404), ("//v1/accounts/A", 404), ("/v1/accounts/", 400),
                ("/v1/accounts/a%20b", 400),
                ("/v1/accounts/\(String(repeating: "a", count: 65))", 400),
                ("/v1/accounts/\(String(repeating: "a", count: 64))", 404),
                ("/v1/accounts/A/interest/", 404), ("/v1/accounts/../interest", 400), ("/v1/accounts/A/nothing", 404),
                ("/v1/books/nothing", 404), ("/v1/accounts/\(Fixture.id)?x=%00", 200), ("/v1/transfers", 404),
            ]
            for (path, status) in paths { #expect(try await bank.get(path).status == status, "\(path)") }
            for method in ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] {
                let answer = try await bank.send(
                    OutboundRequest(method: method, url: bank.url("/v1/accounts/\(Fixture.id)"), headers: []))
                #expect(answer.status == 404, "\(method)")
            }
            let instants = ["", "now", "2026-03-02", "2026-03-02T12:00:00", "2026-13-02T12:00:00Z", "9999-12-31T23:59:59Z"]
            for instant in instants { #expect(try await bank.preview(at: instant).code == "MALFORMED_REQUEST", "\(instant)") }
            #expect(try await bank.preview(at: "1900-01-01T00:00:00Z").code == "BUSINESS_DATE_IN_PAST")
            #expect(try await bank.preview(at: "9999-12-31T12:00:00+09:00").status == 200)
            let twice = try await bank.get("/v1/accounts/\(Fixture.id)", headers: [("X-Request-Time", Bank.noon)])
            #expect(twice.code == "MALFORMED_REQUEST")
            #expect(try await bank.post(path, "{}", key: String(repeating: "k", count: 201)).code == "MALFORMED_REQUEST")
            #expect(try await bank.preview().gross == 2_739)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func sumsBeyondSixtyFourBitsAreRefusedAndBookNothing(_ store: Bank.Engine) async throws {
        let huge: Int64 = 9_100_000_000_000_000
        let account = Fixture.account(1) {
            $0.entries = Array(
                repeating: .init(bookedOn: Fixture.date("2025-01-01"), valuedOn: Fixture.date("2025-01-01"), amount: huge),
                count: 1_013)
        }
        try await store.open([account]) { bank in
            for _ in 0..<5 { #expect(try await bank.transact(.deposit, 1_000_000_000_000_000).status == 201) }
            let beyond = try await bank.transact(.deposit, 1_000_000_000_000_000)
            #expect(beyond.code == "MALFORMED_REQUEST")
            #expect(try await bank.account()["balance"] == 1_013 * huge + 5_000_000_000_000_000)
            try await bank.expectCleanBooks()
            #expect(try await bank.get("/healthz").status == 200)
            #expect(try await bank.preview().status < 600)
        }
    }
}
