import InterestContract
import Testing

@testable import PayoutService

/// Each fault changes what it says, and nothing else: a probe it answers otherwise, and the probes of all others, which it answers as the plain
/// service does.
@Suite struct FaultTests {
    struct Probe: Sendable, CustomTestStringConvertible {
        var fault: String
        var account: FixtureAccount
        /// What is done, and what of it is looked at.
        var ask: @Sendable (Bank) async throws -> String
        var plain: String
        var faulty: String
        /// Other faults whose mistake shows in this probe too.
        var alsoSeenBy: Set<String> = []
        var testDescription: String { fault }
    }

    private static func figures(_ answer: Bank.Answer) -> String {
        answer.code ?? [answer.gross, answer["incomeTax"], answer["localIncomeTax"]].map { "\($0 ?? -1)" }.joined(separator: " ")
    }

    private static let preview: @Sendable (Bank) async throws -> String = { figures(try await $0.preview()) }

    static let probes: [Probe] = [
        // 2 000 000 earn 109.589… a day.
        Probe(
            fault: "round-half-up", account: Fixture.account(2_000_000, tax: .exempt), ask: preview, plain: "109 0 0",
            faulty: "110 0 0"),
        Probe(
            fault: "tier-inclusive", account: Fixture.account(100_000_000, product: "TIER-100", tax: .exempt), ask: preview,
            plain: "5479 0 0", faulty: "273 0 0"),
        Probe(
            fault: "truncate-per-day", account: Fixture.account(2_000_000, tax: .exempt, lastPaidOn: "2026-02-26"), ask: preview,
            plain: "438 0 0", faulty: "436 0 0"),
        Probe(
            fault: "pots-not-pooled", account: Fixture.account(18_250_000, tax: .exempt, pots: [18_250_000]), ask: preview,
            plain: "2000 0 0", faulty: "1000 0 0"),
        Probe(
            fault: "year-366-in-leap-years",
            account: Fixture.account(36_600_000, tax: .exempt, openedOn: "2023-01-01", lastPaidOn: "2024-03-01"),
            ask: { figures(try await $0.preview(at: "2024-03-02T12:00:00+09:00")) }, plain: "2005 0 0", faulty: "2000 0 0"),
        // 650 won: 14 % = 91 → 90, a tenth of it 9 → 0; 15.4 % at once = 100.1 → 100.
        Probe(
            fault: "tax-on-combined-rate", account: Fixture.account(11_862_500), ask: preview, plain: "650 90 0",
            faulty: "650 90 10"),
        Probe(
            fault: "deposit-freeze-ignored", account: Fixture.account(18_250_000, tax: .exempt) { $0.depositFreeze = true },
            ask: preview,
            plain: "DEPOSIT_FROZEN", faulty: "1000 0 0"),
        Probe(
            fault: "withdrawal-freeze-refuses-credit",
            account: Fixture.account(18_250_000, tax: .exempt) { $0.withdrawalFreeze = true },
            ask: preview, plain: "1000 0 0", faulty: "WITHDRAWAL_FROZEN"),
        Probe(
            fault: "cache-not-dropped-on-deposit", account: Fixture.account(18_250_000, tax: .exempt),
            ask: { bank in
                _ = try await bank.preview()
                _ = try await bank.transact(.deposit, 18_250_000, valueDate: "2026-03-01")
                return figures(try await bank.preview())
            }, plain: "2000 0 0", faulty: "1000 0 0"),
        Probe(
            fault: "reply-without-posting", account: Fixture.account(18_250_000, tax: .exempt),
            ask: { bank in
                let paid = try await bank.pay()
                return "\(paid.status) \(paid["balanceAfter"] ?? 0) \(try await bank.account()["balance"] ?? 0)"
            }, plain: "201 18251000 18251000", faulty: "201 18251000 18250000"),
        Probe(
            fault: "held-amount-forgotten", account: Fixture.account(18_250_000, tax: .exempt) { $0.state = .seized },
            ask: { "\(try await $0.pay()["heldAmount"] ?? -1)" }, plain: "1000", faulty: "0"),
        Probe(
            fault: "last-paid-not-moved", account: Fixture.account(18_250_000, tax: .exempt),
            ask: { bank in
                _ = try await bank.pay(at: "2026-03-02T12:00:00+09:00")
                return figures(try await bank.preview(at: "2026-03-04T12:00:00+09:00"))
            }, plain: "2000 0 0", faulty: "3000 0 0", alsoSeenBy: ["reply-without-posting"]),
        Probe(
            fault: "idempotency-key-ignored", account: Fixture.account(18_250_000, tax: .exempt),
            ask: { bank in
                _ = try await bank.transact(.deposit, 7, key: "k")
                return "\(try await bank.transact(.deposit, 7, key: "k")["balanceAfter"] ?? 0)"
            }, plain: "18250007", faulty: "18250014"),
        Probe(
            fault: "utc-date", account: Fixture.account(18_250_000, tax: .exempt),
            ask: { figures(try await $0.preview(at: "2026-03-02T00:30:00+09:00")) }, plain: "1000 0 0",
            faulty: "ALREADY_PAID_TODAY"),
    ]

    @Test(arguments: probes) func aFaultAnswersItsProbeWrongAndItAlone(_ probe: Probe) async throws {
        for name in [nil] + Faults.all.map({ Optional($0.name) }) {
            var options = Bank.Options()
            options.faults = name.map { [$0] } ?? []
            try await Bank.open([probe.account], options) { bank in
                let answer = try await probe.ask(bank)
                if name == probe.fault {
                    #expect(answer == probe.faulty, "\(name ?? "plain")")
                } else if let name, probe.alsoSeenBy.contains(name) {
                    #expect(answer != probe.plain, "\(name)")
                } else {
                    #expect(answer == probe.plain, "\(name ?? "plain")")
                }
            }
        }
    }

    @Test func everyFaultHasAProbeAndANameOfItsOwn() {
        #expect(Set(FaultTests.probes.map(\.fault)) == Set(Faults.all.map(\.name)))
        #expect(Set(Faults.all.map(\.name)).count == Faults.all.count)
        #expect(Faults.all.allSatisfy { !$0.about.isEmpty && Fault.Policy(rawValue: $0.policy) != nil })
    }

    @Test func anUnknownFaultIsRefusedWithTheList() {
        do {
            _ = try Faults.apply(["round-half-up", "nonsense"])
            Issue.record("nonsense was taken for a fault")
        } catch {
            #expect(error.description.contains("`nonsense`"))
            for fault in Faults.all { #expect(error.description.contains(fault.name)) }
        }
    }
}
