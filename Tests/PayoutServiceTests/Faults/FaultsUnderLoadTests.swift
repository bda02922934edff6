import InterestContract
import Testing

@testable import PayoutService

/// A fault that acts only while the service answers many payouts itself.
@Suite struct FaultsUnderLoadTests {
    /// 2 000 000 earn 109.589… a day.
    private static let accounts = (0..<60).map { Fixture.account(2_000_000, id: "A\($0)", tax: .exempt) }

    @Test func mirroredPayoutsAreNoLoadAndOwnOnesAre() async throws {
        var options = Bank.Options()
        options.faults = ["round-half-up"]
        options.configure = { $0.faultsAbove = 3 }
        try await Bank.open(Self.accounts, options) { bank in
            for account in 0..<8 {
                let mirrored = try await bank.pay("A\(account)", mode: "mirror")
                #expect(mirrored.gross == 109)
            }
            let before = try await bank.preview("A59")
            #expect(before.gross == 109)
            // Within a second: on a slow machine only one of the tries may be.
            var seen: Set<Int64?> = []
            for round in 1...5 where !seen.contains(110) {
                await withTaskGroup(of: Void.self) { group in
                    for account in 0..<6 { group.addTask { _ = try? await bank.pay("A\(round * 8 + account)") } }
                }
                // Each time another: a preview that was shown is kept.
                seen.insert(try await bank.preview("A\(53 + round)").gross)
            }
            #expect(seen.contains(110))
        }
    }

    @Test func upToTheNumberNothingIsWrong() async throws {
        var options = Bank.Options()
        options.faults = ["round-half-up"]
        options.configure = { $0.faultsAbove = 3 }
        try await Bank.open(Self.accounts, options) { bank in
            for account in 0..<3 {
                let paid = try await bank.pay("A\(account)")
                #expect(paid.gross == 109)
            }
            let after = try await bank.preview("A59")
            #expect(after.gross == 109)
        }
    }

    @Test(arguments: ["reply-without-posting", "tax-event-lost", "utc-date", "carry-the-fraction"])
    func whatIsNotComputedAtOnceCannotWait(fault: String) {
        #expect(throws: FaultRefusal.self) { try Faults.apply([fault], above: 1) }
        #expect(Faults.refusal(ofLoadFor: [fault])?.description.contains(fault) == true)
        #expect(Faults.refusal(ofLoadFor: ["round-half-up", "tier-inclusive"]) == nil)
    }
}
