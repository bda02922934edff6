import Foundation

/// How large the share of mismatches may be in truth, given what was seen.
///
/// The one-sided upper bound of Clopper and Pearson: the largest rate p at which seeing `k` or fewer of `n` is no less likely than one
/// minus the confidence. It never claims more than the comparisons show: 0 of 100 is 2.95 %, not 0.
enum BinomialBound {
    /// 1 when nothing was compared or everything differed.
    static func upper(_ k: Int, of n: Int, confidence: Double) -> Double {
        guard n > 0, k >= 0, k < n else { return 1 }
        let tail = 1 - confidence
        var low = Double(k) / Double(n)
        var high = 1.0
        // Each step halves the interval; its upper end is taken, so that rounding never makes the bound smaller.
        for _ in 0..<200 {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { break }
            if atMost(k, of: n, rate: middle) > tail { low = middle } else { high = middle }
        }
        return high
    }

    /// How many comparisons without a mismatch bring the bound down to `rate`.
    static func comparisonsNeeded(for rate: Double, confidence: Double) -> Int {
        guard rate > 0, rate < 1, confidence < 1 else { return 1 }
        var needed = max(1, Int((log(1 - confidence) / log1p(-rate)).rounded(.up)))
        while needed > 1, upper(0, of: needed - 1, confidence: confidence) <= rate { needed -= 1 }
        while upper(0, of: needed, confidence: confidence) > rate { needed += 1 }
        return needed
    }

    /// The probability of `k` or fewer of `n`: the regularized incomplete beta function I(1−p; n−k, k+1).
    static func atMost(_ k: Int, of n: Int, rate p: Double) -> Double {
        if p <= 0 || k >= n { return 1 }
        if p >= 1 { return 0 }
        if k == 0 { return exp(Double(n) * log1p(-p)) }
        return incompleteBeta(a: Double(n - k), b: Double(k) + 1, logX: log1p(-p), logY: log(p), x: 1 - p)
    }

    /// `logX` = ln x and `logY` = ln (1 − x), given apart so that rates near 0 lose no digits.
    private static func incompleteBeta(a: Double, b: Double, logX: Double, logY: Double, x: Double) -> Double {
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * logX + b * logY)
        // The continued fraction converges fast on one side of the mean, so the other side is taken by symmetry.
        if x < (a + 1) / (a + b + 2) { return min(1, max(0, front * fraction(a, b, x) / a)) }
        return min(1, max(0, 1 - front * fraction(b, a, exp(logY)) / b))
    }

    /// Lentz's method on the continued fraction of the incomplete beta function.
    private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / kept(1 - (a + b) * x / (a + 1))
        var result = d
        for step in 1...100_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / kept(1 + even * d)
            c = kept(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / kept(1 + odd * d)
            c = kept(1 + odd / c)
            let change = d * c
            result *= change
            if abs(change - 1) < 1e-15 { break }
        }
        return result
    }

    /// `2.951 %`: rounded up in the last place shown, with enough places for small rates.
    static func percent(_ bound: Double) -> String {
        guard bound < 1 else { return "100 %" }
        var places = 3
        var scale = 100_000.0
        while bound * scale < 100, places < 9 {
            places += 1
            scale *= 10
        }
        // What binary fractions add to a round number is not a reason to show more.
        let units = Int((bound * scale * (1 - 1e-12)).rounded(.up))
        let power = Int(scale / 100)
        var text = "\(units / power)." + String(String(units % power + power).dropFirst())
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text + " %"
    }
}
