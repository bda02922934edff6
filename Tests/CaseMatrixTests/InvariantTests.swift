import CaseMatrix
import Testing

/// What an invariant says, and what it says when it is broken.
@Suite struct InvariantTests {
    /// Answers that the expressions below look at.
    private static let transcript = SideTranscript(answers: [
        answer(
            "pay", 201,
            #"{"gross":5479,"net":4701,"tax":760,"local":18,"text":"2026-03-02","rate":0.1,"big":9007199254740993,"none":null,"yes":true}"#
        ),
        answer(
            "same", 201,
            #"{"local":18,"tax":7.60e2,"net":4701,"gross":5479,"text":"2026-03-02","rate":0.10,"big":9007199254740993,"none":null,"yes":true}"#
        ),
        answer("refused", 422, #"{"code":"FROZEN"}"#),
        answer(
            "lines", 200,
            #"{"lines":[{"kind":"PAY","debit":3,"credit":0},{"kind":"TAX","debit":4,"credit":5},{"kind":"PAY","debit":3,"credit":1}],"none":[]}"#
        ),
        answer("broken", 200, "no JSON"),
        answer("twice", 200, #"{"a":1,"a":2}"#),
    ])
    private static let plan = CasePlan(
        id: "C", dimensions: ["state", "amount"], choices: ["OPEN", "5"], fixture: "{}",
        steps: [
            CaseStep(calls: [CaseCall(label: "pay", operation: "pay", method: "POST", path: "/")]),
            CaseStep(calls: [
                CaseCall(label: "refused", operation: "pay", method: "POST", path: "/"),
                CaseCall(label: "lines", operation: "look", method: "GET", path: "/"),
            ]),
        ], readBack: [CaseCall(label: "same", operation: "look", method: "GET", path: "/")])

    private static func answer(_ label: String, _ status: Int, _ body: String) -> SideTranscript.Answer {
        SideTranscript.Answer(label: label, status: status, contentType: "application/json", body: Array(body.utf8))
    }

    /// Nil where it holds.
    static let table: [(expression: String, sentence: String?)] = [
        ("pay.$.gross == pay.$.net + pay.$.tax + pay.$.local", nil),
        ("pay.$.gross == pay.$.net + pay.$.tax", "5479 ≠ 4701 + 760"),
        ("pay.$.gross - pay.$.net == 778", nil),
        ("pay.$.gross - pay.$.net == 777", "5479 - 4701 ≠ 777"),
        ("pay.$.net - pay.$.gross == -778", nil),
        ("pay.$.gross - (pay.$.net - 1) == 778", "5479 - (4701 - 1) ≠ 778"),
        ("pay.$.tax * 3 - 1 == 2279", nil),
        ("pay.$.tax * (3 - 1) == 1521", "760 * (3 - 1) ≠ 1521"),
        ("pay.$.rate + pay.$.rate + pay.$.rate == 0.3", nil),
        ("pay.$.big == 9007199254740993", nil),
        ("pay.$.big == 9007199254740992", "9007199254740993 ≠ 9007199254740992"),
        ("-pay.$.tax < 0", nil),
        ("pay.$.tax < 760", "760 ≥ 760"),
        ("pay.$.tax <= 760", nil),
        ("pay.$.tax <= 759", "760 > 759"),
        ("pay.$.tax > 760", "760 ≤ 760"),
        ("pay.$.tax > 759", nil),
        ("pay.$.tax >= 761", "760 < 761"),
        ("pay.$.tax >= 760", nil),
        ("pay.$.tax != 760", "760 = 760"),
        ("pay.$.tax != 761", nil),
        ("pay.$.text == \"2026-03-02\"", nil),
        ("pay.$.text < \"2026-03-02\"", "\"2026-03-02\" ≥ \"2026-03-02\""),
        ("pay.$.text >= \"2026-02-28\"", nil),
        ("pay.$.none == null", nil),
        ("pay.$.none != null", "null = null"),
        ("pay.$.none < 1", "null and 1 have no order"),
        ("pay.$.yes", nil),
        ("not pay.$.yes", "`pay.$.yes` is true"),
        ("pay.$.tax", "`pay.$.tax` is neither true nor false"),
        ("pay.$.text + 1 == 2", "`pay.$.text` is not a number"),
        ("pay.status == 201 and refused.status == 422", nil),
        ("pay.status == 201 and refused.status == 409", "422 ≠ 409"),
        ("pay.status == 200 or refused.status == 409", "201 ≠ 200 and 422 ≠ 409"),
        ("pay.status == 200 or refused.status == 422", nil),
        ("not (pay.status == 201 and refused.status == 422)", "201 = 201 and 422 = 422"),
        ("not not pay.status == 201", nil),
        ("pay.status == 201 => refused.status == 409", "422 ≠ 409, although 201 = 201"),
        ("pay.status == 200 => refused.status == 409", nil),
        ("false => false => false", nil),
        ("(false => false) => false", "`false` is false, although `false` is false"),
        ("true or false and false", nil),
        ("pay.$ == same.$", nil),
        ("pay.$ == refused.$", nil),
        ("refused.$.code == \"FROZEN\"", nil),
        // What is absent never passes in silence.
        ("pay.$.gone == 1", "`pay.$.gone` is absent: there is no `gone`"),
        ("pay.$.gone != 1", "`pay.$.gone` is absent: there is no `gone`"),
        ("not pay.$.gone == 1", "`pay.$.gone` is absent: there is no `gone`"),
        ("gone.$.a == 1", "there is no answer `gone`"),
        ("gone.status == 1", "there is no answer `gone`"),
        ("broken.$.a == 1", "the answer `broken` is not JSON"),
        ("twice.$.a == 2", "the answer `twice` is not JSON"),
        ("pay.$.tax.deep == 1", "`pay.$.tax.deep` is absent: what should have `deep` is no object"),
        ("lines.$.lines[3].debit == 1", "`lines.$.lines[3].debit` is absent: there are 3 elements"),
        ("sum(lines.$.lines[*].depth) == 0", "`lines.$.lines[*].depth` is absent: there is no `depth`"),
        ("sum(pay.$.tax[*]) == 0", "`pay.$.tax[*]` is absent: what should be an array is none"),
        ("false => pay.$.gone == 1", nil),
        ("exists(pay.$.gone)", "`pay.$.gone` is absent"),
        ("not exists(pay.$.gone)", nil),
        ("exists(pay.$.none) and exists(pay) and exists(pay.status)", nil),
        ("exists(gone)", "`gone` is absent"),
        ("not exists(pay)", "`pay` is there"),
        ("exists(lines.$.lines[kind=\"GONE\"])", "`lines.$.lines[kind=\"GONE\"]` is absent"),
        // Several values.
        ("lines.$.lines[1].credit == 5", nil),
        ("sum(lines.$.lines[*].debit) == 10", nil),
        ("sum(lines.$.lines[*].debit) == sum(lines.$.lines[*].credit)", "10 ≠ 6"),
        ("sum(lines.$.none[*]) == 0", nil),
        ("count(lines.$.lines[kind=\"PAY\"]) == 2", nil),
        ("count(lines.$.lines[kind=\"PAY\"]) <= 1", "2 > 1"),
        ("count(lines.$.lines[gone=\"PAY\"]) == 0", nil),
        ("min(lines.$.lines[*].credit) == 0 and max(lines.$.lines[*].credit) == 5", nil),
        ("max(lines.$.none[*]) == 0", "`lines.$.none[*]` takes nothing, so that it has no `max`"),
        ("sum(lines.$.lines[*].kind) == 0", "`lines.$.lines[*].kind` is not always a number"),
        ("distinct(lines.$.lines[kind=\"TAX\"].debit)", nil),
        ("distinct(lines.$.lines[*].debit)", "3 stands 2 times in `lines.$.lines[*].debit`"),
        ("all(lines.$.lines[*], @.debit >= 3)", nil),
        ("all(lines.$.lines[*], @.debit < 4)", "4 ≥ 4 in {\"credit\":5,\"debit\":4,\"kind\":\"TAX\"}"),
        ("all(lines.$.none[*], false)", nil),
        ("any(lines.$.lines[*], @.credit == 5)", nil),
        ("any(lines.$.lines[*], @.credit == 6)", "for none of `lines.$.lines[*]` @.credit == 6"),
        // The row's unsafe calls that were answered with 2xx: `pay` alone.
        ("accepted() == 1", nil),
        ("accepted() == 0", "1 ≠ 0"),
    ]

    @Test(arguments: table) func whole(expression: String, sentence: String?) throws {
        // Two equal-looking cases of the table compare objects that differ in one or in all members.
        let found = try Self.invariant("{ name: law, holds: '\(expression)' }").violations(in: Self.transcript, of: Self.plan)
        if expression == "pay.$ == refused.$" {
            #expect(found.count == 1)
            #expect(
                found[0].hasPrefix("law: `big` 9007199254740993 ≠ absent, `code` absent ≠ \"FROZEN\", `gross` 5479 ≠ absent, "))
        } else {
            #expect(found == (sentence.map { ["law: \($0)"] } ?? []))
        }
    }

    static let malformed: [(expression: String, reason: String)] = [
        ("", "a number, a text in double quotes, a path or `(` is expected, at the end"),
        ("pay", "`.status` or `.$` goes on after `pay`"),
        ("pay.gross == 1", "`status` or `$` goes on"),
        ("1 ==", "at the end"), ("1 == 1 1", "an operator or the end is expected"), ("(1 == 1", "`)` is expected"),
        ("total(pay.$.a) == 1", "there is no function `total`"), ("pay.$.lines[*] == 1", "can be several values"),
        ("@.a == 1", "`@` stands for an element inside `all` or `any`"), ("pay.$.a[x] == 1", "`=` is expected"),
        ("pay.$.a == \"open", "is missing"), ("pay.$.a # 1", "`#` has no meaning here"), ("1 < 2 < 3", "an operator or the end"),
        (String(repeating: "(", count: 40) + "1" + String(repeating: ")", count: 40), "deeper than 32 levels"),
    ]

    @Test(arguments: malformed) func isRefused(expression: String, reason: String) throws {
        let result = try WrittenSuites(["suite.yaml": Self.suite("{ name: law, holds: '\(expression)' }")]).load()
        guard case .failure(let complaints) = result else {
            Issue.record("nothing was complained about")
            return
        }
        #expect(complaints.lines.contains { $0.contains("invariants[0].holds: ") && $0.contains(reason) }, "\(complaints.lines)")
    }

    static let asked: [(item: String, sentences: [String])] = [
        ("for: [pay, same], holds: $.tax == 760", []),
        ("for: [pay, same], holds: $.tax == 1", ["law: pay: 760 ≠ 1", "law: same: 760 ≠ 1"]),
        // Refusals are looked at only where the invariant says so, absent answers never.
        ("for: [refused, gone], holds: $.tax == 1", []),
        ("for: refused, when-status: any, holds: $.code == \"OTHER\"", ["law: refused: \"FROZEN\" ≠ \"OTHER\""]),
        ("for: refused, when-status: [422], holds: $.code == \"OTHER\"", ["law: refused: \"FROZEN\" ≠ \"OTHER\""]),
        ("for: refused, when-status: [409], holds: $.code == \"OTHER\"", []),
        ("for: pay, when: { state: OPEN }, holds: $.tax == 1", ["law: pay: 760 ≠ 1"]),
        ("for: pay, when: { state: { not: OPEN } }, holds: $.tax == 1", []),
        ("for: pay, holds: $.tax == same.$.tax", []),
    ]

    @Test(arguments: asked) func isAskedWhereItSays(item: String, sentences: [String]) throws {
        let found = try Self.invariant("{ name: law, \(item) }").violations(in: Self.transcript, of: Self.plan)
        #expect(found == sentences)
    }

    private static func invariant(_ item: String) throws -> Invariant {
        try #require(try WrittenSuites(["suite.yaml": suite(item)]).load().get().invariants.first)
    }

    /// Included, so that it may name answers which the suite does not have.
    private static func suite(_ item: String) -> String {
        let labels = ["pay", "same", "refused", "lines", "broken", "twice", "gone"]
        return """
            suite: laws
            strength: 1
            parameters: { state: [OPEN, SHUT], amount: [5, 6] }
            fixture: {}
            calls: { look: { path: / } }
            steps: [\(labels.map { "{ call: look, as: \($0) }" }.joined(separator: ", "))]
            load: { path: /load }
            invariants: [\(item)]

            """
    }
}
