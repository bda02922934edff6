/// What a run sends, where and how fast.
struct LoadPlan: Sendable {
    enum Pace: Sendable {
        /// Open loop: each request is due at its instant and its latency counts from there, whether a connection is free or not.
        /// Those due within the warm-up are sent and left out of the figures.
        case due(DueInstants, warmUpMilliseconds: Int)
        /// Closed loop: so many requests, each connection's next one when it has the answer.
        case closed(requests: Int)
        /// Nothing for so long, with the connections open.
        case hold(milliseconds: Int)
    }

    var target: Endpoint
    var connections: Int
    var pace: Pace
    var composer: RequestComposer
    /// How long an answer may take, and how long the run waits at its end.
    var timeoutMilliseconds = 10_000
    /// Each connection sends a request of its own first, outside of the figures, so that its peer knows it for a caller's.
    var greets = false
    /// Called on the event loop when all connections are open (and have greeted) and the run begins.
    var ready: (@Sendable () -> Void)?

    var requests: Int {
        switch pace {
        case .due(let instants, _): instants.count
        case .closed(let requests): requests
        case .hold: 0
        }
    }

    /// The first requests, which are no part of the figures.
    var warmUpRequests: Int {
        switch pace {
        case .due(let instants, let milliseconds): instants.due(by: milliseconds * 1_000_000 - 1)
        case .closed, .hold: 0
        }
    }
}
