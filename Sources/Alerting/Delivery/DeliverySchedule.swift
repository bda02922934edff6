/// When a notice is tried again, and when it is given up.
public enum DeliverySchedule {
    /// Seconds before each attempt, from the one before it; the first goes at once.
    public static let delaysSeconds: [Int64] = [0, 5, 30, 120, 300, 1_800, 7_200, 18_000, 36_000]
    /// A receiver's `Retry-After` is honoured up to a day.
    public static let retryAfterSecondsMax: Int64 = 86_400

    /// What an attempt met.
    public enum Outcome: Sendable, Equatable {
        case delivered(String)
        /// Worth another try; `retryAfterSeconds` as the receiver asked.
        case failed(String, retryAfterSeconds: Int64?)
        /// Never to be accepted: it would only be refused again.
        case refused(String)
        /// The receiver is no more: neither this nor any other will be accepted.
        case gone(String)

        /// What the receiver or the way there said.
        public var text: String {
            switch self {
            case .delivered(let text), .failed(let text, _), .refused(let text), .gone(let text): text
            }
        }
    }

    public enum Next: Sendable, Equatable {
        case delivered
        /// Microseconds from now.
        case again(afterMicroseconds: Int64)
        case dead
    }

    /// - Parameters:
    ///   - attempts: made so far, this one included.
    ///   - jitterPermille: −200 … 200, drawn by the caller.
    public static func next(after outcome: Outcome, attempts: Int, jitterPermille: Int64) -> Next {
        switch outcome {
        case .delivered: return .delivered
        case .refused, .gone: return .dead
        case .failed(_, let retryAfter):
            guard attempts < delaysSeconds.count else { return .dead }
            let delay = delaysSeconds[max(attempts, 0)] * (1_000_000 + 1_000 * min(max(jitterPermille, -200), 200))
            let asked = min(retryAfter ?? 0, retryAfterSecondsMax) * 1_000_000
            return .again(afterMicroseconds: max(delay, asked))
        }
    }

    /// What an HTTP status means for a delivery. Redirects are not followed: a notice goes where it was configured to go.
    public static func outcome(status: Int, retryAfterSeconds: Int64?) -> Outcome {
        switch status {
        case 200..<300: .delivered("HTTP \(status)")
        case 408, 425, 429, 500..<600: .failed("HTTP \(status)", retryAfterSeconds: retryAfterSeconds)
        case 300..<400: .refused("HTTP \(status): redirects are not followed; configure the final address")
        case 410: .gone("HTTP 410: the receiver is gone for good")
        default: .refused("HTTP \(status)")
        }
    }
}
