import Foundation
import NIOCore
import Testing

@testable import loadbench

@Suite struct LoadReportTests {
    private func plan(_ pace: LoadPlan.Pace) -> LoadPlan {
        LoadPlan(
            target: Endpoint(host: "127.0.0.1", port: 9), connections: 4, pace: pace,
            composer: RequestComposer(method: "GET", path: .payouts, body: [], host: "h", accounts: .hot, run: "r"))
    }

    private func instant(microseconds: Int) -> NIODeadline { .uptimeNanoseconds(1_000_000_000 + UInt64(microseconds) * 1_000) }

    /// 1000 answers, 1 to 1000 µs after each was due, each sent 1 µs late.
    private func report() -> LoadReport {
        var tally = Tally(warmUpRequests: 0)
        tally.begin(at: instant(microseconds: 0))
        for number in 1...1_000 {
            let due = instant(microseconds: number * 100)
            let request = PendingRequest(number: number, from: due, sent: due + .microseconds(1))
            tally.sent(request)
            tally.answered(request, status: number % 10 == 0 ? 503 : 201, at: due + .microseconds(Int64(number)))
        }
        return LoadReport(tally, plan: plan(.due(DueInstants(rate: 10_000, milliseconds: 100), warmUpMilliseconds: 0)))
    }

    @Test func percentiles() {
        let report = report()
        // Three significant digits: within one in a thousand.
        #expect(abs(report.latencyMicroseconds.p50 - 500) <= 0.6)
        #expect(abs(report.latencyMicroseconds.p90 - 900) <= 1)
        #expect(abs(report.latencyMicroseconds.p99 - 990) <= 1)
        #expect(abs(report.latencyMicroseconds.p999 - 999) <= 1)
        #expect(abs(report.latencyMicroseconds.max - 1_000) <= 1)
        #expect(abs(report.latencyMicroseconds.mean - 500.5) <= 1)
        #expect(abs(report.lateMicroseconds.p99 - 1) <= 0.1)
    }

    @Test func counts() {
        let report = report()
        #expect(report.loop == "open")
        #expect(report.statuses == ["2xx": 900, "5xx": 100])
        #expect(report.sent == 1_000)
        #expect(report.answered == 1_000)
        // The last answer came 101 ms after the beginning.
        #expect(report.elapsedSeconds == 0.101)
        #expect(abs(report.answersPerSecond - 9_901) < 1)
    }

    @Test func warmUpAndFailuresAreApart() {
        var tally = Tally(warmUpRequests: 2)
        tally.begin(at: instant(microseconds: 0))
        for number in 0..<4 {
            let request = PendingRequest(number: number, from: instant(microseconds: 0), sent: instant(microseconds: 0))
            tally.sent(request)
            if number == 3 {
                tally.failed(number, .reset)
            } else {
                tally.answered(request, status: 200, at: instant(microseconds: 5))
            }
        }
        let report = LoadReport(tally, plan: plan(.closed(requests: 4)))
        #expect(report.warmUpSent == 2)
        #expect(report.warmUpAnswered == 2)
        #expect(report.sent == 2)
        #expect(report.answered == 1)
        #expect(report.failures == ["reset": 1])
        #expect(report.text.contains("failed: 1 × reset"))
    }

    @Test func nothingAtAll() {
        let report = LoadReport(Tally(warmUpRequests: 0), plan: plan(.closed(requests: 1)))
        #expect(report.latencyMicroseconds.p99 == 0)
        #expect(report.answersPerSecond == 0)
    }

    @Test func jsonComesBack() throws {
        let report = report()
        let text = try report.json()
        #expect(!text.contains("\n"))
        #expect(try JSONDecoder().decode(LoadReport.self, from: Data(text.utf8)) == report)
    }

    @Test(arguments: [256, 1_000, 65_536, 524_288])
    func largeAnswersAreJSONOfTheirSize(bytes: Int) throws {
        let one = SideAnswers.statement(bytes: bytes, variant: "1")
        #expect(one.count == bytes)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(one)) as? [String: Any])
        #expect(document["payoutId"] as? String == "p-1")
        let other = SideAnswers.statement(bytes: bytes, variant: "2")
        #expect(zip(one, other).filter { $0 != $1 }.count == 1)
    }
}
