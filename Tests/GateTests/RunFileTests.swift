import Comparison
import Foundation
import Reports
import RunRecords
import Testing
import Verdicts

@testable import Gate

@Suite("Runs from files")
struct RunFileTests {
    private func sentence(_ text: String) -> String {
        do throws(RunFileError) {
            _ = try RunFile.read(Data(text.utf8), named: "run.json")
            return "read"
        } catch {
            return error.description
        }
    }

    @Test(
        "What is no run is refused in one sentence that names the file",
        arguments: [
            ("", "run.json is not a JSON document with a schema"), ("{", "run.json is not a JSON document"),
            ("{}", "run.json names no schema"), ("null", "run.json"), ("3", "run.json"),
            (
                #"{"schema":"countersign.run/2"}"#,
                #"run.json is of schema "countersign.run/2"; this version reads "countersign.run/1""#
            ),
            (#"{"schema":"countersign.gate/1"}"#, #"is of schema "countersign.gate/1""#),
            (#"{"schema":7}"#, "run.json"),
            (#"{"schema":"countersign.run/1","kind":"matrix"}"#, "$ has no `"),
            (#"{"schema":"countersign.report/1"}"#, "run.json is not a proxy's report as its schema says: $ has no `"),
            (#"{"schema":"countersign.reconciliation/1"}"#, "$ has no `"),
            (#"[{"schema":"countersign.run/1"}]"#, "$[0] has no `"),
        ])
    func refused(_ text: String, _ expected: String) {
        let found = sentence(text)
        #expect(found.contains(expected), "\(found)")
        #expect(!found.contains("\n"))
    }

    @Test("A run's record comes back as it was written, alone or in a list")
    func records() throws {
        let runs = [SampleRuns.failing(), SampleRuns.prove(missed: 2)]
        let encoder = JSONEncoder()
        #expect(try RunFile.read(encoder.encode(runs[0]), named: "a") == [runs[0]])
        #expect(try RunFile.read(encoder.encode(runs), named: "a") == runs)
    }

    @Test("An unpaired surrogate makes no run unreadable, and a pair stays a character")
    func surrogates() throws {
        var run = SampleRuns.matrix()
        run.name = "NAME"
        let text = String(decoding: try JSONEncoder().encode(run), as: UTF8.self)
        for (escape, expected) in [
            (#"\ud800"#, "\u{FFFD}"), (#"\uDC00x"#, "\u{FFFD}x"), (#"\ud83d\ude00"#, "😀"), (#"\\ud800"#, #"\ud800"#),
            (#"\ud800\ud83d\ude00"#, "\u{FFFD}😀"),
        ] {
            let read = try RunFile.read(Data(text.replacing("NAME", with: escape).utf8), named: "a")
            #expect(read.first?.name == expected, "\(escape)")
        }
    }

    private func proxy(
        _ verdicts: [Verdict: Int], keys: [KeyReport] = [], incidents: [IncidentReport] = [], received: Int? = nil
    ) -> RunReport {
        let sum = verdicts.values.reduce(0, +)
        return RunReport(
            generatedAt: SampleRuns.now, since: SampleRuns.now.addingTimeInterval(-600), until: SampleRuns.now,
            plan: PlanSummary(legacy: "http://l", candidate: "http://c", source: "bank.yaml"),
            operations: [OperationCounts(operation: "preview", received: sum, verdicts: verdicts)], received: received ?? sum,
            incidents: incidents, keys: keys)
    }

    private func read(_ report: RunReport) throws -> RunRecord {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        return try #require(try RunFile.read(encoder.encode(report), named: "proxy.json").first)
    }

    @Test(
        "A proxy's verdicts, and what the gate makes of them",
        arguments: [
            ([.match: 900, .tolerated: 100], 0, 1_000, 0, 0), ([.match: 999, .mismatch: 1], 1, 1_000, 0, 0),
            ([.match: 999, .shadowError: 1], 2, 999, 1, 0), ([.match: 999, .shed: 1], 2, 999, 1, 0),
            ([.match: 999, .interrupted: 1], 2, 999, 1, 0), ([.match: 999, .shadowTimeout: 1], 2, 999, 1, 0),
            ([.match: 10, .never: 500, .unsampled: 400], 0, 10, 0, 900), ([.never: 5], 2, 0, 0, 5),
            ([.shadowError: 5], 3, 0, 5, 0), ([.primaryError: 5], 3, 0, 5, 0), ([:], 2, 0, 0, 0),
        ] as [([Verdict: Int], Int, Int, Int, Int)])
    func verdicts(_ verdicts: [Verdict: Int], _ code: Int, _ compared: Int, _ errors: Int, _ notRun: Int) throws {
        let run = try read(proxy(verdicts))
        #expect(run.kind == .proxy && run.name == "bank.yaml")
        #expect(run.accountingFaults == [])
        #expect(run.totals.compared == compared && run.totals.errors == errors && run.totals.notRun == notRun)
        #expect(SampleRuns.code([run]) == code)
    }

    @Test("Diverged keys and late writes are mismatches; counts that don't add up are not trusted")
    func beyondVerdicts() throws {
        let diverged = try read(proxy([.match: 9], keys: [KeyReport(key: "k<1>", standing: .diverged, cause: "20 tries")]))
        #expect(diverged.totals.mismatched == 1 && SampleRuns.code([diverged]) == 1)
        #expect(diverged.accountingFaults == [])
        #expect(diverged.cases.map(\.title) == ["key k<1> has diverged: 20 tries"])

        let incident = IncidentReport(
            fingerprint: "f", operation: "payout", kind: Verdict.mismatch.name, path: "$.net", severity: .critical, count: 2,
            firstSeen: SampleRuns.now, lastSeen: SampleRuns.now)
        let late = try read(proxy([.match: 9, .shadowError: 3], incidents: [incident]))
        #expect(late.totals.mismatched == 2 && late.totals.errors == 1 && late.totals.compared == 11)
        #expect(late.accountingFaults == [] && SampleRuns.code([late]) == 1)

        let lost = try read(proxy([.match: 9], received: 10))
        #expect(SampleRuns.code([lost]) == 4)
    }

    @Test("An incident becomes a case with both values and its commands")
    func incidents() throws {
        let sample = IncidentSample(
            evidenceID: "e1", method: "GET", target: "/a", keys: ["k"], instant: "2026-03-02T00:00:00Z",
            differences: [
                ReportedDifference(path: "$.net", kind: .value, severity: .critical, legacy: "1", candidate: nil),
                ReportedDifference(path: "$.at", kind: .value, severity: .minor, tolerated: true, legacy: "1", candidate: "2"),
            ], reproduce: "curl a\ncurl b")
        let incident = IncidentReport(
            fingerprint: "f", operation: "preview", kind: Verdict.mismatch.name, path: "$.net", severity: .critical, count: 3,
            firstSeen: SampleRuns.now, lastSeen: SampleRuns.now, sample: sample)
        let run = try read(proxy([.match: 9, .mismatch: 3], incidents: [incident]))
        let record = try #require(run.cases.first)
        #expect(record.critical && record.isMismatch && record.curl == ["curl a", "curl b"])
        #expect(record.differences.map(\.path) == ["$.net"] && record.differences[0].candidate == nil)
        #expect(run.operations.first?.critical == 3)
        var policy = GatePolicy()
        policy.mismatches.rateMax = Percentage(thousandths: 90_000)
        #expect(SampleRuns.report([run], policy: policy).decision.findings.map(\.rule) == ["critical"])
    }

    private func reconciliation(_ accounts: Int, _ differing: Int, _ count: Int, _ differences: String) throws -> RunRecord {
        let text = """
            {"schema":"countersign.reconciliation/1","startedAt":"2026-03-02T00:00:00Z","finishedAt":"2026-03-02T00:00:09Z",
            "legacy":"l.db","payout":"p.db","totals":[],"accounts":\(accounts),"accountsDiffering":\(differing),
            "differenceCount":\(count),"differences":[\(differences)]}
            """
        return try #require(try RunFile.read(Data(text.utf8), named: "ledgers.json").first)
    }

    @Test("A reconciliation's accounts and ledgers")
    func reconciliations() throws {
        let account = #"{"account":"A1","what":"balance","legacy":"5","payout":"6"}"#
        let whole = #"{"what":"debits = credits","legacy":"yes","payout":"no"}"#
        let equal = try reconciliation(1_000, 0, 0, "")
        #expect(equal.totals.compared == 1_001 && SampleRuns.code([equal]) == 0)
        #expect(SampleRuns.code([try reconciliation(0, 0, 0, "")]) == 2)
        let one = try reconciliation(1_000, 1, 1, account)
        #expect(one.totals.mismatched == 1 && one.cases.map(\.id) == ["ledgers#A1"] && SampleRuns.code([one]) == 1)
        #expect(SampleRuns.code([try reconciliation(1_000, 0, 1, whole)]) == 1)
        #expect(SampleRuns.code([try reconciliation(1_000, 0, 1, "")]) == 1)
        let all = try reconciliation(0, 0, 1, whole)
        #expect(SampleRuns.code([all]) == 1)
        for run in [equal, one, all] { #expect(run.accountingFaults == []) }
    }
}
