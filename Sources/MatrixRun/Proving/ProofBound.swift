/// What a number of faults, all seen, says about faults that were not seeded.
public enum ProofBound {
    /// If each fault of the kind were seen with probability p, independently, n of n would be seen with probability pⁿ. With 95 %
    /// confidence p is at least the value at which that is 5 %: the n-th root of 0.05.
    public static func lowest(seen count: Int) -> Double? {
        guard count > 0 else { return nil }
        // The n-th root by Newton's method: no import for one function, and exact to the last places.
        let target = 0.05
        var root = 1.0
        for _ in 0..<200 {
            var power = 1.0
            for _ in 0..<(count - 1) { power *= root }
            let next = root - (power * root - target) / (Double(count) * power)
            if next == root || !next.isFinite { break }
            root = next
        }
        return root
    }

    /// One sentence, with one place, rounded down.
    public static func sentence(missed: Int, of count: Int) -> String {
        guard missed == 0 else { return "\(missed) of \(count) faults were missed: no bound holds." }
        guard let lowest = lowest(seen: count) else { return "No fault was tried: no bound holds." }
        let thousandths = Int(lowest * 1_000)
        return
            "0 missed of \(count): with 95 % confidence at least \(thousandths / 10).\(thousandths % 10) % of faults like these are seen "
            + "(0.05 to the power of 1/\(count); the rule of thumb is 1 − 3/n)."
    }
}
