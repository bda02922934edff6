import InterestContract
import Testing

@Suite struct AnswerTests {
    private func text(_ answer: some WireAnswer) -> String { String(decoding: answer.json, as: UTF8.self) }

    @Test func writesMembersInTheContractsOrder() throws {
        let from = try #require(CivilDate("2026-03-01"))
        let to = try #require(CivilDate("2026-03-02"))
        let preview = PreviewAnswer(
            period: .init(from: from, to: from, days: 1), grossInterest: 5_479, incomeTax: 760, localIncomeTax: 70,
            netInterest: 4_649)
        let inner =
            #""period":{"from":"2026-03-01","to":"2026-03-01","days":1},"grossInterest":5479,"incomeTax":760,"localIncomeTax":70,"netInterest":4649"#
        #expect(text(preview) == "{\(inner)}")
        let payout = PayoutAnswer(
            payoutId: "p", accountId: "a", businessDate: to, interest: preview, balanceAfter: 9_007_199_254_740_993,
            heldAmount: 0,
            processedAt: "2026-03-02T09:00:00+09:00")
        #expect(
            text(payout)
                == #"{"payoutId":"p","accountId":"a","businessDate":"2026-03-02",\#(inner),"balanceAfter":9007199254740993,"heldAmount":0,"currency":"KRW","processedAt":"2026-03-02T09:00:00+09:00"}"#
        )
        #expect(
            text(ClosureAnswer(closureId: "c", interest: preview, paidOut: 7))
                == #"{"closureId":"c",\#(inner),"paidOut":7,"balanceAfter":0,"state":"CLOSED"}"#)
        let account = AccountAnswer(
            accountId: "a", balance: -1, heldAmount: 2, lastPaidOn: nil, state: .seized, depositFreeze: true,
            withdrawalFreeze: false,
            incidentAmount: nil, customerState: .kycExpired)
        #expect(
            text(account)
                == #"{"accountId":"a","balance":-1,"heldAmount":2,"lastPaidOn":null,"state":"SEIZED","depositFreeze":true,"withdrawalFreeze":false,"incidentAmount":null,"customerState":"KYC_EXPIRED"}"#
        )
    }

    @Test(arguments: ProblemCode.allCases)
    func writesProblems(code: ProblemCode) throws {
        let document = try WireJSON(Problem(code, "a \"quoted\"\nsentence").json)
        #expect(document["code"]?.string == code.rawValue)
        #expect(document["status"]?.integer == Int64(code.status))
        #expect(document["detail"]?.string == "a \"quoted\"\nsentence")
        #expect(document["type"]?.string?.hasPrefix("urn:interest:problem:") == true)
        // What is no decision about an account or product may be asked again under the same key.
        #expect(!code.isStored || [404, 409, 422].contains(code.status))
        #expect(!(400...403).contains(code.status) || !code.isStored)
    }
}
