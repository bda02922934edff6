import InterestContract
import Testing

@testable import LegacyCore

@Suite struct HostileInputTests {
    private static let routes = [
        "/v1/accounts/A-1/interest-payouts", "/v1/accounts/A-1/transactions", "/v1/accounts/A-1/closure",
        "/v1/accounts/A-1/status",
        "/v1/transfers", "/v1/products/DEMAND-2/rates", "/v1/fixtures",
    ]

    private static let seeds = [
        Bank.channel, #"{"type":"DEPOSIT","amount":1000000000000000,"channel":"ATM","valueDate":"2026-03-01"}"#,
        #"{"from":"A-1","to":"B-2","amount":1,"channel":"BATCH"}"#, #"{"accountState":"FRAUD_HOLD","incidentAmount":1}"#,
        #"{"since":"2026-03-01","bands":[{"upTo":9223372036854775807,"ppm":1000000},{"upTo":null,"ppm":0}]}"#,
        #"{"since":"1900-01-01","bands":[{"ppm":1000000}]}"#, String(decoding: Bank.account("A-1").json, as: UTF8.self),
    ]

    /// Documents with bytes changed, dropped and doubled: answered, never a failure of the service, and the books stay in order.
    @Test(arguments: Bank.stores, [UInt64(1), 2, 3])
    func mutatedBodies(_ store: BankStore, _ seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let bank = try await Bank(on: store, [Bank.account(), Bank.account("B-2")], allowFixtures: true)
        for round in 0..<400 {
            var body = Array(Self.seeds.randomElement(using: &random, or: Bank.channel).utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) where !body.isEmpty {
                let at = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: body[at] = UInt8.random(in: 0...255, using: &random)
                case 1: body.remove(at: at)
                default: body.insert(contentsOf: body[at...].prefix(9), at: at)
                }
            }
            let route = Self.routes.randomElement(using: &random, or: "/")
            let answer = await bank.core.desk.answer(
                WireCall("POST", route, body: body, idempotencyKey: "k\(round)", requestTime: Bank.today))
            #expect(answer.status < 500, "\(route) \(String(decoding: body, as: UTF8.self))")
        }
        #expect(try await bank.complaints() == [])
    }

    @Test(
        arguments: Bank.stores,
        [
            "", "/", "//", "?", "/v1", "/v1/", "/v1//", "/v1/accounts//interest", "/v1/accounts/%00/interest",
            "/v1/accounts/../interest",
            "/v1/books/accounts?limit=99999999999999999999", "/v1/books/accounts?=&&=", "http://x/v1/accounts/A-1", "*",
            "/v1/accounts/A-1/%",
        ])
    func oddTargets(_ store: BankStore, _ target: String) async throws {
        let bank = try await Bank(on: store)
        for method in ["GET", "POST", "HEAD", "", "get"] {
            let answer = await bank.core.desk.answer(WireCall(method, target, idempotencyKey: "k", requestTime: Bank.today))
            #expect(answer.status < 500)
        }
    }

    /// Centuries at 100 % on balances as large as they come.
    @Test(arguments: Bank.stores) func longestPeriods(_ store: BankStore) async throws {
        let account = Bank.account(balance: 9_100_000_000_000_000, openedOn: "1900-01-01", lastPaidOn: nil)
        let bank = try await Bank(
            on: store, [account, Bank.account("B-2", balance: 1_000, openedOn: "1900-01-01", lastPaidOn: nil)])
        for since in ["1900-01-01", "2020-01-01"] {
            let body = "{\"since\":\"\(since)\",\"bands\":[{\"ppm\":1000000}]}"
            #expect(await bank.post("/v1/products/DEMAND-2/rates", body).status == 201)
        }
        let long = await bank.preview("B-2", at: "2900-01-01T00:00:00+09:00")
        #expect(long.status == 200 && long.json["period"]?["days"]?.integer == 365_243)
        // More interest than 64 bits hold in the books: refused, and nothing changes.
        #expect(await bank.payout(at: "2999-01-01T00:00:00+09:00").code == .malformedRequest)
        #expect(try await bank.complaints() == [])
        #expect(await bank.preview(at: "9999-12-31T23:59:59+09:00").status < 500)
    }
}

extension Array {
    fileprivate func randomElement(using random: inout SplitMix64, or fallback: Element) -> Element {
        randomElement(using: &random) ?? fallback
    }
}
