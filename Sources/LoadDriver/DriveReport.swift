/// What became of a run.
public struct DriveReport: Sendable, Hashable, Codable {
    public var target: String
    public var seed: UInt64
    public var runID: String
    /// Requests of the plan, and those that were sent before the run ended or was stopped.
    public var planned: Int
    public var sent: Int
    public var answered: Int
    public var stopped: Bool
    public var elapsedMilliseconds: Int
    public var businessFrom: String
    public var businessTo: String
    /// Answers by status (`201`), refusals by status and code (`409 ALREADY_PAID_TODAY`).
    public var answers: [String: Int]
    /// Requests without an answer, by cause (`timedOut`, `refused`, …).
    public var failures: [String: Int]
    /// Answers of 2xx: each of them moved money or showed it.
    public var moneyAnswers: Int
    public var calls: [Calls]
    /// From the moment a request was due to the last byte of its answer.
    public var latency: Percentiles
    /// From handing a request to the HTTP client, so without the wait for a free connection.
    public var fromSending: Percentiles
    /// How far the driver itself fell behind its plan at worst.
    public var lateMaxMicroseconds: UInt64

    public struct Calls: Sendable, Hashable, Codable {
        public var kind: CallKind
        public var answers: [String: Int]
        public var failures: [String: Int]
        public var latency: Percentiles
    }

    /// Microseconds, at three significant digits.
    public struct Percentiles: Sendable, Hashable, Codable {
        public var count: UInt64
        public var mean: UInt64
        public var p50: UInt64
        public var p90: UInt64
        public var p99: UInt64
        public var p999: UInt64
        public var max: UInt64
    }

    public var failed: Int { failures.values.reduce(0, +) }
    public var requestsPerSecond: Int { elapsedMilliseconds > 0 ? sent * 1_000 / elapsedMilliseconds : 0 }
    /// Of a thousand answers, those that moved or showed money.
    public var moneyPerMille: Int { answered > 0 ? moneyAnswers * 1_000 / answered : 0 }
}

/// How far a run has come.
public struct DriveProgress: Sendable, Hashable {
    public var planned: Int
    public var sent: Int
    public var answered: Int
    public var failed: Int
    public var elapsedMilliseconds: Int
    public var lengthMilliseconds: Int
    /// The 99th percentile so far, in microseconds.
    public var p99: UInt64
}
