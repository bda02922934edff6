import CaseDesign
import CaseMatrix
import Foundation
import RuleFiles
import RunRecords
import TestKit
import Testing

@testable import MatrixRun

@Suite struct RunTextTests {
    @Test(arguments: [(1, 0.05), (36, 0.920_153), (59, 0.950_492), (45, 0.935_596)])
    func bound(_ count: Int, _ value: Double) throws {
        let lowest = try #require(ProofBound.lowest(seen: count))
        #expect(abs(lowest - value) < 0.000_002)
    }

    @Test func boundSentences() {
        #expect(ProofBound.lowest(seen: 0) == nil)
        #expect(ProofBound.sentence(missed: 0, of: 36).contains("with 95 % confidence at least 92.0 %"))
        #expect(ProofBound.sentence(missed: 1, of: 36) == "1 of 36 faults were missed: no bound holds.")
    }

    @Test func curl() {
        let call = CaseCall(
            label: "l", operation: "o", method: "POST", path: "/a?b=1", headers: [CaseHeader("K", "it's")], body: "{\"a\":1}")
        #expect(
            CurlText.command(call, url: "http://h:1")
                == #"curl -sS -X POST -H 'K: it'\''s' --data-binary '{"a":1}' 'http://h:1/a?b=1'"#)
    }

    struct Exit: Sendable {
        var name: String
        var change: @Sendable (inout RunRecord) -> Void
        var exit: RunExit
    }

    @Test(arguments: [
        Exit(name: "all agree", change: { _ in }, exit: .agreed),
        Exit(
            name: "excused",
            change: {
                $0.totals.agreed -= 1
                $0.totals.excused += 1
            }, exit: .agreed),
        Exit(name: "one fails", change: { $0.totals.mismatched = 1 }, exit: .mismatch),
        Exit(name: "one flaky", change: { $0.totals.flaky = 1 }, exit: .inconclusive),
        Exit(name: "one without an answer", change: { $0.totals.errors = 1 }, exit: .inconclusive),
        Exit(name: "one not run", change: { $0.totals.notRun = 1 }, exit: .inconclusive),
        Exit(name: "nothing compared", change: { $0.totals = RunTotals() }, exit: .inconclusive),
        Exit(name: "a silent control", change: { $0.positiveControl?.fired = false }, exit: .inconclusive),
        Exit(name: "a side gone", change: { $0.unreachable = [.init(side: "legacy", sentence: "x")] }, exit: .unreachable),
        Exit(name: "the oracle gone", change: { $0.unreachable = [.init(side: "oracle", sentence: "x")] }, exit: .inconclusive),
        Exit(name: "self-test", change: { $0.selfTest?.failures = ["x"] }, exit: .selfTest),
        Exit(name: "a self-test of nothing", change: { $0.selfTest?.checks = 0 }, exit: .selfTest),
    ])
    func exits(_ exit: Exit) {
        var totals = RunTotals()
        totals.planned = 10
        totals.compared = 10
        totals.agreed = 10
        var record = RunRecord(
            kind: .matrix, name: "n", startedAt: "", finishedAt: "", legacy: "l", candidate: "c", totals: totals)
        record.selfTest = SelfTestRecord(checks: 30, failures: [])
        record.positiveControl = PositiveControl(name: "c", fired: true, detail: "")
        exit.change(&record)
        #expect(RunExit(record) == exit.exit, "\(exit.name)")
    }

    @Test func regressionSeeds() throws {
        let folder = try TemporaryDirectory()
        let model = CaseModel(parameters: [
            CaseParameter(name: "balance", values: [CaseValue("0"), CaseValue("-1000")]),
            CaseParameter(name: "cache", values: [CaseValue("cold"), CaseValue("warm: then \"changed\"")]),
        ])
        let seeds = RegressionSeeds(folder: folder.path + "/regressions", suite: "core")
        #expect(try seeds.read(model).isEmpty)
        #expect(try seeds.keep(CaseRow([1, 1]), of: model, comment: ["2026-11-24, core#000001: payout $.gross"]))
        #expect(try !seeds.keep(CaseRow([1, 1]), of: model, comment: ["again"]))
        #expect(try seeds.keep(CaseRow([0, 1]), of: model, comment: ["another"]))
        #expect(try seeds.read(model) == [[1, 1], [0, 1]])
        let text = try String(contentsOfFile: seeds.path, encoding: .utf8)
        #expect(text.contains("  # 2026-11-24, core#000001: payout $.gross\n  - { balance: -1000, cache: "))
        var smaller = model
        smaller.parameters[0].values.removeLast()
        #expect(throws: ConfigurationError.self) { try seeds.read(smaller) }
    }
}
