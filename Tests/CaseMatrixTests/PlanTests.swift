import CaseDesign
import CaseMatrix
import RuleFiles
import Testing

/// What becomes of a row.
@Suite struct PlanTests {
    private static func small(_ text: String = SmallSuite.text) throws -> CaseMatrix.Suite {
        try WrittenSuites(["suite.yaml": text]).load().get()
    }

    @Test func valuesKeepTheirTypeAlone() throws {
        let plan = try Self.small().plan(CaseRow([1, 0, 0, 1]), case: "C1")
        #expect(
            plan.fixture == #"{"id":"A-C1","amount":-3,"flag":true,"text":"-3-quo\"ted","kind":"quo\"ted","#
                + #""eve":"2024-02-29","owed":-10,"nothing":null,"plain":3,"quoted":"3","chosen":[1,10],"maybe":"open","#
                + #""list":[{"only":"flagged"},8,9]}"#)
    }

    @Test func whatDoesNotHoldFallsAwayAndWitnessesFollow() throws {
        let plan = try Self.small().plan(CaseRow([2, 1, 1, 0]), case: "C2")
        #expect(
            plan.fixture == #"{"id":"A-C2","amount":12.50,"flag":false,"text":"12.50-plain","kind":"plain","#
                + #""eve":"2025-02-28","owed":-2000,"nothing":null,"plain":3,"quoted":"3","chosen":{"deep":"2025-03-01"},"list":[9]}"#
                + "\n" + #"{"id":"W-C2"}"#)
        #expect(plan.dimensions == ["amount", "state", "flag", "kind"])
        #expect(plan.choices == ["12.50", "SHUT", "false", "plain"])
    }

