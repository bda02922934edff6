import RunRecords

/// Every way in which a verifier has been seen to look away, as a pair that it must see; and pairs that it must let pass.
enum CanaryBattery {
    static var all: [Canary] { agreeing + differing + judged }

    private static var agreeing: [Canary] {
        let answer = Canary.answer
        let pairs: [(String, String)] = [
            ("the same bytes", answer),
            (
                "members in another order",
                #"{"canaryId":"x","lines":[{"amount":1},{"amount":2}],"note":null,"account":"a-1","canaryGross":5479}"#
            ),
            ("white space", answer.replacing(",", with: ", ")),
            ("another value where it is ignored", answer.replacing(#""x""#, with: #""y""#)),
        ]
        return pairs.map { name, body in
            Canary(name: name, legacy: Canary.run(), candidate: Canary.run(body), must: .classes([.agree]))
        }
    }

    private static var differing: [Canary] {
        let answer = Canary.answer
        let bodies: [(String, String)] = [
            ("a won more", answer.replacing("5479", with: "5480")),
            ("the last item of a list", answer.replacing(#""amount":2"#, with: #""amount":3"#)),
            ("an item less at the end", answer.replacing(#",{"amount":2}"#, with: "")),
            ("an item more at the end", answer.replacing(#"{"amount":2}]"#, with: #"{"amount":2},{"amount":3}]"#)),
            ("an added member", answer.replacing(#""note""#, with: #""extra":1,"note""#)),
            ("an added member in a list", answer.replacing(#""amount":1"#, with: #""amount":1,"extra":0"#)),
            ("a missing member", answer.replacing(#""account":"a-1","#, with: "")),
            ("null where it is absent", answer.replacing(#""note":null,"#, with: "")),
            ("a string for a number", answer.replacing("5479", with: #""5479""#)),
            ("true for a number", answer.replacing("5479", with: "true")),
            ("an empty body", ""),
        ]
        var canaries = bodies.map { name, body in
            Canary(name: name, legacy: Canary.run(), candidate: Canary.run(body), must: .classes([.candidateWrong]))
        }
        canaries.append(
            Canary(
                name: "2^53 against 2^53 + 1", legacy: Canary.run(answer.replacing("5479", with: "9007199254740992")),
                candidate: Canary.run(answer.replacing("5479", with: "9007199254740993")), must: .classes([.candidateWrong])))
        canaries.append(
            Canary(
                name: "another status", legacy: Canary.run(), candidate: Canary.run(status: 200),
                must: .classes([.candidateWrong])))
        let problem = #"{"type":"about:blank","status":422,"code":"ACCOUNT_DORMANT"}"#
        canaries.append(
            Canary(
                name: "another code of a problem",
                legacy: Canary.run(problem, status: 422, type: "application/problem+json"),
                candidate: Canary.run(
                    problem.replacing("DORMANT", with: "CLOSED"), status: 422, type: "application/problem+json"),
                must: .classes([.candidateWrong])))
        canaries.append(
            Canary(
                name: "an altered journal line", legacy: Canary.run(),
                candidate: Canary.run(journal: Canary.journal.replacing("4701", with: "4700")),
                must: .classes([.candidateWrong])))
        canaries.append(
            Canary(
                name: "a journal line that is not there", legacy: Canary.run(),
                candidate: Canary.run(journal: Canary.journal.replacing(#",{"kind":"DEPOSIT","credit":100}"#, with: "")),
                must: .classes([.candidateWrong])))
        canaries.append(
            Canary(
                name: "the sides told apart", legacy: Canary.run(),
                candidate: Canary.run(answer.replacing("5479", with: "5480")),
                must: .difference(path: "$.canaryGross", legacy: "5479", candidate: "5480")))
        canaries.append(
            Canary(
                name: "the sides told apart by what is absent", legacy: Canary.run(),
                candidate: Canary.run(answer.replacing(#""account":"a-1","#, with: "")),
                must: .difference(path: "$.account", legacy: #""a-1""#, candidate: nil)))
        return canaries
    }

    private static var judged: [Canary] {
        let off = Canary.answer.replacing("5479", with: "5480")
        let right = RulesStatement.expects(
            ExpectedRow(
                steps: [[ExpectedAnswer(status: 201, body: JSONTree(#"{"canaryGross":5479}"#))]],
                readBack: ["canaryJournal": ExpectedAnswer(status: 200, body: JSONTree(Canary.journal))]))
        let cut = SideRun(answers: [Canary.run().answers[0]], failure: "canaryJournal: timed out")
        let silent = SideRun(failure: "canary: timed out")
        return [
            Canary(
                name: "both as the rules say", legacy: Canary.run(), candidate: Canary.run(), rules: right,
                must: .classes([.agree])),
            Canary(
                name: "the candidate against the rules", legacy: Canary.run(), candidate: Canary.run(off), rules: right,
                must: .classes([.candidateWrong])),
            Canary(
                name: "the legacy against the rules, signed by nobody", legacy: Canary.run(off), candidate: Canary.run(),
                rules: right, must: .classes([.legacyQuirk])),
            Canary(
                name: "both against the rules", legacy: Canary.run(off), candidate: Canary.run(off), rules: right,
                must: .classes([.bothWrong])),
            Canary(
                name: "both without the journal line of the rules",
                legacy: Canary.run(journal: #"{"lines":[]}"#), candidate: Canary.run(journal: #"{"lines":[]}"#), rules: right,
                must: .classes([.bothWrong])),
            Canary(name: "a candidate that does not answer", legacy: Canary.run(), candidate: cut, must: .classes([.error])),
            Canary(name: "a legacy that does not answer", legacy: cut, candidate: Canary.run(), must: .classes([.error])),
            Canary(name: "nobody answers", legacy: silent, candidate: silent, must: .classes([.error])),
            Canary(
                name: "an oracle that does not answer", legacy: Canary.run(), candidate: Canary.run(),
                rules: .failed("said nothing"), must: .classes([.error])),
        ]
    }
}
