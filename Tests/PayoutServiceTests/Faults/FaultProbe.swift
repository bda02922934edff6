import InterestContract
import Testing

@testable import PayoutService

/// A few calls that a fault answers, or books, otherwise than the plain service.
struct FaultProbe: Sendable, CustomTestStringConvertible {
    var fault: String
    var accounts: [FixtureAccount]
    /// What the rules say, and what the fault makes of it.
    var plain: String
    var faulty: String
    /// What is done, and what of it is looked at.
    var ask: @Sendable (Bank) async throws -> String

    var testDescription: String { fault }

    init(
        _ fault: String, _ accounts: FixtureAccount..., plain: String, faulty: String,
        ask: @escaping @Sendable (Bank) async throws -> String = { figures(try await $0.preview()) }
    ) {
        self.fault = fault
        self.accounts = accounts
        self.plain = plain
        self.faulty = faulty
        self.ask = ask
    }

    static let all = money + standing + books + repetition

    /// 18 250 000 earn 1 000 a day, untaxed.
    static func thousandADay(_ change: (inout FixtureAccount) -> Void = { _ in }) -> FixtureAccount {
        Fixture.account(18_250_000, tax: .exempt, change: change)
    }

    static func figures(_ answer: Bank.Answer) -> String {
        answer.code ?? [answer.gross, answer["incomeTax"], answer["localIncomeTax"]].map { "\($0 ?? -1)" }.joined(separator: " ")
    }

    /// The status of a success, the code of a refusal.
    static func outcome(_ answer: Bank.Answer) -> String { answer.code ?? "\(answer.status)" }

    static func nextDay(_ bank: Bank) async throws -> String {
        figures(try await bank.preview(at: "2026-03-03T12:00:00+09:00"))
    }

    static func balance(_ bank: Bank) async throws -> String { "\(try await bank.account()["balance"] ?? -1)" }
}
