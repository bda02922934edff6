import Foundation
import InterestContract
import Testing
import Verdicts

@testable import countersign

@Suite("What a call says about the moment before it")
struct BankCallTests {
    private func call(
        body: String = "", answer: String, status: Int = 201, instant: String = "2026-03-02T00:30:00+09:00",
        keys: [String] = ["A1"]
    ) -> BankCall? {
        let legacy = RecordedAnswer(side: .legacy, status: status, headers: [], body: Array(answer.utf8), latencyMicroseconds: 1)
        let evidence = Evidence(
            id: "e", recordedAtMicroseconds: 1, operation: "o", keys: keys, verdict: .mismatch,
            request: RecordedRequest(method: "POST", target: "/x", headers: [], body: Array(body.utf8), instant: instant),
            primary: legacy)
        return BankCall(evidence, legacy: legacy)
    }

    @Test(
        "The balance before",
        arguments: [
            ("", #"{"netInterest":99,"balanceAfter":1099,"period":{"from":"2026-03-01","to":"2026-03-01","days":1}}"#, 1_000),
            (#"{"type":"DEPOSIT","amount":10}"#, #"{"balanceAfter":1010}"#, 1_000),
            (#"{"type":"WITHDRAWAL","amount":10}"#, #"{"balanceAfter":990}"#, 1_000),
            ("", #"{"balance":1000}"#, 1_000),
            ("", #"{"paidOut":1099,"netInterest":99,"balanceAfter":0}"#, 1_000),
            ("", #"{"grossInterest":5,"netInterest":5}"#, nil),
        ] as [(String, String, Int64?)])
    func balance(_ body: String, _ answer: String, _ expected: Int64?) {
        #expect(call(body: body, answer: answer)?.balances["A1"] == expected)
    }

    @Test("A transfer has two")
    func transfer() {
        let call = call(
            body: #"{"from":"A1","to":"A2","amount":30}"#,
            answer: #"{"from":{"accountId":"A1","balanceAfter":70},"to":{"accountId":"A2","balanceAfter":130}}"#,
            keys: ["A1", "A2"])
        #expect(call?.balances == ["A1": 100, "A2": 100])
    }

    @Test("A refusal tells no balance")
    func refusal() { #expect(call(answer: #"{"balance":5}"#, status: 422)?.balances.isEmpty == true) }

    @Test(
        "The business date is Korea's, whatever the offset",
        arguments: [
            ("2026-03-02T00:30:00+09:00", "2026-03-02"), ("2026-03-01T15:30:00Z", "2026-03-02"),
            ("2026-03-01T14:59:59Z", "2026-03-01"),
            ("2026-12-31T15:00:00Z", "2027-01-01"), ("2026-03-01T08:00:00-08:00", "2026-03-02"),
        ])
    func dates(_ instant: String, _ date: String) {
        #expect(call(answer: "{}", instant: instant)?.date.description == date)
    }
}
