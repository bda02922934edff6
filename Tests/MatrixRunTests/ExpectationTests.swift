import CaseMatrix
import Comparison
import RunRecords
import Testing

@testable import MatrixRun

@Suite struct ExpectationTests {
    @Test(arguments: [
        // rules, answer, met
        (#"{"a":1}"#, #"{"a":1,"b":2}"#, true),
        (#"{"a":1}"#, #"{"a":1.0}"#, false),
        (#"{"a":1}"#, #"{"a":"1"}"#, false),
        (#"{"a":null}"#, #"{"a":null}"#, true),
        (#"{"a":null}"#, #"{}"#, false),
        (#"{"a":9007199254740993}"#, #"{"a":9007199254740992}"#, false),
        (#"{"a":1}"#, #"{"a":1,"a":1}"#, false),
        (#"{"a":{"b":1}}"#, #"{"a":{"b":1,"c":2}}"#, true),
        // Arrays are whole, in any order of elements.
        (#"[1,2]"#, #"[2,1]"#, true),
        (#"[1,2]"#, #"[1,2,3]"#, false),
        (#"[1,2,3]"#, #"[1,2]"#, false),
        (#"[1,1,2]"#, #"[1,2,2]"#, false),
        (#"[{"k":"A"}]"#, #"[{"k":"A","id":7}]"#, true),
        (#"[]"#, #"[1]"#, false),
        // The loose element must not take the place that the strict one needs.
        (#"[{"k":"A"},{"k":"A","n":1}]"#, #"[{"k":"A","n":1},{"k":"A","n":2}]"#, true),
    ])
    func met(_ rules: String, _ answer: String, _ isMet: Bool) throws {
        let wanted = try #require(JSONTree(rules))
        let actual = try #require(JSONTree(answer))
        #expect(wanted.isMet(by: actual) == isMet)
        // Laid over the answer, the rules are met; an answer that met them stays as it is.
        let laid = wanted.overlaid(on: actual)
        #expect(wanted.isMet(by: laid))
        if isMet { #expect(laid == actual) }
    }

    private func departures(_ expected: ExpectedAnswer, _ status: Int, _ body: String, _ type: String = "application/json")
        -> [String]
    {
        let answer = SideTranscript.Answer(label: "a", status: status, contentType: type, body: Array(body.utf8))
        guard let wanted = Expectation.wanted(expected, of: answer) else { return [] }
        return ExactComparing().differences(wanted, answer, ResponseRules()).map {
            "\($0.path) \($0.primary ?? "-") \($0.shadow ?? "-")"
        }
    }

    @Test func places() {
        let rules = ExpectedAnswer(status: 200, body: JSONTree(#"{"gross":5479,"lines":[{"k":"A","n":1},{"k":"B","n":2}]}"#))
        #expect(departures(rules, 200, #"{"id":9,"gross":5479,"lines":[{"k":"B","n":2,"id":1},{"k":"A","n":1}]}"#) == [])
        #expect(
            departures(rules, 200, #"{"id":9,"gross":5480,"lines":[{"k":"A","n":1},{"k":"B","n":2}]}"#) == ["$.gross 5479 5480"])
        #expect(
            departures(rules, 200, #"{"gross":5479,"lines":[{"k":"B","n":3},{"k":"A","n":1}]}"#) == ["$.lines[0].n 2 3"])
        #expect(
            departures(rules, 200, #"{"gross":5479,"lines":[{"k":"A","n":1}]}"#) == [#"$.lines[1] {"k":"B","n":2} -"#])
        #expect(departures(rules, 200, #"{"lines":[{"k":"A","n":1},{"k":"B","n":2}]}"#) == ["$.gross 5479 -"])
        #expect(departures(rules, 200, "nonsense").count == 1)
        #expect(departures(rules, 201, #"{"gross":5479}"#) == ["status 200 201"])
        let problem = ExpectedAnswer(status: 422, body: JSONTree(#"{"code":"FROZEN"}"#))
        let type = "application/problem+json"
        #expect(departures(problem, 422, #"{"code":"FROZEN","title":"x"}"#, type) == [])
        #expect(departures(problem, 422, #"{"code":"DEAD","title":"x"}"#, type) == [#"$.code "FROZEN" "DEAD""#])
        #expect(departures(problem, 201, "{}") == ["status 422 201", #"$.code "FROZEN" -"#])
        #expect(departures(ExpectedAnswer(status: 200, body: nil), 200, "anything") == [])
    }

    @Test("answers of a step with several calls are a multiset")
    func pairing() {
        let plan = CasePlan(
            id: "p", dimensions: [], choices: [], fixture: "{}",
            steps: [
                CaseStep(calls: [
                    CaseCall(label: "one", operation: "payout", method: "POST", path: "/"),
                    CaseCall(label: "two", operation: "payout", method: "POST", path: "/"),
                ])
            ], readBack: [])
        func run(_ first: (Int, String), _ second: (Int, String)) -> SideRun {
            SideRun(
                answers: zip(["one", "two"], [first, second]).map { label, answer in
                    .init(
                        label: label, status: answer.0,
                        contentType: answer.0 < 400 ? "application/json" : "application/problem+json",
                        body: Array(answer.1.utf8))
                })
        }
        let paid = (201, #"{"gross":1}"#)
        let refused = (409, #"{"code":"PAID"}"#)
        let rules = RulesStatement.expects(
            ExpectedRow(
                steps: [
                    [
                        ExpectedAnswer(status: 201, body: JSONTree(#"{"gross":1}"#)),
                        ExpectedAnswer(status: 409, body: JSONTree(#"{"code":"PAID"}"#)),
                    ]
                ], readBack: [:]))
        let judge = RowJudge(Judgement(), suiteName: "s", rules: { _ in ResponseRules() }, violations: { _, _ in [] })
        #expect(judge.judge(plan, legacy: run(paid, refused), candidate: run(refused, paid), rules: rules).outcome == .agree)
        #expect(judge.judge(plan, legacy: run(refused, paid), candidate: run(refused, paid), rules: rules).outcome == .agree)
        let double = judge.judge(plan, legacy: run(paid, refused), candidate: run(paid, paid), rules: rules)
        #expect(double.outcome == .candidateWrong)
        #expect(double.differences.map(\.path) == ["status", "$.code"])
    }

    @Test("calls of different operations are never paired")
    func operations() {
        let pairing = StepPairing.best(operations: ["payout", "deposit", "payout"]) { left, right in
            left == right ? 5 : 0
        }
        #expect(pairing == [2, 1, 0])
        #expect(StepPairing.best(operations: Array(repeating: "a", count: 8)) { _, _ in 0 }.sorted() == Array(0..<8))
    }
}
