import CaseDesign
import CaseMatrix
import Testing

/// The bank's invariants on a transcript as a sound side gives it, and on doctored ones.
@Suite struct BankInvariantTests {
    private static let preview =
        #""period":{"from":"2026-03-01","to":"2026-03-01","days":1},"grossInterest":2739,"incomeTax":380,"localIncomeTax":30,"netInterest":2329"#
    private static let paid =
        "{\(preview),\"payoutId\":\"P1\",\"businessDate\":\"2026-03-02\",\"balanceAfter\":50002329,\"heldAmount\":0}"

    private static func books(_ balance: Int, paidOn: String, net: Int, gross: Int, held: Int = 0) -> String {
        """
        {"accountId":"A","state":"ACTIVE","balance":\(balance),"heldAmount":\(held),"lastPaidOn":"\(paidOn)","entrySum":\(balance),\
        "journalBalance":\(balance),"payouts":\(gross > 0 ? 1 : 0),"grossPaid":\(gross),"netPaid":\(net),\
        "incomeTax":\(gross > 0 ? 380 : 0),"localIncomeTax":\(gross > 0 ? 30 : 0),"taxRecords":\(gross > 0 ? 1 : 0)}
        """
    }

    /// Of a payout that was sent twice with one key, on an account of 50 000 000.
    private static let sound: [(label: String, status: Int, body: String)] = [
        ("before", 200, books(50_000_000, paidOn: "2026-03-01", net: 0, gross: 0)),
        ("preview", 200, "{\(preview)}"), ("payout", 201, paid), ("again", 201, paid),
        ("after", 409, #"{"code":"ALREADY_PAID_TODAY"}"#),
        ("account", 200, #"{"balance":50002329,"heldAmount":0,"lastPaidOn":"2026-03-02","state":"ACTIVE"}"#),
        ("books", 200, books(50_002_329, paidOn: "2026-03-02", net: 2_329, gross: 2_739)),
        ("journal", 200, #"{"lines":[{"debit":0,"credit":50000000},{"debit":0,"credit":2329}]}"#),
        (
            "journals", 200,
            #"{"journals":[{"kind":"OPENING","bookedOn":"2026-02-01","debits":50000000,"credits":50000000},{"kind":"PAYOUT","bookedOn":"2026-03-02","debits":2739,"credits":2739}]}"#
        ),
        ("tax", 200, #"{"records":[{"businessDate":"2026-03-02","gross":2739,"incomeTax":380,"localIncomeTax":30}]}"#),
        ("events", 200, #"{"events":[{"gross":2739,"incomeTax":380,"localIncomeTax":30}]}"#),
    ]

    static let doctored: [(label: String, from: String, to: String, sentence: String)] = [
        ("payout", "\"netInterest\":2329", "\"netInterest\":2330", "gross = net + taxes: payout: 2739 ≠ 2330 + 380 + 30"),
        ("preview", "\"grossInterest\":2739", "\"grossInterest\":2740", "preview = paid: payout: 2739 ≠ 2740, although"),
        (
            "again", "\"payoutId\":\"P1\"", "\"payoutId\":\"P2\"",
            "repeating answers as the first time: `payoutId` \"P2\" ≠ \"P1\""
        ),
        ("journals", "\"debits\":2739", "\"debits\":0", "debits = credits in each journal: 0 ≠ 2739 in"),
        (
            "journals", "\"kind\":\"OPENING\",\"bookedOn\":\"2026-02-01\"", "\"kind\":\"PAYOUT\",\"bookedOn\":\"2026-03-02\"",
            "a day is paid once: \"2026-03-02\" stands 2 times"
        ),
        ("books", "\"entrySum\":50002329", "\"entrySum\":50000000", "balance = entries = journal: 50002329 ≠ 50000000"),
        (
            "books", "\"lastPaidOn\":\"2026-03-02\"", "\"lastPaidOn\":\"2026-03-01\"",
            "last paid date = business date: payout: \"2026-03-01\" < \"2026-03-02\""
        ),
        ("books", "\"heldAmount\":0", "\"heldAmount\":2330", "held amount grows by interest alone: 2330 - 0 > 2329"),
        ("journal", "\"credit\":2329", "\"credit\":0", "journal lines add up to the balance: 50000000 - 0 ≠ 50002329"),
        ("account", "50002329", "50000000", "account and books agree: 50000000 ≠ 50002329"),
        ("tax", "\"incomeTax\":380", "\"incomeTax\":370", "tax records add up: 370 ≠ 380"),
        ("events", #"{"gross":2739,"incomeTax":380,"localIncomeTax":30}"#, "", "each payment has one event: 0 ≠ 1"),
        ("payout", "\"localIncomeTax\":30,", "", "gross = net + taxes: payout: `$.localIncomeTax` is absent"),
    ]

    private static func rows() throws -> (suite: CaseMatrix.Suite, plan: CasePlan) {
        let suite = try BankSuiteTests.suite("extended")
        var row = suite.defaults
        let delivery = try #require(suite.model.index(of: "delivery"))
        row.values[delivery] = try #require(suite.model.parameters[delivery].index(of: "same_key"))
        return (suite, try suite.plan(row, case: "I"))
    }

    private static func transcript(_ answers: [(label: String, status: Int, body: String)]) -> SideTranscript {
        SideTranscript(
            answers: answers.map {
                .init(label: $0.label, status: $0.status, contentType: "application/json", body: Array($0.body.utf8))
            })
    }

    @Test func soundTranscriptBreaksNothing() throws {
        let (suite, plan) = try Self.rows()
        let labels = (plan.steps.flatMap(\.calls) + plan.readBack).map(\.label)
        #expect(labels == Self.sound.map(\.label))
        #expect(suite.violations(in: Self.transcript(Self.sound), of: plan) == [])
    }

    @Test(arguments: doctored) func doctoredTranscriptIsSeen(label: String, from: String, to: String, sentence: String) throws {
        let (suite, plan) = try Self.rows()
        var answers = Self.sound
        let index = try #require(answers.firstIndex { $0.label == label })
        try #require(answers[index].body.contains(from))
        answers[index].body = answers[index].body.replacing(from, with: to)
        let found = suite.violations(in: Self.transcript(answers), of: plan)
        #expect(found.contains { $0.hasPrefix(sentence) }, "\(found)")
    }

    @Test func refusalThatMovesTheDateIsSeen() throws {
        let (suite, plan) = try Self.rows()
        var answers = Self.sound
        for index in answers.indices where ["preview", "payout", "again"].contains(answers[index].label) {
            answers[index].status = 422
            answers[index].body = #"{"code":"NOTHING_PAYABLE"}"#
        }
        answers[6].body = Self.books(50_000_000, paidOn: "2026-03-02", net: 0, gross: 0)
        let found = suite.violations(in: Self.transcript(answers), of: plan)
        #expect(
            found.contains {
                $0.hasPrefix("a refusal changes nothing: `lastPaidOn` \"2026-03-01\" ≠ \"2026-03-02\", although 0 = 0")
            }, "\(found)")
    }

    @Test func otherBodyThatIsTakenIsSeen() throws {
        let (suite, plan) = try Self.rows()
        let answers = Self.sound.map { $0.label == "again" ? (label: "other", status: $0.status, body: $0.body) : $0 }
        let found = suite.violations(in: Self.transcript(answers), of: plan)
        #expect(found == ["a key belongs to one body: 201 ≠ 422, although `other` is there"])
    }
}
