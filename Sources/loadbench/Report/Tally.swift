import Histogram
import NIOCore

/// Counts and latencies of a run under way.
struct Tally {
    let warmUpRequests: Int
    private(set) var sent = 0
    private(set) var answered = 0
    private(set) var failed = 0
    private(set) var warmUpSent = 0
    private(set) var warmUpAnswered = 0
    /// Connections that the target closed.
    private(set) var lost = 0
    private(set) var failures: [FailureKind: Int] = [:]
    /// By hundreds of the status, 1 to 9; the rest is not HTTP's.
    private(set) var statuses = [Int](repeating: 0, count: 10)
    /// Nanoseconds from when each was due (sent, in a closed loop) to the answer's last byte.
    private(set) var latency = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    /// Nanoseconds from when each was due to when it was sent: waiting for a connection, and what the generator itself is late.
    private(set) var lateness = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    private(set) var began: NIODeadline = .uptimeNanoseconds(0)
    private(set) var lastAnswer: NIODeadline = .uptimeNanoseconds(0)

    init(warmUpRequests: Int) { self.warmUpRequests = warmUpRequests }

    /// When the figures begin: after the warm-up.
    mutating func begin(at instant: NIODeadline) {
        began = instant
        lastAnswer = instant
    }

    mutating func sent(_ request: PendingRequest) {
        guard request.number >= warmUpRequests else {
            warmUpSent += 1
            return
        }
        sent += 1
        lateness.record(UInt64(max(0, (request.sent - request.from).nanoseconds)))
    }

    mutating func answered(_ request: PendingRequest, status: Int, at now: NIODeadline) {
        guard request.number >= warmUpRequests else {
            warmUpAnswered += 1
            return
        }
        answered += 1
        statuses[min(9, max(0, status / 100))] += 1
        latency.record(UInt64(max(0, (now - request.from).nanoseconds)))
        lastAnswer = max(lastAnswer, now)
    }

    mutating func failed(_ number: Int, _ cause: FailureKind) {
        guard number >= warmUpRequests else { return }
        failed += 1
        failures[cause, default: 0] += 1
    }

    mutating func lostConnection() { lost += 1 }
}
