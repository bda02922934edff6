public import CaseDesign

/// Takes a failing row back to its defaults as far as it still fails in the same way.
///
/// Values go back from several starts (halves of what differs at once, then one by one in several orders), and the row with the fewest
/// values left wins. Amounts and dates of what is left are then moved towards the default's by halving the way.
public struct Shrinker: Sendable {
    /// Runs a row (with texts for variables) on fresh accounts; nil when it can't be planned.
    public typealias Probe = @Sendable (_ row: CaseRow, _ overriding: [String: String]) async -> FailureSignature?

    public struct Result: Sendable, Hashable {
        public var row: CaseRow
        public var overriding: [String: String]
        /// Rows that were run on the way.
        public var attempts: Int
    }

    private let suite: any RunnableSuite
    private let attemptsMax: Int
    private let orders: Int
    private let seed: UInt64

    public init(suite: any RunnableSuite, attemptsMax: Int = 160, orders: Int = 4, seed: UInt64 = 1) {
        self.suite = suite
        self.attemptsMax = attemptsMax
        self.orders = orders
        self.seed = seed
    }

    /// - Parameter failure: what must persist.
    public func shrink(_ row: CaseRow, failure: FailureSignature, probe: @escaping Probe) async -> Result {
        var attempts = ShrinkAttempts(suite: suite, failure: failure, limit: attemptsMax * 3 / 4, probe: probe)
        var best = await attempts.halves(from: row)
        var generator = SeededOrder(seed)
        for _ in 0..<orders {
            let order = generator.shuffled(Array(row.values.indices))
            let found = await attempts.oneByOne(from: row, order: order)
            if attempts.left(found) < attempts.left(best) { best = found }
        }
        // What the halves gave may still have single values that can go.
        best = await attempts.oneByOne(from: best, order: Array(row.values.indices))
        attempts.limit = attemptsMax
        let overriding = await attempts.adjusted(best)
        return Result(row: best, overriding: overriding, attempts: attempts.count)
    }
}

/// Orders from a seed (SplitMix64), the same in every process.
struct SeededOrder {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var elements = elements
        for index in elements.indices.reversed() where index > 0 {
            elements.swapAt(index, Int(next() % UInt64(index + 1)))
        }
        return elements
    }
}
