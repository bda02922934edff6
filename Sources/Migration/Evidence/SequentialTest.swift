internal import Foundation

/// Wald's sequential probability ratio test of one operation's share of mismatches.
///
/// Good means a share of at most `good` (p₀), bad one of at least `bad` (p₁). After n comparisons with m mismatches the log-likelihood
/// ratio is `m·ln(p₁/p₀) + (n−m)·ln((1−p₁)/(1−p₀))`. It rejects at `ln(1/α)` or above, promotes at `ln β` or below, and holds between.
/// These thresholds lie a little outside of Wald's own (`ln((1−β)/α)`, `ln(β/(1−α))`): with them **P(reject | good) ≤ α** and
/// **P(promote | bad) ≤ β** hold exactly rather than nearly, however often and whenever anybody looks (the ratio, and its inverse, are
/// martingales at p₀ and p₁, and seldom grow by a factor).
///
/// The ratio is worked out from the counts each time, never summed up: the same counts give the same verdict in whatever order they came.
public struct SequentialTest: Sendable, Hashable {
    let perMismatch: Double
    let perMatch: Double
    /// At or above: bad.
    public let rejectFrom: Double
    /// At or below: good.
    public let promoteUpTo: Double

    /// Nil unless 0 < good < bad < 100 % and both risks are above 0 and below 1.
    public init?(good: Share, bad: Share, alpha: Double, beta: Double) {
        guard good > .none, good < bad, bad < .all, alpha > 0, alpha < 1, beta > 0, beta < 1 else { return nil }
        perMismatch = log(bad.fraction / good.fraction)
        perMatch = log1p(-bad.fraction) - log1p(-good.fraction)
        rejectFrom = -log(alpha)
        promoteUpTo = log(beta)
    }

    public func ratio(comparisons: Int, mismatches: Int) -> Double {
        Double(mismatches) * perMismatch + Double(comparisons - mismatches) * perMatch
    }

    /// What the counts say; `comparisons` includes the mismatches.
    public func decision(comparisons: Int, mismatches: Int) -> EvidenceVerdict.Decision {
        let ratio = ratio(comparisons: comparisons, mismatches: mismatches)
        return ratio >= rejectFrom ? .reject : ratio <= promoteUpTo ? .promote : .hold
    }

    /// The least number of comparisons, with so many mismatches among them, that promotes.
    public func comparisonsNeeded(mismatches: Int = 0) -> Int {
        let estimate = (promoteUpTo - Double(mismatches) * perMismatch) / perMatch
        guard estimate < 1e15 else { return Int.max }
        var needed = mismatches + max(0, Int(estimate.rounded(.up)))
        // The division rounds; the decision itself has the last word.
        while decision(comparisons: needed, mismatches: mismatches) != .promote { needed += 1 }
        while needed > mismatches, decision(comparisons: needed - 1, mismatches: mismatches) == .promote { needed -= 1 }
        return needed
    }
}

extension PromotionPolicy {
    /// The test of one operation in one try of a stage (from 1).
    ///
    /// α is shared out over the operations (Bonferroni), since one of them alone can reject a candidate that is good everywhere. β is
    /// not: every operation must pass, so a bad one gets through with its own β at most. Try k may spend only the 2ᵏ-th part of either:
    /// tried again and again, the parts add up to less than α and β, so nobody gets a bad candidate through by asking often.
    public func test(of operation: OperationRates, attempt: Int) -> SequentialTest? {
        // Beyond a thousand tries the part would vanish in a Double; nothing is promoted by then anyway.
        let part = exp2(-Double(min(max(attempt, 1), 1_000)))
        return SequentialTest(
            good: operation.good, bad: operation.bad, alpha: alpha.fraction * part / Double(max(operations.count, 1)),
            beta: beta.fraction * part)
    }

    /// What the first try of a stage takes at the least: comparisons of each operation, none of them a mismatch.
    public func comparisonsNeeded(of operation: OperationRates, attempt: Int = 1) -> Int? {
        test(of: operation, attempt: attempt)?.comparisonsNeeded()
    }
}
