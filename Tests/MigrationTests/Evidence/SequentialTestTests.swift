import Foundation
import Testing

@testable import Migration

@Suite("The sequential test")
struct SequentialTestTests {
    private func test(_ good: Int, _ bad: Int, _ alpha: Double, _ beta: Double) throws -> SequentialTest {
        try #require(SequentialTest(good: SamplePlans.share(good), bad: SamplePlans.share(bad), alpha: alpha, beta: beta))
    }

    /// Worked out by hand with logarithms to ten places: good, bad, α, β, comparisons, mismatches, and what they say.
    ///
    /// 1 % against 5 %: a mismatch adds ln 5 = 1.6094379124, a match ln(0.95/0.99) = −0.0412429586; α = 5 % rejects from ln 20 =
    /// 2.9957322736, β = 5 % promotes at −2.9957322736: 72.64 matches.
    /// 0.1 % against 1 %: ln 10 = 2.3025850930, ln(0.99/0.999) = −0.0090498355; β = 1 % is −4.6051701860: 508.87 matches.
    static let cases: [(Int, Int, Double, Double, comparisons: Int, mismatches: Int, EvidenceVerdict.Decision)] = [
        (1_000, 5_000, 0.05, 0.05, 0, 0, .hold),
        (1_000, 5_000, 0.05, 0.05, 72, 0, .hold), (1_000, 5_000, 0.05, 0.05, 73, 0, .promote),
        // A mismatch costs 39.02 matches more.
        (1_000, 5_000, 0.05, 0.05, 112, 1, .hold), (1_000, 5_000, 0.05, 0.05, 113, 1, .promote),
        // 2 · 1.6094 = 3.2189 leaves 5.41 matches until it is below the threshold.
        (1_000, 5_000, 0.05, 0.05, 1, 1, .hold), (1_000, 5_000, 0.05, 0.05, 2, 2, .reject),
        (1_000, 5_000, 0.05, 0.05, 7, 2, .reject), (1_000, 5_000, 0.05, 0.05, 8, 2, .hold),
        (100, 1_000, 0.05, 0.01, 508, 0, .hold), (100, 1_000, 0.05, 0.01, 509, 0, .promote),
        (100, 1_000, 0.05, 0.01, 764, 1, .hold), (100, 1_000, 0.05, 0.01, 765, 1, .promote),
        // 2 · 2.3026 − 2.9957 = 1.6094 is 177.8 matches.
        (100, 1_000, 0.05, 0.01, 179, 2, .reject), (100, 1_000, 0.05, 0.01, 180, 2, .hold),
    ]

    @Test("counts on either side of each threshold say what was worked out by hand", arguments: cases.indices)
    func byHand(index: Int) throws {
        let (good, bad, alpha, beta, comparisons, mismatches, decision) = Self.cases[index]
        let test = try test(good, bad, alpha, beta)
        #expect(test.decision(comparisons: comparisons, mismatches: mismatches) == decision)
    }

    @Test("the ratio is the sum of what each comparison adds")
    func ratio() throws {
        let test = try test(1_000, 5_000, 0.05, 0.05)
        #expect(abs(test.ratio(comparisons: 10, mismatches: 3) - (3 * 1.6094379124 - 7 * 0.0412429586)) < 1e-8)
        #expect(abs(test.rejectFrom - 2.9957322736) < 1e-9)
        #expect(abs(test.promoteUpTo + 2.9957322736) < 1e-9)
    }

    @Test("a comparison less than needed holds, with any number of mismatches", arguments: [0, 1, 2, 17, 400])
    func needed(mismatches: Int) throws {
        for (good, bad) in [(100, 1_000), (1, 2), (49_998, 49_999), (1, 99_999), (10_000, 30_000)] {
            let test = try test(good, bad, 0.05, 0.01)
            let needed = test.comparisonsNeeded(mismatches: mismatches)
            #expect(test.decision(comparisons: needed, mismatches: mismatches) == .promote)
            if needed > mismatches {
                #expect(test.decision(comparisons: needed - 1, mismatches: mismatches) != .promote)
            }
        }
    }

    @Test(
        "what can't be told apart is no test",
        arguments: [(0, 1, 0.05), (5, 5, 0.05), (6, 5, 0.05), (1, 100_000, 0.05), (1, 2, 0), (1, 2, 1), (1, 2, Double.nan)])
    func refused(good: Int, bad: Int, risk: Double) {
        let goodShare = SamplePlans.share(good)
        let badShare = SamplePlans.share(bad)
        #expect(SequentialTest(good: goodShare, bad: badShare, alpha: risk, beta: 0.05) == nil)
        #expect(SequentialTest(good: goodShare, bad: badShare, alpha: 0.05, beta: risk) == nil)
    }

    @Test("α is shared out over operations, β is not, and each try has half of the one before")
    func parts() throws {
        var policy = SamplePlans.policy
        let rates = policy.operations[0]
        let alone = try #require(policy.test(of: rates, attempt: 1))
        #expect(abs(alone.rejectFrom - log(1 / 0.025)) < 1e-12)
        #expect(abs(alone.promoteUpTo - log(0.005)) < 1e-12)
        policy.operations = (0..<4).map { OperationRates(name: "o\($0)", good: rates.good, bad: rates.bad) }
        let ofFour = try #require(policy.test(of: rates, attempt: 3))
        #expect(abs(ofFour.rejectFrom - log(4 * 8 / 0.05)) < 1e-12)
        #expect(abs(ofFour.promoteUpTo - log(0.01 / 8)) < 1e-12)
        for attempt in [0, -5, 1_000, Int.max] { #expect(policy.test(of: rates, attempt: attempt) != nil) }
    }
}
