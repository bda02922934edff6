internal import Histogram
internal import InterestContract
internal import Outbound

/// The counts and latencies of a run under way.
struct DriveTally {
    private struct Kind {
        var answers: [String: Int] = [:]
        var failures: [String: Int] = [:]
        var latency = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    }

    private var kinds: [CallKind: Kind] = [:]
    private var latency = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    private var fromSending = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    private var lateMaxMicroseconds: UInt64 = 0
    private var moneyAnswers = 0
    private var lastMoment: BusinessMoment?
    private(set) var sent = 0
    private(set) var answered = 0
    private(set) var failed = 0

    var p99: UInt64 { latency.valueAtPercentile(99) }

    mutating func wasSent(_ call: DriveCall, lateMicroseconds: UInt64) {
        sent += 1
        lastMoment = call.moment
        lateMaxMicroseconds = max(lateMaxMicroseconds, lateMicroseconds)
    }

    mutating func ended(_ kind: CallKind, _ result: Result<OutboundAnswer, OutboundError>, microseconds: UInt64) {
        switch result {
        case .success(let answer):
            answered += 1
            if (200..<300).contains(answer.status) { moneyAnswers += 1 }
            kinds[kind, default: Kind()].answers[DriveTally.name(answer), default: 0] += 1
            kinds[kind, default: Kind()].latency.record(microseconds)
            latency.record(microseconds)
            fromSending.record(UInt64(max(0, answer.totalMicroseconds)))
        case .failure(let error):
            failed += 1
            kinds[kind, default: Kind()].failures[error.code.rawValue, default: 0] += 1
        }
    }

    private static func name(_ answer: OutboundAnswer) -> String {
        guard answer.status >= 400, let document = try? WireJSON(answer.body), let code = document["code"]?.string else {
            return String(answer.status)
        }
        return "\(answer.status) \(code)"
    }

    func report(of plan: DrivePlan, elapsedMilliseconds: Int) -> DriveReport {
        let start = plan.clock.moment(at: 0)
        var report = DriveReport(
            target: plan.target, seed: plan.seed, runID: plan.runID, planned: plan.requests, sent: sent, answered: answered,
            stopped: sent < plan.requests, elapsedMilliseconds: elapsedMilliseconds, businessFrom: start.text,
            businessTo: (lastMoment ?? start).text, answers: [:], failures: [:], moneyAnswers: moneyAnswers, calls: [],
            latency: DriveTally.percentiles(latency), fromSending: DriveTally.percentiles(fromSending),
            lateMaxMicroseconds: lateMaxMicroseconds)
        for kind in CallKind.allCases {
            guard let counts = kinds[kind] else { continue }
            report.answers.merge(counts.answers, uniquingKeysWith: +)
            report.failures.merge(counts.failures, uniquingKeysWith: +)
            report.calls.append(
                .init(
                    kind: kind, answers: counts.answers, failures: counts.failures,
                    latency: DriveTally.percentiles(counts.latency)))
        }
        return report
    }

    private static func percentiles(_ histogram: Histogram<UInt64>) -> DriveReport.Percentiles {
        guard histogram.totalCount > 0 else { return .init(count: 0, mean: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0) }
        return .init(
            count: histogram.totalCount, mean: UInt64(histogram.mean.rounded()), p50: histogram.valueAtPercentile(50),
            p90: histogram.valueAtPercentile(90), p99: histogram.valueAtPercentile(99), p999: histogram.valueAtPercentile(99.9),
            max: histogram.max)
    }
}
