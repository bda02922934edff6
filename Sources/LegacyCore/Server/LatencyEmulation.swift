import Synchronization

/// How late the old core answers.
public enum LatencyEmulation: Sendable, Hashable {
    /// As fast as the database is.
    case none
    /// Drawn for each answer: mean 250 ms, never above 1.72 s. The same seed gives the same delays in the same order.
    case talk(seed: UInt64)
    case fixed(milliseconds: Int)
}

/// A seeded sequence of delays.
///
/// The distribution is given by its quantiles, straight lines between them: half of the answers within 178 ms, nine of ten within
/// 430 ms, a long tail up to 1.72 s. The areas under the lines add up to a mean of 250 ms.
struct LatencySequence: Sendable {
    private static let quantiles: [(share: UInt64, microseconds: UInt64)] = [
        (0, 38_660), (500_000, 178_000), (900_000, 430_000), (990_000, 950_000), (999_000, 1_400_000), (1_000_000, 1_720_000),
    ]

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The next delay.
    mutating func microseconds() -> UInt64 {
        // SplitMix64; of its 64 bits, a share in billionths.
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        bits ^= bits >> 31
        return LatencySequence.microseconds(atBillionth: UInt64(UInt64(1_000_000_001).multipliedFullWidth(by: bits).high))
    }

    /// The quantile function. `share` of 10⁹ is the maximum.
    static func microseconds(atBillionth share: UInt64) -> UInt64 {
        var from = quantiles[0]
        for to in quantiles.dropFirst() {
            let (lower, upper) = (from.share * 1_000, to.share * 1_000)
            if share <= upper {
                return from.microseconds + (to.microseconds - from.microseconds) * (max(share, lower) - lower) / (upper - lower)
            }
            from = to
        }
        return from.microseconds
    }
}

/// Waits before an answer without holding a thread.
final class LatencySource: Sendable {
    private let emulation: LatencyEmulation
    private let sequence: Mutex<LatencySequence>

    init(_ emulation: LatencyEmulation) {
        self.emulation = emulation
        if case .talk(let seed) = emulation {
            sequence = Mutex(LatencySequence(seed: seed))
        } else {
            sequence = Mutex(LatencySequence(seed: 0))
        }
    }

    /// The next delay; nil where there is none.
    func next() -> Duration? {
        switch emulation {
        case .none: nil
        case .fixed(let milliseconds): milliseconds > 0 ? .milliseconds(milliseconds) : nil
        case .talk: .microseconds(sequence.withLock { Int64($0.microseconds()) })
        }
    }

    /// Cut short when the service shuts down.
    func wait() async {
        if let delay = next() { try? await Task.sleep(for: delay) }
    }
}
