/// One distribution of latencies, in microseconds.
public struct LatencyReport: Codable, Sendable {
    public enum Subject: String, Codable, Sendable, CaseIterable {
        /// From the request's last byte to the answer's last byte.
        case legacy
        case candidate
        /// What a caller waits longer than the answering side took.
        case added
    }

    public var subject: Subject
    public var count: Int
    public var p50: Int
    public var p90: Int
    public var p99: Int
    public var p999: Int
    public var max: Int

    public init(subject: Subject, count: Int, p50: Int, p90: Int, p99: Int, p999: Int, max: Int) {
        self.subject = subject
        self.count = count
        self.p50 = p50
        self.p90 = p90
        self.p99 = p99
        self.p999 = p999
        self.max = max
    }
}
