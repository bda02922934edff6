import Comparison
import RuleFiles
import RunRecords
import Testing

@testable import MatrixRun

@Suite struct ExceptionTests {
    static let off = Canary.run(journal: Canary.journal.replacing("4701", with: "4702"))
    static let says = RulesStatement.expects(
        ExpectedRow(
            steps: [[ExpectedAnswer(status: 201, body: nil)]],
            readBack: ["canaryJournal": ExpectedAnswer(status: 200, body: JSONTree(Canary.journal))]))

    static func exception(
        path: String = "$.lines[].credit", operation: String = "canaryJournal", when: [String: String] = [:],
        expires: String = "2026-12-31", hitsMax: Int = 2
    ) -> SignedException {
        SignedException(
            path: path, operation: operation, when: when, owner: "ledger", reason: "LED-412", expires: expires, hitsMax: hitsMax)
    }

    private func judge(_ exceptions: [SignedException], today: String = "2026-11-24") -> (RowJudge, ExceptionBook) {
        let book = ExceptionBook(exceptions, today: today)
        let judge = RowJudge(
            Judgement(excusing: book), suiteName: "s", rules: { Canary.rules(for: $0) }, violations: { _, _ in [] })
        return (judge, book)
    }

    @Test(arguments: [
        ("the place with its index", exception(path: "$.lines[0].credit"), CaseClass.excused),
        ("every element's", exception(), .excused),
        ("another element", exception(path: "$.lines[1].credit"), .legacyQuirk),
        ("what is above the place", exception(path: "$.lines"), .legacyQuirk),
        ("another operation", exception(operation: "canary"), .legacyQuirk),
        ("the row's value", exception(when: ["canary": "yes"]), .excused),
        ("another value", exception(when: ["canary": "no"]), .legacyQuirk),
        ("another dimension", exception(when: ["other": "yes"]), .legacyQuirk),
        ("on its last day", exception(expires: "2026-11-24"), .excused),
        ("the day after", exception(expires: "2026-11-23"), .legacyQuirk),
    ])
    func holds(_ name: String, _ exception: SignedException, _ outcome: CaseClass) {
        let (judge, _) = judge([exception])
        let verdict = judge.judge(Canary.plan, legacy: Self.off, candidate: Canary.run(), rules: Self.says)
        #expect(verdict.outcome == outcome, "\(name)")
    }

    @Test("an expired exception and one that is used up say so")
    func refusals() throws {
        let (late, _) = judge([Self.exception(expires: "2026-11-23")])
        let verdict = late.judge(Canary.plan, legacy: Self.off, candidate: Canary.run(), rules: Self.says)
        #expect(verdict.note == "The exception for $.lines[].credit of canaryJournal expired on 2026-11-23.")

        let (judge, book) = judge([Self.exception(hitsMax: 2)])
        let outcomes = (0..<3).map { _ in
            judge.judge(Canary.plan, legacy: Self.off, candidate: Canary.run(), rules: Self.says)
        }
        #expect(outcomes.map(\.outcome) == [.excused, .excused, .legacyQuirk])
        #expect(outcomes[0].note == "LED-412 (signed by ledger until 2026-12-31)")
        #expect(outcomes[2].note?.contains("used up") == true)
        #expect(book.remarks == ["Exception for $.lines[].credit of canaryJournal (ledger): 2 of at most 2 rows excused."])
    }

    @Test("only quirks of the legacy are excused, and only when every departure is")
    func scope() {
        let (judge, _) = judge([Self.exception()])
        let candidate = judge.judge(Canary.plan, legacy: Canary.run(), candidate: Self.off, rules: Self.says)
        #expect(candidate.outcome == .candidateWrong)
        let both = judge.judge(Canary.plan, legacy: Self.off, candidate: Self.off, rules: Self.says)
        #expect(both.outcome == .bothWrong)
        let more = Canary.run(journal: Canary.journal.replacing("4701", with: "4702").replacing("DEPOSIT", with: "X"))
        #expect(judge.judge(Canary.plan, legacy: more, candidate: Canary.run(), rules: Self.says).outcome == .legacyQuirk)
    }

    static let good = """
        - path: $.lines[].kind
          operation: journal
          when: { movement: backdated, days: 30 }
          owner: ledger team
          reason: booked as DEPOSIT
          expires: 2027-03-31
          max-hits: 12
        """

    @Test func file() throws {
        let exceptions = try ExceptionsFile.parse(text: Self.good, named: "quirks.yaml")
        #expect(
            exceptions == [
                SignedException(
                    path: "$.lines[].kind", operation: "journal", when: ["movement": "backdated", "days": "30"],
                    owner: "ledger team",
                    reason: "booked as DEPOSIT", expires: "2027-03-31", hitsMax: 12)
            ])
    }

    @Test(arguments: [
        ("$.lines[].kind", "$..*", "more than one place"), ("$.lines[].kind", "\"*\"", "more than one place"),
        ("$.lines[].kind", "$", "more than one place"), ("$.lines[].kind", "$.lines[*].kind", "more than one place"),
        ("$.lines[].kind", "$..kind", "more than one place"), ("$.lines[].kind", "lines", "a path begins with"),
        ("operation: journal", "operation: \"*\"", "every operation"), ("  owner: ledger team\n", "", "`owner` is missing"),
        ("  reason: booked as DEPOSIT\n", "", "`reason` is missing"), ("  expires: 2027-03-31\n", "", "`expires` is missing"),
        ("\n  max-hits: 12", "", "`max-hits` is missing"), ("max-hits: 12", "max-hits: 0", "a whole number"),
        ("2027-03-31", "2027-02-29", "a date is expected"), ("owner", "ownr", "unknown key"),
    ])
    func refused(_ old: String, _ new: String, _ complaint: String) {
        let text = Self.good.replacing(old, with: new)
        #expect(text != Self.good)
        let error = #expect(throws: ConfigurationError.self) { try ExceptionsFile.parse(text: text, named: "quirks.yaml") }
        #expect(error?.description.contains(complaint) == true, "\(error?.description ?? "")")
    }
}
