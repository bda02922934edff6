public import Verdicts

/// A lane's latencies since the start, in microseconds.
public struct LaneLatencies: Sendable {
    /// Whole answers of whichever side was the primary, and of whichever was the shadow.
    public private(set) var primary = LatencyHistogram()
    public private(set) var shadow = LatencyHistogram()
    /// The same by system.
    public private(set) var legacy = LatencyHistogram()
    public private(set) var candidate = LatencyHistogram()
    /// From the whole request to the whole answer as the caller's lane has it, less the primary's own time: what we add,
    /// waiting for the key's turn included.
    public private(set) var addedByUs = LatencyHistogram()

    mutating func primary(side: Side, microseconds: Int, whole: Int) {
        primary.record(microseconds: microseconds)
        addedByUs.record(microseconds: whole - microseconds)
        if side == .legacy { legacy.record(microseconds: microseconds) } else { candidate.record(microseconds: microseconds) }
    }

    mutating func shadow(side: Side, microseconds: Int) {
        shadow.record(microseconds: microseconds)
        if side == .legacy { legacy.record(microseconds: microseconds) } else { candidate.record(microseconds: microseconds) }
    }

    mutating func merge(_ other: LaneLatencies) {
        primary.merge(other.primary)
        shadow.merge(other.shadow)
        legacy.merge(other.legacy)
        candidate.merge(other.candidate)
        addedByUs.merge(other.addedByUs)
    }
}
