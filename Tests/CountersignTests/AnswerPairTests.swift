import Comparison
import Testing

@testable import countersign

@Suite("Two answers held against each other")
struct AnswerPairTests {
    private func answer(_ body: String, type: String? = "application/json", etag: String? = nil, status: Int = 200)
        -> AnswerPair.Answer
    {
        var headers: [[String]] = []
        if let type { headers.append(["Content-Type", type]) }
        if let etag { headers.append(["ETag", etag]) }
        return AnswerPair.Answer(status: status, headers: headers, body: Array(body.utf8))
    }

    @Test("Key order is nothing, a value is something")
    func bodies() {
        #expect(
            AnswerPair(legacy: answer(#"{"a":1,"b":2}"#), candidate: answer(#"{"b":2,"a":1}"#), rules: ResponseRules()).isEqual)
        let differs = AnswerPair(legacy: answer(#"{"a":1}"#), candidate: answer(#"{"a":2}"#), rules: ResponseRules())
        #expect(!differs.isEqual && differs.outcome.differences.map(\.path) == ["$.a"])
        #expect(!AnswerPair(legacy: answer("a", type: nil), candidate: answer("b", type: nil), rules: ResponseRules()).isEqual)
    }

    @Test("Headers count only where the rules name them")
    func headers() {
        let rules = ResponseRules(rules: [], headers: ["ETag"])
        #expect(AnswerPair(legacy: answer("{}", etag: "1"), candidate: answer("{}", etag: "2"), rules: ResponseRules()).isEqual)
        #expect(!AnswerPair(legacy: answer("{}", etag: "1"), candidate: answer("{}", etag: "2"), rules: rules).isEqual)
        #expect(AnswerPair(legacy: answer("{}", etag: "1"), candidate: answer("{}", etag: "1"), rules: rules).isEqual)
        #expect(!AnswerPair(legacy: answer("{}", etag: "1"), candidate: answer("{}"), rules: rules).isEqual)
    }
}
