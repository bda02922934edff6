import InterestContract
import NIOConcurrencyHelpers
import NIOCore
import TestKit

/// Callers of the bank, each on a connection of its own, who keep what they were answered.
struct BankCallers {
    struct Answered: Sendable {
        let trace: String
        let answer: RecordingRelay.Recorded
        let microseconds: Int64
    }

    let port: Int
    let accounts: [String]
    /// Keeps this run's idempotency keys and traces apart from another's.
    let run: Int

    /// Each of `callers` sends `each` requests one after another: previews, and now and then a payout, a deposit or a withdrawal.
    func call(callers: Int, each: Int, day: Int, after: @escaping @Sendable (_ answered: Int) -> Void = { _ in }) async throws
        -> [Answered]
    {
        let counter = NIOLockedValueBox(0)
        return try await withThrowingTaskGroup(of: [Answered].self) { group in
            for caller in 0..<callers {
                group.addTask {
                    let connection = try await RawCaller.connect(port: port)
                    var answers: [Answered] = []
                    for index in 0..<each {
                        let number = run * 1_000_000 + caller * 10_000 + index
                        let trace = "00-" + hexadecimal(number + 1, 32) + "-00f067aa0ba902b7-01"
                        let start = NIODeadline.now()
                        try await connection.send(request(number, trace, day: day))
                        let answer = try await connection.answer(within: 30)
                        answers.append(
                            Answered(
                                trace: trace,
                                answer: RecordingRelay.Recorded(
                                    status: answer.status, headers: RecordingRelay.endToEnd(answer.headers), body: answer.body),
                                microseconds: (NIODeadline.now() - start).nanoseconds / 1_000))
                        after(
                            counter.withLockedValue { count in
                                count += 1
                                return count
                            })
                    }
                    try await connection.close()
                    return answers
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func request(_ number: Int, _ trace: String, day: Int) -> [UInt8] {
        let account = accounts[number &* 7_919 % accounts.count]
        var headers = [
            ("traceparent", trace), ("X-Request-Time", "2026-04-\(day < 10 ? "0" : "")\(day)T03:00:00Z"),
            ("Content-Type", "application/json"),
        ]
        let path = "/v1/accounts/\(account)/"
        switch number % 5 {
        case 0, 1: return RawCaller.request("GET", path + "interest", headers: headers)
        case 2:
            headers.append(("Idempotency-Key", "e2e-\(number)"))
            return RawCaller.request("POST", path + "interest-payouts", headers: headers, body: #"{"channel":"MOBILE"}"#)
        default:
            headers.append(("Idempotency-Key", "e2e-\(number)"))
            let type = number % 5 == 3 ? "DEPOSIT" : "WITHDRAWAL"
            return RawCaller.request(
                "POST", path + "transactions", headers: headers,
                body: #"{"type":"\#(type)","amount":\#(1 + number % 999),"channel":"ATM"}"#)
        }
    }

    private func hexadecimal(_ value: Int, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: width - digits.count) + digits
    }

    static func p99(_ answers: [Answered]) -> Int64 {
        let sorted = answers.map(\.microseconds).sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    }

    /// Ordinary accounts of the fixture, whose calls mostly go through.
    static func accounts(_ count: Int) throws -> [String] {
        try FixtureAccount.lines(Array(ProjectFixture.accounts())).filter {
            $0.state == .active && $0.customer.state == .normal && !$0.depositFreeze && !$0.withdrawalFreeze
                && $0.entries.count > 0
        }.prefix(count).map(\.id)
    }
}
