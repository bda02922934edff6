import CaseDesign
import CaseMatrix
import Comparison
import Testing

/// Whatever is wrong with a suite file is said with its place, what was found and what is allowed.
@Suite struct SuiteComplaintTests {
    static let table: [(from: String, to: String, complaint: String)] = [
        ("seed: 7", "sed: 7", "suite.yaml:5:1: sed: unknown key; did you mean `seed`?"),
        ("strength: 2", "strength: 5", "suite.yaml:3:11: strength: found `5`; allowed are 1 … 4 and `all`"),
        (
            "suite: small", "suite: so small",
            "suite.yaml:1:8: suite: found `so small`; a suite is called by letters, digits, `_` and `-`"
        ),
        ("suite: small\n", "", "`suite` is missing: what the suite is called"),
        (
            "{ state: SHUT }\nconstraints", "{ stat: SHUT }\nconstraints",
            "defaults.stat: there is no parameter `stat`; did you mean `state`?"
        ),
        (
            "{ state: SHUT }\nconstraints", "{ state: SHUD }\nconstraints",
            "defaults.state: `state` has no value `SHUD`; allowed are `OPEN`, `SHUT`"
        ),
        ("{ state: SHUT }\nconstraints", "{ amount: -3, state: SHUT }\nconstraints", "the defaults are no valid row"),
        ("amount: 12.50, flag: false", "amount: 7, flag: false", "`amount` has no value `7`"),
        ("THEN [amount] <> -3;", "THEN [amont] <> -3;", "suite.yaml:13:"),
        ("flag: [true, false]", "case: [true, false]", "and not `case`"),
        (
            "\"A-${case}\"", "\"A-${casse}\"",
            "variables[0].value: `${casse}`: there is no parameter or variable `casse` here; did you mean `case`?"
        ),
        ("\"A-${case}\"", "\"A-${case\"", "`}` is missing after `${case`"),
        ("\"A-${case}\"", "\"A-${}\"", "`${}`: a name or a whole number is missing"),
        ("\"A-${case}\"", "\"A-${case+1}\"", "sums are made of whole numbers, of a date and a number of days"),
        ("\"A-${case}\"", "\"${day}\"", "there is no parameter or variable `day` here"),
        ("name: account, kind: text", "name: state, kind: text", "`state` is already a parameter, a variable or the case's id"),
        (
            "name: account, kind: text", "name: account, kind: money",
            "found `money`; allowed are `choice`, `amount`, `date`, `text`"
        ),
        ("SHUT: 2025-03-01", "SHUT: 2025-02-29", "found `2025-02-29`; a date, as `2026-03-02` is expected"),
        (", SHUT: 2025-03-01", "", "no entry for `SHUT` of `state`; name them or write `else`"),
        ("SHUT: 2025-03-01", "SHUT: 2025-03-01, else: 2025-03-02", "every value of `state` is named, so that `else` never holds"),
        (
            "by: state, of", "by: account, of",
            "`account` has no closed set of values; a parameter or a variable of kind choice is needed"
        ),
        ("{ value: 2000 }]", "{ value: two }]", "found `two`; a whole number, as `1314000` or `-1` is expected"),
        (
            "{ value: 2000 }]", "{ when: { size: large }, value: 2000 }]",
            "the last case holds for all other rows: it has no `when`"
        ),
        ("else: large } }", "else: \"${kind}\" } }", "what a choice can be must be known beforehand"),
        ("kind: amount, value: \"${-won}\"", "kind: amount", "exactly one of `value`, `by` (with `of`) and `cases`"),
        (
            "choose: size, of: { small:", "choose: sise, of: { small:",
            "there is no parameter or choice `sise`; did you mean `size`?"
        ),
        ("choose: size, of: { small:", "choose: size, of: { tiny:", "`size` has no value `tiny`"),
        ("when: { state: OPEN }, then: \"open\"", "when: { state: AJAR }, then: \"open\"", "`state` has no value `AJAR`"),
        ("when: { state: OPEN }, then: \"open\"", "when: {}, then: \"open\"", "a condition names at least one parameter"),
        ("size: { not: large }", "size: { none: large }", "steps[2].when[1].size.none: unknown key"),
        (
            "{ call: look, as: before }", "{ call: lok, as: before }",
            "steps[0].call: there is no call `lok`; did you mean `look`?"
        ),
        ("{ call: look, as: before }", "{ call: look, as: be fore }", "an answer's name is made of letters, digits and `_`"),
        ("call: pay, with: { key: one }", "call: pay", "the argument `key` is missing; write it in `with`"),
        ("with: { key: one }", "with: { key: one, dew: 1 }", "the call has no argument `dew`; allowed are `key`, `due`"),
        ("method: POST", "method: PAY", "found `PAY`; allowed are `GET`"),
        ("path: /accounts/${account}/pay", "path: \"${account}/pay\"", "calls.pay.path: a path begins with `/`"),
        ("Idempotency-Key:", "\"Idempotency Key\":", "is not a header's name"),
        ("${case}-${key}", "${case}-${key+1}", "sums can't be made of arguments"),
        ("key: null, due", "day: null, due", "has a name that no parameter or variable has"),
        ("{ path: $.id, ignore: true }", "{ path: $.id, ignor: true }", "unknown key; did you mean `ignore`?"),
        ("lines-max: 3", "lines-max: 0", "found `0`; a whole number from 1 to 1000000 is expected"),
        ("b-${batch}-x", "b-${case}-x", "`${batch}` alone stands here"),
        ("pointer: $.pending", "pointer: '$.pending[*]'", "settle.pointer"),
        ("within: 2s", "within: 2", "found `2`; a duration"),
        (
            "look.$.sum >= before.$.sum", "look.$.sum >= befor.$.sum",
            "no answer of this suite is called `befor`; did you mean `before`?"
        ),
        (
            "look.$.sum >= before.$.sum", "look.$.sum => ",
            "a number, a text in double quotes, a path or `(` is expected, at the end"
        ),
        ("look.$.sum >= before.$.sum", "$.sum == 1", "`$` stands for an answer of `for`"),
        ("for: [pay, left, right]", "for: [pay, lift, right]", "no answer of this suite is called `lift`"),
        ("$.paid == 2000", "'$.paid[*] == 2000'", "`$.paid[*]` can be several values"),
        ("name: paid in full", "name: never less", "`never less` stands twice in this list"),
        ("seed: 7", "seed: 7\ninclude: none.yaml", "include: there is no file"),
        ("seed: 7", "seed: 7\ninclude: suite.yaml", "`suite.yaml` includes itself"),
        ("seed: 7", "seed: 7\nproducts: none.yaml", "products: there is no file"),
    ]

