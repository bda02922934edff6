/// SplitMix64: the same seed gives the same numbers on every platform and with every compiler.
///
/// The standard library's own `random(in:using:)` and `shuffled(using:)` promise no algorithm, so files that must repeat byte
/// for byte draw through the methods here.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 ..< bound. `bound` must be positive.
    public mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "a draw needs at least one outcome")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    public mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// True in `percent` of a hundred draws.
    public mutating func chance(percent: Int) -> Bool { below(100) < percent }

    /// `elements` must not be empty.
    public mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// Draws by weight. Weights are not negative and not all zero.
    public mutating func pick<Element>(weighted elements: [(Element, weight: Int)]) -> Element {
        var rest = below(elements.reduce(0) { $0 + $1.weight })
        for (element, weight) in elements {
            if rest < weight { return element }
            rest -= weight
        }
        preconditionFailure("weights changed while drawing")
    }

    /// Fisher–Yates.
    public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var deck = elements
        for end in stride(from: deck.count - 1, to: 0, by: -1) { deck.swapAt(end, below(end + 1)) }
        return deck
    }
}
