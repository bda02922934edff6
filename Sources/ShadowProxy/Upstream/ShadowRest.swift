/// Whether a side is asked as a shadow now. One that fails call after call, or has more waiting for it than is held, is let rest: what
/// it cannot do well must cost the callers nothing. After the rest one request tries it; its answer ends the rest, its failure begins
/// the next. What the shadow is not asked is shed: a write goes to the catch-up as any that it missed.
struct ShadowRest {
    /// Failures in a row.
    static let failuresMax = 5
    static let restMs = 500

    private enum State: Equatable {
        case asking
        /// Until that tick of the wheel.
        case resting(UInt64)
        /// One request is out since that tick.
        case trying(UInt64)
    }

    private var state = State.asking
    private var failuresInARow = 0
    private let restTicks: UInt64

    init(tickMs: Int) { restTicks = UInt64(max(1, Self.restMs / max(1, tickMs))) }

    var isResting: Bool { state != .asking }

    /// - Parameter now: the wheel's tick.
    mutating func mayAsk(at now: UInt64) -> Bool {
        switch state {
        case .asking: return true
        case .resting(let end): if now < end { return false }
        // A try without a result (it is slow, or was given up) is followed by another.
        case .trying(let start): if now < start &+ 2 &* restTicks { return false }
        }
        state = .trying(now)
        return true
    }

    /// It answered, whatever it said.
    mutating func answered() {
        failuresInARow = 0
        if case .trying = state { state = .asking }
    }

    /// True when this begins a rest of a shadow that was asked before.
    mutating func failed(at now: UInt64) -> Bool {
        failuresInARow += 1
        switch state {
        case .resting: return false
        case .trying:
            state = .resting(now &+ restTicks)
            return false
        case .asking:
            guard failuresInARow >= Self.failuresMax else { return false }
            state = .resting(now &+ restTicks)
            return true
        }
    }

    /// More waits for it than may. True when this begins a rest of a shadow that was asked before.
    mutating func overrun(at now: UInt64) -> Bool {
        guard state == .asking else { return false }
        state = .resting(now &+ restTicks)
        return true
    }
}
