import Comparison
import Testing

/// Status, headers and content types, as `Comparator` declares them.
@Suite struct AnswerTests {
    private let problem = "application/problem+json; charset=utf-8"

    @Test func statusAloneIsListedWhenItDiffers() {
        let outcome = compare(Answer(#"{"a":1,"b":2}"#, status: 201), Answer(#"{"c":3}"#, status: 200))
        #expect(summary(outcome) == ["status status 201 200"])
        #expect(compare(Answer("x", status: 200), Answer("x", status: 201)).isMatch == false)
    }

    @Test func theCodeOfProblemsIsListedWithTheStatus() {
        let refused = Answer(#"{"code":"DEPOSIT_FROZEN","title":"x"}"#, status: 422, contentType: problem)
        let busy = Answer(#"{"code":"ACCOUNT_BUSY"}"#, status: 409, contentType: problem)
        let paid = Answer(#"{"code":"unrelated","net":1}"#, status: 201)
        #expect(summary(compare(refused, busy)) == ["status status 422 409", #"value $.code "DEPOSIT_FROZEN" "ACCOUNT_BUSY""#])
        #expect(summary(compare(paid, refused)) == ["status status 201 422", #"added $.code - "DEPOSIT_FROZEN""#])
        #expect(summary(compare(refused, paid)) == ["status status 422 201", #"missing $.code "DEPOSIT_FROZEN" -"#])
        let broken = Answer("oops", status: 500, contentType: problem)
        #expect(summary(compare(paid, broken)) == ["status status 201 500"])
    }

    @Test func problemsAreComparedByTheirChosenMembers() {
        let one = Answer(#"{"code":"A","title":"one","detail":{"x":1}}"#, status: 422, contentType: problem)
        let other = Answer(#"{"title":"two","code":"A"}"#, status: 422, contentType: "Application/Problem+JSON")
        #expect(compare(one, other) == .equal)
        #expect(
            summary(compare(one, other, ResponseRules(rules: [], problemMembers: ["code", "title"]))) == [
                #"value $.title "one" "two""#
            ])
        #expect(summary(compare(one, other, ResponseRules(rules: [], problemMembers: []))).count == 2)
        // Only one of them is a problem: everything counts.
        var plain = other
        plain.contentType = "application/json"
        #expect(summary(compare(one, plain)).count == 2)
        // `code` deeper down is not the problem's code.
        let deep = Answer(#"{"x":{"code":"B"},"code":"A"}"#, status: 422, contentType: problem)
        #expect(compare(one, deep) == .equal)
    }

    @Test(arguments: [
        (#"{"a":1}"#, "application/json", #"{ "a":1}"#, "application/json", ""),
        (#"{"a":1}"#, "application/vnd.bank+json", #"{ "a":1}"#, "text/html", ""),
        (#"{"a":1}"#, "application/json", "<html>", "text/html", "body $"),
        (#"{"a":1}"#, "application/json", "<html>", "application/json", "malformed $"),
        ("<html>", "application/json", #"{"a":1}"#, nil, "malformed $"),
        (#"{"a":1}"#, nil, #"{ "a":1}"#, nil, ""),
        (#"{"a":1}"#, "text/plain", #"{ "a":2}"#, "text/plain", "value $.a"),
        ("12", "text/plain", "12.0", "text/plain", "body $"),
        ("hello", "text/plain", "hello ", "text/plain", "body $"),
        ("{not json", "text/plain", "{not json ", "text/plain", "body $"),
        ("", "application/json", "{}", "application/json", "body $"),
        (#"{"a":1}"#, "application/jsonp", #"{ "a":1}"#, "application/jsonp", ""),
        ("1", "application/jsonp", "1 ", "application/jsonp", "body $"),
    ])
    func contentTypesDecideHow(_ primary: String, _ type: String?, _ shadow: String, _ shadowType: String?, _ expected: String) {
        let outcome = compare(Answer(primary, contentType: type), Answer(shadow, contentType: shadowType))
        #expect(outcome.differences.map { "\($0.kind.rawValue) \($0.path)" }.joined() == expected)
    }

    @Test func malformedSaysWhere() throws {
        let outcome = compare(#"{"a":1}"#, #"{"a":01}"#)
        let shadow = try #require(outcome.differences.first?.shadow)
        #expect(shadow.hasPrefix("not JSON at byte 6: a number has no leading zeros"))
        #expect(outcome.differences.first?.primary == #"{"a":1}"#)
    }

    @Test func anEmptyBodyIsAbsent() {
        let outcome = compare(Answer("", contentType: nil), Answer("x", contentType: nil))
        #expect(summary(outcome) == ["body $ - x"])
    }

    @Test(arguments: [
        ([("ETag", "1")], [("etag", "1")], [String]()),
        ([("ETag", "1")], [("etag", "2")], ["header header:etag 1 2"]),
        ([("ETag", "1")], [], ["header header:etag 1 -"]),
        ([], [("ETag", "1")], ["header header:etag - 1"]),
        ([("ETag", "a"), ("ETag", "b")], [("ETag", "a"), ("ETag", "b")], []),
        ([("ETag", "a"), ("ETag", "b")], [("ETag", "b"), ("ETag", "a")], ["header header:etag a, b b, a"]),
        ([("ETag", "a, b")], [("ETag", "a"), ("ETag", "b")], ["header header:etag a, b a, b"]),
        ([("Date", "1")], [("Date", "2")], []),
        ([("ETag", "A")], [("ETag", "a")], ["header header:etag A a"]),
    ])
    func chosenHeaders(_ primary: [(String, String)], _ shadow: [(String, String)], _ expected: [String]) {
        let rules = ResponseRules(rules: [], headers: ["ETag"])
        #expect(summary(compare(Answer("{}", headers: primary), Answer("{}", headers: shadow), rules)) == expected)
        #expect(summary(compare(Answer("{}", headers: primary), Answer("{ }", headers: shadow), rules)) == expected)
        #expect(compare(Answer("{}", headers: primary), Answer("{}", headers: shadow)) == .equalBytes)
    }
}
