/// How one key changes sides: only when nothing of it is under way on either side and nothing waits to be caught up. Until then its
/// reads go on where it is, and its writes wait, bounded in number and time; only then are they refused.
///
/// A value that says what to do; whoever owns the key's queues does it. "Drained" means both: queues empty and catch-up empty.
public struct KeyHandOver: Sendable, Hashable {
    /// What to do next. `release` and `refuse` are about all writes that wait, in their order.
    public enum Action: Sendable, Hashable {
        case none
        /// Send the write to this side now.
        case send(AnsweringSide)
        /// Keep the write, behind those that wait already. `startingTimer`: it is the first, its wait is to be bounded from now.
        case wait(startingTimer: Bool)
        /// Answer this write 503 with `Retry-After`: too many wait, or they have waited too long.
        case refuse
        /// The key is on this side from now on: send the waiting writes there, and stop the timer.
        case release(to: AnsweringSide)
        /// Answer all waiting writes 503 with `Retry-After`.
        case refuseWaiting
    }

    private enum State: Sendable, Hashable {
        case settled
        /// Drains before it goes to the other side; `hasExpired` once writes have waited too long, from when on they are refused.
        case leaving(waiting: Int, hasExpired: Bool)
    }

    /// Where the key is: its reads go there, always.
    public private(set) var side: AnsweringSide
    private var state = State.settled
    public let waitingMax: Int

    public init(side: AnsweringSide, waitingMax: Int = 32) {
        self.side = side
        self.waitingMax = max(0, waitingMax)
    }

    public var isLeaving: Bool { state != .settled }

    public var waiting: Int { if case .leaving(let waiting, _) = state { waiting } else { 0 } }

    /// The table now places the key on `target`. `isDrained`: nothing of it is under way or to be caught up at this moment.
    public mutating func placementChanged(to target: AnsweringSide, isDrained: Bool) -> Action {
        switch state {
        case .settled:
            if target == side { return .none }
            if isDrained {
                side = target
                return .release(to: side)
            }
            state = .leaving(waiting: 0, hasExpired: false)
            return .none
        case .leaving:
            // Called back before it left: what waits goes where the key still is.
            if target == side { return settle(on: side) }
            return isDrained ? settle(on: target) : .none
        }
    }

    public mutating func queueDrained() -> Action {
        if case .leaving = state { return settle(on: side.other) }
        return .none
    }

    public mutating func writeArrived() -> Action {
        switch state {
        case .settled: return .send(side)
        case .leaving(let waiting, let hasExpired):
            if hasExpired || waiting >= waitingMax { return .refuse }
            state = .leaving(waiting: waiting + 1, hasExpired: false)
            return .wait(startingTimer: waiting == 0)
        }
    }

    /// The first waiting write has waited as long as it may.
    public mutating func waitExpired() -> Action {
        guard case .leaving(let waiting, false) = state, waiting > 0 else { return .none }
        state = .leaving(waiting: 0, hasExpired: true)
        return .refuseWaiting
    }

    private mutating func settle(on target: AnsweringSide) -> Action {
        side = target
        state = .settled
        return .release(to: side)
    }
}