    @Test func stepsAndReadBackFollowTheRow() throws {
        let suite = try Self.small()
        let open = try suite.plan(CaseRow([0, 0, 0, 0]), case: "O")
        #expect(open.steps.map { $0.calls.map(\.label) } == [["before"], ["pay"]])
        #expect(open.readBack.map(\.label) == ["look"])
        let pay = open.steps[1].calls[0]
        #expect(pay.operation == "pay" && pay.method == "POST" && pay.path == "/accounts/A-O/pay")
        #expect(pay.headers == [CaseHeader("Idempotency-Key", "O-one")])
        #expect(pay.body == #"{"amount":2000,"due":"2024-03-02"}"#)

        let shut = try suite.plan(CaseRow([0, 1, 1, 0]), case: "S")
        #expect(shut.steps.map { $0.calls.map(\.label) } == [["before"], ["left", "right"]])
        #expect(shut.steps[1].calls.map(\.operation) == ["pay", "pay"])
        #expect(
            shut.steps[1].calls.map(\.body) == [#"{"amount":2000,"due":"2025-03-02"}"#, #"{"amount":2000,"due":"2025-02-28"}"#])
        #expect(shut.readBack.map(\.path) == ["/accounts/A-S", "/accounts/W-S"])
        #expect(shut.readBack[1].body == nil && shut.readBack[1].headers.isEmpty)

        // The second alternative of the condition: flagged and small.
        let small = try suite.plan(CaseRow([1, 0, 0, 0]), case: "T")
        #expect(small.steps.map { $0.calls.map(\.label) } == [["before"], ["pay"], ["left", "right"]])
        let other = try suite.plan(CaseRow([1, 0, 1, 0]), case: "T")
        #expect(other.steps.map { $0.calls.map(\.label) } == [["before"], ["pay"]])
    }

    @Test func overridesReachWhatIsComputedFromThem() throws {
        let suite = try Self.small()
        let plan = try suite.plan(CaseRow([0, 0, 0, 0]), case: "O", overriding: ["won": "-7", "day": "2028-03-01"])
        #expect(plan.fixture.contains(#""eve":"2028-02-29","owed":7,"#))
        #expect(plan.steps[1].calls[0].body == #"{"amount":-7,"due":"2028-03-02"}"#)
        let values = try suite.values(of: CaseRow([0, 0, 0, 0]), case: "O", overriding: ["won": "41"])
        #expect(values.map(\.text) == ["A-O", "2024-03-01", "large", "41", "42", "-41"])
    }

    static let refusals: [(overriding: [String: String], id: String, row: [Int], sentence: String)] = [
        (["won": "1.5"], "C", [0, 0, 0, 0], "`won` can't be overridden by `1.5`; a whole number"),
        (["day": "2025-02-29"], "C", [0, 0, 0, 0], "`day` can't be overridden by `2025-02-29`; a date"),
        (
            ["account": "x"], "C", [0, 0, 0, 0],
            "`account` can't be overridden; variables of kind amount or date are `day`, `won`"
        ),
        (["day": "0001-01-01"], "C", [0, 0, 0, 0], "is beyond the years 1 … 9999"),
        ([:], "", [0, 0, 0, 0], "must be called by 1 … 40 letters, digits or `-`"),
        ([:], "a b", [0, 0, 0, 0], "must be called by 1 … 40 letters, digits or `-`"),
        ([:], String(repeating: "x", count: 41), [0, 0, 0, 0], "must be called by 1 … 40 letters, digits or `-`"),
        ([:], "C", [0, 0, 0], "does not fit the suite's 4 parameters"),
        ([:], "C", [0, 2, 0, 0], "does not fit the suite's 4 parameters"),
    ]

    @Test(arguments: refusals) func whatCannotBePlannedIsRefused(
        overriding: [String: String], id: String, row: [Int], sentence: String
    ) throws {
        let suite = try Self.small()
        let error = #expect(throws: ConfigurationError.self) { try suite.plan(CaseRow(row), case: id, overriding: overriding) }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }

    @Test func twoAnswersOfOneNameAreRefused() throws {
        let suite = try Self.small(
            SmallSuite.changing("{ call: look, as: before }", to: "{ call: look }\n  - { call: look, as: before }"))
        let error = #expect(throws: ConfigurationError.self) { try suite.plan(CaseRow([0, 0, 0, 0]), case: "C") }
        #expect(error?.description.contains("two answers of case C are called `look`") == true)
    }

    @Test func includedKeysMergeAndOwnOnesWin() throws {
        let own = """
            include: base.yaml
            suite: over
            defaults: { flag: false }
            variables:
              - { name: won, kind: amount, value: 77 }
              - { name: extra, kind: text, value: "${won}!" }
            calls:
              look: { path: "/looked/${account}", with: { id: x } }
              again: { path: "/again/${extra}" }
            read-back: [again]
            invariants:
              - { name: never less, holds: again.status == 200 }

            """
        let base = SmallSuite.changing("as: other, with: { id: \"W-${case}\" }", to: "as: other")
        let suites = try WrittenSuites(["suite.yaml": own, "base.yaml": base])
        let suite = try suites.load().get()
        #expect(suite.name == "over" && suite.about == "One of everything.")
        #expect(suite.defaults.values == [0, 1, 1, 0])
        #expect(suite.variables.map(\.name) == ["account", "day", "size", "won", "more", "owed", "extra"])
        #expect(suite.invariants.map(\.name) == ["never less", "paid in full"])
        #expect(suite.invariants[0].text == "again.status == 200")
        let plan = try suite.plan(CaseRow([0, 0, 0, 0]), case: "I")
        #expect(plan.steps[0].calls[0].path == "/looked/A-I")
        #expect(plan.steps[1].calls[0].body == #"{"amount":77,"due":"2024-03-02"}"#)
        #expect(plan.readBack.map(\.path) == ["/again/77!"])
    }

    @Test func sameRowSamePlan() throws {
        let first = try Self.small()
        let second = try Self.small()
        for row in try CaseGenerator.rows(of: first.model, strength: .all) {
            #expect(try first.plan(row, case: "D") == second.plan(row, case: "D"))
        }
    }
}
