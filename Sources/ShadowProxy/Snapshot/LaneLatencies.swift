public import Verdicts

/// A lane's latencies since the start, in microseconds.
public struct LaneLatencies: Sendable {
    /// Whole answers of whichever side was the primary, and of whichever was the shadow.
    public private(set) var primary = LatencyHistogram()
    public private(set) var shadow = LatencyHistogram()
    /// The same by system.
    public private(set) var legacy = LatencyHistogram()
    public private(set) var candidate = LatencyHistogram()
    /// From the whole request to the whole answer at the caller's socket, less the primary's own time (from socket to socket): what
    /// we add, waiting for the key's turn included. Answers that are streamed are not in it.
    public private(set) var addedByUs = LatencyHistogram()

    mutating func added(microseconds: Int) { addedByUs.record(microseconds: microseconds) }

    mutating func primary(side: Side, microseconds: Int) {
        primary.record(microseconds: microseconds)
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