    @Test(arguments: table) func isSaidWithItsPlace(from: String, to: String, complaint: String) throws {
        let suites = try WrittenSuites(["suite.yaml": SmallSuite.changing(from, to: to)])
        switch suites.load() {
        case .success: Issue.record("nothing was complained about: \(to)")
        case .failure(let complaints):
            #expect(complaints.lines.contains { $0.contains(complaint) }, "\(complaints.lines)")
            #expect(Set(complaints.lines).count == complaints.lines.count)
        }
    }

    @Test func soundSuiteIsTaken() throws {
        let suites = try WrittenSuites(["suite.yaml": SmallSuite.text])
        let suite = try suites.load().get()
        #expect(suite.name == "small" && suite.strength == .ways(2) && suite.nightly == .all && suite.seed == 7)
        #expect(suite.defaults.values == [0, 1, 0, 0])
        #expect(suite.variables.map(\.kind) == [.text, .date, .choice, .amount, .amount, .amount])
        #expect(suite.variables[2].choices == ["small", "large"])
        #expect(suite.load.headers(batch: "42").map(\.value) == ["b-42-x"] && suite.load.linesMax == 3)
        #expect(suite.settle?.withinMilliseconds == 2_000 && suite.settle?.equals == "0")
        #expect(suite.rules(for: "pay").rules.count == 1 && suite.rules(for: "look").rules.isEmpty)
        #expect(suite.rules(for: "pay").headers == ["etag"] && suite.rules(for: "look").headers == ["etag"])
    }

    @Test func complaintsOfAnIncludedFileNameThatFile() throws {
        let suites = try WrittenSuites([
            "suite.yaml": "include: base.yaml\nsuite: laid-over\n", "base.yaml": SmallSuite.changing("seed: 7", to: "seed: many"),
        ])
        guard case .failure(let complaints) = suites.load() else {
            Issue.record("nothing was complained about")
            return
        }
        #expect(complaints.lines == ["base.yaml:5:7: seed: found `many`; a whole number from 0 to \(Int.max) is expected"])
    }

    @Test func includesFindTheirWayAroundInACircle() throws {
        let suites = try WrittenSuites(["suite.yaml": "include: a.yaml\n", "a.yaml": "include: suite.yaml\n"])
        guard case .failure(let complaints) = suites.load() else {
            Issue.record("nothing was complained about")
            return
        }
        #expect(complaints.lines.contains { $0.hasPrefix("a.yaml:1:10: include: `suite.yaml` includes itself") })
    }
}
