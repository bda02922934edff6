import FixtureGeneration
import Foundation
import InterestContract
import Outbound
import Reconciliation
import TestKit
import Testing

/// What the two services' books say of one account, page by page: alike but for the journals' own numbers.
@Suite struct AccountPagesTests {
    /// The pages that speak of taxes booked are complete when the tax worker is through.
    private static let atOnce = ["/journal", "/events"]
    private static let settled = ["", "/journal", "/journals", "/tax", "/events"]

    private static func withoutNumbers(_ document: WireJSON) -> WireJSON {
        switch document {
        case .array(let elements): .array(elements.map(withoutNumbers))
        case .object(let members):
            .object(members.filter { $0.key != "journalId" }.mapValues(withoutNumbers))
        default: document
        }
    }

    private static func page(_ answer: OutboundAnswer) throws -> WireJSON {
        let document = withoutNumbers(try WireJSON(answer.body))
        return answer.status < 400 ? document : .string("\(answer.status) \(document["code"]?.string ?? "")")
    }

    /// Nil where both say the same.
    private static func difference(of id: String, _ pages: [String], _ pair: RunningPair) async throws -> String? {
        for page in pages {
            let call = WireCall(method: "GET", path: "/v1/books/accounts/\(id)\(page)")
            let (legacy, payout) = try await pair.both(call)
            let (one, other) = (try Self.page(legacy), try Self.page(payout))
            if one != other { return "\(call)\n  legacy \(one)\n  payout \(other)" }
        }
        return nil
    }

    private static func settle(_ pair: RunningPair) async throws {
        let report = try await Reconciliation(
            legacy: .service(url: pair.legacy), payout: .service(url: pair.payout), waitMilliseconds: 60_000
        ).run()
        #expect(report.isEqual, "\(report.text)")
    }

    @Test func aRandomWalkLeavesTheSamePages() async throws {
        let folder = try TemporaryDirectory()
        var random = SeededGenerator(seed: 3)
        let accounts = Array(random.shuffled(try FixtureGenerator.accounts(seed: 1, count: 600)).prefix(30))
        try await RunningPair.run(.init(accounts: accounts, folder: folder)) { pair in
            var walk = RandomWalk(seed: 11, accounts: accounts)
            for _ in 0..<1_200 {
                let call = walk.next()
                _ = try await pair.both(call)
                guard call.method == "POST", let account = accounts.first(where: { call.path.contains($0.id) }) else { continue }
                if let difference = try await Self.difference(of: account.id, Self.atOnce, pair) {
                    Issue.record("after \(call): \(difference)")
                    return
                }
            }
            try await Self.settle(pair)
            for account in accounts {
                let difference = try await Self.difference(of: account.id, Self.settled, pair)
                #expect(difference == nil)
            }
        }
    }

    /// The corners by hand: never paid, negative entries, closed, both sides of a transfer, replaced, unknown.
    @Test func thePagesOfTheCorners() async throws {
        let opened = try #require(CivilDate("2026-01-01"))
        @Sendable func account(_ id: String, _ amounts: Int64...) -> FixtureAccount {
            FixtureAccount(
                customer: .init(id: "C-\(id)"), id: id, product: "DEMAND-2", openedOn: opened,
                entries: amounts.map { .init(bookedOn: opened, valuedOn: opened, amount: $0) })
        }
        let accounts = [
            account("NEVER-PAID", 7), account("BELOW-ZERO", 5, -500), account("CLOSED", 50_000_000),
            account("PAYER", 10_000_000), account("PAYEE"), account("REPLACED", 40_000_000),
        ]
        let folder = try TemporaryDirectory()
        try await RunningPair.run(.init(accounts: accounts, folder: folder)) { pair in
            @Sendable func post(_ path: String, _ body: String, mode: String? = nil) async throws {
                let call = WireCall(
                    path: path, at: "2026-03-02T09:00:00+09:00", key: UUID().uuidString, mode: mode, body: body)
                let (legacy, payout) = try await pair.both(call)
                #expect(legacy.status == 201 && payout.status == 201, "\(call)")
            }
            let channel = #"{"channel":"ATM"}"#
            try await post("/v1/accounts/CLOSED/closure", channel)
            try await post("/v1/transfers", #"{"from":"PAYER","to":"PAYEE","amount":12,"channel":"ATM"}"#)
            try await post("/v1/accounts/PAYER/interest-payouts", channel, mode: "mirror")
            try await post("/v1/accounts/REPLACED/interest-payouts", channel)
            try await post("/v1/fixtures", String(decoding: account("REPLACED", 3).json, as: UTF8.self))
            try await Self.settle(pair)
            for id in accounts.map(\.id) + ["NOBODY", "no_id"] {
                #expect(try await Self.difference(of: id, Self.settled, pair) == nil)
            }
            @Sendable func page(_ path: String) async throws -> String {
                let call = WireCall(method: "GET", path: "/v1/books/accounts/" + path)
                return String(decoding: try await pair.call(pair.legacy, call).body, as: UTF8.self)
            }
            // 10 000 000 less 12 for 60 days at 2 %: 32 876; 14 % 4 600, a tenth 460.
            #expect(
                try await page("PAYER/journals") == """
                    {"journals":[\
                    {"kind":"OPENING","bookedOn":"2026-01-01","debits":10000000,"credits":10000000},\
                    {"kind":"PAYOUT","bookedOn":"2026-03-02","debits":32876,"credits":32876},\
                    {"kind":"TAX","bookedOn":"2026-03-02","debits":5060,"credits":5060},\
                    {"kind":"TRANSFER","bookedOn":"2026-03-02","debits":12,"credits":12}]}
                    """)
            #expect(
                try await page("PAYER/tax") == """
                    {"records":[{"businessDate":"2026-03-02","taxCategory":"RESIDENT","gross":32876,"incomeTax":4600,"localIncomeTax":460}]}
                    """)
            #expect(
                try await page("PAYER/events") == """
                    {"events":[{"gross":32876,"incomeTax":4600,"localIncomeTax":460,"authoritative":false}]}
                    """)
            #expect(try await page("REPLACED/events") == #"{"events":[]}"#)
        }
    }

    /// New accounts are added to the totals, others are replaced: both ways the reconciliation finds nothing.
    @Test func accountsLoadedInManyPartsStandAsThoseLoadedAtStart() async throws {
        let accounts = try FixtureGenerator.accounts(seed: 1, count: 600)
        try await RunningPair.run(.init(accounts: [])) { pair in
            for (number, start) in [0, 200, 400, 100].enumerated() {
                let lines = accounts[start..<start + 200].map { String(decoding: $0.json, as: UTF8.self) }
                let call = WireCall(
                    path: "/v1/fixtures", at: "2026-03-02T09:00:00+09:00", key: "part-\(number)",
                    body: lines.joined(separator: "\n"))
                let (legacy, payout) = try await pair.both(call)
                #expect(legacy.status == 201 && payout.status == 201)
            }
            try await Self.settle(pair)
            #expect(try await Self.difference(of: accounts[150].id, Self.settled, pair) == nil)
        }
    }
}
