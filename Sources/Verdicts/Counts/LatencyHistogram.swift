/// Latencies of one lane in log-linear buckets: microseconds, exact below 1024, then within 0.1 % (three digits), up to 60 s;
/// longer ones count as 60 s. Its memory is taken once; recording takes none.
public struct LatencyHistogram: Sendable {
    public static let microsecondsMax = 60_000_000
    private static let linear = 1_024
    /// 16 doublings of 512 buckets each lead from 1 024 µs beyond 60 s.
    private static let buckets = linear + 16 * 512

    private var cells: [UInt64]
    public private(set) var count = 0
    public private(set) var sumMicroseconds = 0

    public init() { cells = [UInt64](repeating: 0, count: Self.buckets) }

    public mutating func record(microseconds: Int) {
        let value = min(max(0, microseconds), Self.microsecondsMax)
        cells[Self.bucket(value)] &+= 1
        count &+= 1
        sumMicroseconds &+= value
    }

    public mutating func merge(_ other: LatencyHistogram) {
        for index in cells.indices { cells[index] &+= other.cells[index] }
        count &+= other.count
        sumMicroseconds &+= other.sumMicroseconds
    }

    /// The value that `perMille` thousandths of the recordings do not exceed, in microseconds (the upper edge of its bucket);
    /// 0 when nothing was recorded. `percentile(perMille: 999)` is p99.9.
    public func percentile(perMille: Int) -> Int {
        guard count > 0 else { return 0 }
        let wanted = max(1, (count * min(max(0, perMille), 1_000) + 999) / 1_000)
        var seen = 0
        for index in cells.indices {
            seen += Int(cells[index])
            if seen >= wanted { return min(Self.upperEdge(index), Self.microsecondsMax) }
        }
        return Self.microsecondsMax
    }

    /// For Prometheus: how many recordings lie at or below each bound (microseconds, rising). A bound inside a bucket counts the
    /// whole bucket only if its upper edge lies below.
    public func cumulative(boundsMicroseconds: [Int]) -> [Int] {
        var result: [Int] = []
        var seen = 0
        var index = 0
        for bound in boundsMicroseconds {
            while index < cells.count, Self.upperEdge(index) <= bound {
                seen += Int(cells[index])
                index += 1
            }
            result.append(seen)
        }
        return result
    }

    private static func bucket(_ value: Int) -> Int {
        guard value >= linear else { return value }
        let shift = (Int.bitWidth - 1 - value.leadingZeroBitCount) - 9
        return linear + (shift - 1) * 512 + (value >> shift) - 512
    }

    private static func upperEdge(_ index: Int) -> Int {
        guard index >= linear else { return index }
        let shift = (index - linear) / 512 + 1
        let mantissa = (index - linear) % 512 + 512
        return (mantissa + 1) << shift - 1
    }
}
