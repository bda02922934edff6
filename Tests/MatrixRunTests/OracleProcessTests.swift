import CaseMatrix
import Testing

@testable import MatrixRun

@Suite struct OracleProcessTests {
    private func plan(_ id: String) -> CasePlan {
        CasePlan(
            id: id, dimensions: [], choices: [], fixture: #"{"id":"\#(id)","amount":1.50}"#,
            steps: [
                CaseStep(calls: [
                    CaseCall(
                        label: "pay", operation: "payout", method: "POST", path: "/p", headers: [CaseHeader("K", "v")],
                        body: "{\n}")
                ])
            ], readBack: [CaseCall(label: "journal", operation: "journal", method: "GET", path: "/j")])
    }

    private func ask(_ script: String, _ ids: [String] = ["a"], within: Duration = .seconds(20)) async throws -> [RulesStatement]
    {
        let oracle = try OracleProcess(["/bin/sh", "-c", script], answerWithin: within)
        defer { oracle.close() }
        return await withTaskGroup(of: (Int, RulesStatement).self) { group in
            for (index, id) in ids.enumerated() { group.addTask { (index, await oracle.expects(plan(id))) } }
            var statements = [RulesStatement](repeating: .none, count: ids.count)
            for await (index, statement) in group { statements[index] = statement }
            return statements
        }
    }

    private func sentence(_ statement: RulesStatement) -> String {
        if case .failed(let sentence) = statement { sentence } else { "no failure: \(statement)" }
    }

    @Test("the question is one line with everything in it")
    func question() {
        #expect(
            String(decoding: OracleMessages.question(plan("a")), as: UTF8.self)
                == #"{"case":"a","fixture":{"id":"a","amount":1.50},"steps":[[{"label":"pay","operation":"payout","method":"POST","path":"/p","headers":{"K":"v"},"body":"{\n}"}]],"readBack":[{"label":"journal","operation":"journal","method":"GET","path":"/j","headers":{},"body":null}]}"#
        )
    }

    @Test("answers find their rows, many at once")
    func answers() async throws {
        let ids = (0..<300).map { "c\($0)" }
        let script =
            #"sed -u -E 's/.*"case":"([^"]*)".*/{"case":"\1","steps":[[{"status":201,"body":{"id":"\1"}}]],"readBack":{}}/'"#
        let statements = try await ask(script, ids)
        for (id, statement) in zip(ids, statements) {
            let expected = ExpectedAnswer(status: 201, body: JSONTree(#"{"id":"\#(id)"}"#))
            #expect(statement == .expects(ExpectedRow(steps: [[expected]], readBack: [:])))
        }
    }

    @Test func refusal() async throws {
        let statements = try await ask(#"read line; echo '{"case":"a","error":"no such product"}'; cat >/dev/null"#)
        #expect(statements == [.failed("no such product")])
    }

    @Test("garbage takes the place of the answer that was due, and only that")
    func garbage() async throws {
        let script =
            #"read line; echo 'Traceback (most recent call last)'; read line; echo '{"case":"b","steps":[],"readBack":{}}'; cat >/dev/null"#
        let oracle = try OracleProcess(["/bin/sh", "-c", script])
        let first = await oracle.expects(plan("a"))
        #expect(sentence(first) == "the oracle wrote a line that is no answer: Traceback (most recent call last)")
        #expect(await oracle.expects(plan("b")) == .expects(ExpectedRow(steps: [], readBack: [:])))
        oracle.close()
        #expect(sentence(await oracle.expects(plan("c"))) == "the oracle was closed")
    }

    @Test("nothing but garbage is given up")
    func onlyGarbage() async throws {
        let statements = try await ask("while read line; do echo what; done", (0..<60).map { "c\($0)" })
        #expect(statements.allSatisfy { sentence($0) == "the oracle wrote a line that is no answer: what" })
    }

    @Test("a crash fails what is asked and what will be")
    func crash() async throws {
        let oracle = try OracleProcess(["/bin/sh", "-c", "read line; exit 3"])
        for id in ["a", "b"] {
            #expect(sentence(await oracle.expects(plan(id))).hasSuffix("ended with status 3"))
        }
        #expect(oracle.gone != nil)
    }

    @Test("silence is not waited out for ever")
    func silence() async throws {
        let statements = try await ask("cat >/dev/null", within: .milliseconds(50))
        #expect(sentence(statements[0]).contains("said nothing for"))
    }

    @Test func noSuchProgram() async throws {
        let oracle = try OracleProcess(["/nowhere/oracle"])
        #expect(sentence(await oracle.expects(plan("a"))).hasSuffix("ended with status 127"))
    }
}
