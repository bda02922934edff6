import FixtureGeneration
import Foundation
import InterestContract
import Outbound
import PayoutService
import Reconciliation
import TestKit
import Testing

/// The two services against each other: any difference is a fault of one of them.
@Suite struct AgreementTests {
    /// What is compared of an answer: everything but the ids each service chooses, and of a refusal its status and code.
    private static func comparable(_ answer: OutboundAnswer) -> String {
        guard let document = try? WireJSON(answer.body), var members = document.object else {
            return "\(answer.status) \(String(decoding: answer.body, as: UTF8.self))"
        }
        if answer.status >= 400 {
            return "\(answer.status) \(answer.header("Content-Type") ?? "") \(members["code"]?.string ?? "without code")"
        }
        for id in ["payoutId", "transactionId", "transferId", "closureId"] where members[id]?.string?.isEmpty == false {
            members[id] = .string("an id")
        }
        return "\(answer.status) \(answer.header("Content-Type") ?? "") " + canonical(.object(members))
    }

    /// The same text for the same document, in whatever order its members came.
    private static func canonical(_ document: WireJSON) -> String {
        switch document {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .otherNumber(let text): text
        case .string(let text): "'\(text)'"
        case .array(let elements): "[" + elements.map(canonical).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { "\($0.key)=" + canonical($0.value) }.joined(separator: " ") + "}"
        }
    }

    /// Every corner, or a few accounts that are met again and again.
    private static func accounts(of walk: UInt64) throws -> [FixtureAccount] {
        let all = try FixtureGenerator.accounts(seed: 1, count: 600)
        guard walk % 2 == 0 else { return all }
        var random = SeededGenerator(seed: walk)
        return Array(random.shuffled(all).prefix(25))
    }

    private static var steps: Int { ProcessInfo.processInfo.environment["BANK_WALK_STEPS"].flatMap { Int($0) } ?? 1_500 }
    private static var seeds: [UInt64] {
        ProcessInfo.processInfo.environment["BANK_WALK_SEEDS"]?.split(separator: ",").compactMap { UInt64($0) } ?? [1, 2]
    }

    @Test(arguments: seeds)
    func bothAnswerEverythingAlike(seed: UInt64) async throws {
        let folder = try TemporaryDirectory()
        let accounts = try Self.accounts(of: seed)
        let steps = Self.steps
        try await RunningPair.run(.init(accounts: accounts, folder: folder)) { pair in
            var walk = RandomWalk(seed: seed, accounts: accounts)
            var disagreements = 0
            var statuses: [Int: Int] = [:]
            for step in 0..<steps {
                let call = walk.next()
                let (legacy, payout) = try await pair.both(call)
                statuses[legacy.status, default: 0] += 1
                let (one, other) = (Self.comparable(legacy), Self.comparable(payout))
                guard one != other else { continue }
                disagreements += 1
                Issue.record("seed \(seed), step \(step): \(call)\n  legacy \(one)\n  payout \(other)")
                if disagreements >= 10 { break }
            }
            // The walk must have met what it is there for.
            for status in [200, 201, 400, 404, 409, 422] {
                #expect((statuses[status] ?? 0) > steps / 200, "\(status) came \(statuses[status] ?? 0) times")
            }
            let report = try await Reconciliation(
                legacy: .service(url: pair.legacy), payout: .service(url: pair.payout), waitMilliseconds: 60_000
            ).run()
            #expect(report.isEqual, "\(report.text)")
        }
    }

    /// Not to be seen in answers to one call after another: what is booked or published besides, and what two at once do.
    private static let silentFaults: Set = [
        "journal-unbalanced", "tax-event-lost", "tax-event-twice", "double-pay-when-concurrent",
    ]

    /// Two of each policy: that each fault has its effect is the payout service's own test.
    private static let visibleFaults: [String] = {
        let visible = Faults.all.filter { !silentFaults.contains($0.name) && $0.policy != "delivery" }
        return Dictionary(grouping: visible, by: \.policy).values.flatMap { $0.prefix(2).map(\.name) }.sorted()
    }()

    /// The walk is worth something: it finds the faults that answers show.
    @Test(arguments: visibleFaults)
    func visibleFaultsAreFound(fault: String) async throws {
        let accounts = try Self.accounts(of: 1)
        let found: Int? = try await RunningPair.run(.init(accounts: accounts, faults: [fault])) { pair -> Int? in
            var walk = RandomWalk(seed: 7, accounts: accounts)
            for step in 0..<4_000 {
                let (legacy, payout) = try await pair.both(walk.next())
                if Self.comparable(legacy) != Self.comparable(payout) { return step }
            }
            return nil
        }
        #expect(found != nil)
    }

    /// Two of the same key at once, many of one account at once: paid once, on both sides.
    @Test func oneAccountIsPaidOnceHoweverManyClaim() async throws {
        let opened = try #require(CivilDate("2026-01-01"))
        let account = FixtureAccount(
            customer: .init(id: "C1"), id: "A-1", product: "DEMAND-2", openedOn: opened,
            entries: [.init(bookedOn: opened, valuedOn: opened, amount: 10_000_000)])
        let folder = try TemporaryDirectory()
        try await RunningPair.run(.init(accounts: [account], folder: folder)) { pair in
            for side in [pair.legacy, pair.payout] {
                let answers = try await withThrowingTaskGroup(of: OutboundAnswer.self) { group in
                    for claim in 0..<24 {
                        group.addTask {
                            try await pair.call(
                                side,
                                WireCall(
                                    path: "/v1/accounts/A-1/interest-payouts", at: "2026-03-02T09:00:00+09:00",
                                    key: "k\(claim / 2)",
                                    body: #"{"channel":"ATM"}"#))
                        }
                    }
                    var answers: [OutboundAnswer] = []
                    for try await answer in group { answers.append(answer) }
                    return answers
                }
                // The winner's key was sent twice, and answered the same both times.
                let paid = answers.filter { $0.status == 201 }
                #expect(paid.count == 2 && Set(paid.map(\.body)).count == 1, "\(side)")
                #expect(answers.filter { $0.status == 409 }.count == 22, "\(side)")
            }
            let report = try await Reconciliation(legacy: .service(url: pair.legacy), payout: .service(url: pair.payout)).run()
            #expect(report.isEqual, "\(report.text)")
        }
    }
}
