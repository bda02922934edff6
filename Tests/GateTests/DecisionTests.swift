import Foundation
import RunRecords
import Testing

@testable import Gate

@Suite("The gate's decision")
struct DecisionTests {
    private typealias Change = @Sendable (inout RunRecord) -> Void
    private typealias Demand = @Sendable (inout GatePolicy) -> Void

    /// What is asked, of which run, and the exit status.
    struct Edge: Sendable, CustomStringConvertible {
        var description: String
        var policy: @Sendable (inout GatePolicy) -> Void
        var run: @Sendable (inout RunRecord) -> Void
        var code: Int

        init(
            _ description: String, _ code: Int, policy: @escaping @Sendable (inout GatePolicy) -> Void = { _ in },
            run: @escaping @Sendable (inout RunRecord) -> Void = { _ in }
        ) {
            self.description = description
            self.policy = policy
            self.run = run
            self.code = code
        }
    }

    static let edges: [Edge] = [
        Edge("a sound run under no demands", 0),
        Edge("as many compared as demanded", 0, policy: { $0.compared.run = 300 }),
        Edge("one compared too few", 2, policy: { $0.compared.run = 301 }),
        Edge("an operation just enough", 0, policy: { $0.compared.operations = ["payout": 300] }),
        Edge("an operation one short", 2, policy: { $0.compared.operations = ["payout": 301] }),
        Edge("an operation that nobody called", 2, policy: { $0.compared.operations = ["closure": 1] }),
        Edge("an operation that was never compared", 2, run: { $0.operations.append(OperationRecord(name: "closure")) }),
        Edge(
            "… which the policy lets be", 0, policy: { $0.compared.operation = 0 },
            run: { $0.operations.append(OperationRecord(name: "closure")) }),
        Edge("a dimension's value just enough", 0, policy: { $0.compared.dimensionValue = 150 }),
        Edge("a dimension's value one short", 2, policy: { $0.compared.dimensionValue = 151 }),
        Edge(
            "… unless named otherwise", 0,
            policy: {
                $0.compared.dimensionValue = 151; $0.compared.dimensions = ["balance": 150]
            }),
        Edge("one mismatch", 1, run: { $0 = SampleRuns.matrix(mismatched: 1) }),
        Edge(
            "a mismatch that is allowed", 0, policy: { $0.mismatches.allowedMax = 1 },
            run: { $0 = SampleRuns.matrix(mismatched: 1) }),
        Edge(
            "one more than allowed", 1, policy: { $0.mismatches.allowedMax = 1 }, run: { $0 = SampleRuns.matrix(mismatched: 2) }),
        Edge(
            "299 prove 1 %", 0, policy: { $0.mismatches.rateMax = .init(thousandths: 1_000) },
            run: { $0 = SampleRuns.matrix(compared: 300) }),
        Edge(
            "298 don't", 2, policy: { $0.mismatches.rateMax = .init(thousandths: 1_000) },
            run: { $0 = SampleRuns.matrix(compared: 298) }),
        // upper(1, 473) = 0.99912 %, upper(1, 472) = 1.00123 %.
        Edge(
            "1 of 473 is below 1 %", 0, policy: { $0.mismatches.rateMax = .init(thousandths: 1_000) },
            run: { $0 = SampleRuns.matrix(compared: 473, mismatched: 1) }),
        Edge(
            "1 of 472 may not be", 1, policy: { $0.mismatches.rateMax = .init(thousandths: 1_000) },
            run: { $0 = SampleRuns.matrix(compared: 472, mismatched: 1) }),
        Edge(
            "a rate and no mismatch at all", 1,
            policy: {
                $0.mismatches.rateMax = .init(thousandths: 1_000); $0.mismatches.allowedMax = 0
            },
            run: { $0 = SampleRuns.matrix(compared: 1_000, mismatched: 1) }),
        Edge(
            "an operation's own rate", 1,
            policy: {
                $0.mismatches.rateMax = .init(thousandths: 1_000);
                $0.mismatches.operationRates = ["payout": .init(thousandths: 100)]
            },
            run: { $0 = SampleRuns.matrix(compared: 1_000, mismatched: 1) }),
        Edge(
            "an operation's rate that nothing proves", 2, policy: { $0.mismatches.operationRateMax = .init(thousandths: 900) }),
        Edge(
            "critical, however low the rate", 1, policy: { $0.mismatches.rateMax = .init(thousandths: 5_000) },
            run: { $0 = SampleRuns.matrix(compared: 100_000, mismatched: 1, critical: 1) }),
        Edge(
            "a named operation is critical", 1,
            policy: {
                $0.mismatches.rateMax = .init(thousandths: 5_000); $0.mismatches.criticalOperations = ["payout"]
            },
            run: { $0 = SampleRuns.matrix(compared: 100_000, mismatched: 1) }),
        Edge(
            "another one is not", 0,
            policy: {
                $0.mismatches.rateMax = .init(thousandths: 5_000); $0.mismatches.criticalOperations = ["preview"]
            },
            run: { $0 = SampleRuns.matrix(compared: 100_000, mismatched: 1) }),
        Edge(
            "a named path is critical", 1,
            policy: {
                $0.mismatches.rateMax = .init(thousandths: 5_000); $0.mismatches.criticalPaths = [CriticalPath("$.netInterest")]
            },
            run: {
                $0 = SampleRuns.matrix(compared: 100_000, mismatched: 1); $0.cases = [SampleRuns.record()]
            }),
        Edge(
            "but not in an excused case", 0,
            policy: { $0.mismatches.criticalPaths = [CriticalPath("$.netInterest")] },
            run: {
                $0.totals.agreed -= 1; $0.totals.excused = 1; $0.cases = [SampleRuns.record("core#1", .excused, critical: true)]
            }),
        Edge(
            "all tuples", 0,
            policy: {
                $0.coverage.percentMin = .all; $0.coverage.strengthMin = 3
            }),
        Edge("a strength too low", 2, policy: { $0.coverage.strengthMin = 4 }),
        Edge("one tuple missing", 2, policy: { $0.coverage.percentMin = .all }, run: { $0.coverage?.tuplesCovered = 999 }),
        Edge(
            "… as allowed", 0, policy: { $0.coverage.percentMin = .init(thousandths: 99_900) },
            run: { $0.coverage?.tuplesCovered = 999 }),
        Edge("coverage not counted", 2, policy: { $0.coverage.percentMin = .init(thousandths: 1) }, run: { $0.coverage = nil }),
        Edge("control silent", 4, run: { $0.positiveControl?.fired = false }),
        Edge("control missing", 4, run: { $0.positiveControl = nil }),
        Edge("control not demanded", 0, policy: { $0.proof.positiveControl = [] }, run: { $0.positiveControl = nil }),
        Edge(
            "a silent control is never right", 4, policy: { $0.proof.positiveControl = [] },
            run: { $0.positiveControl?.fired = false }),
        Edge("self-test failed", 4, run: { $0.selfTest?.failures = ["it is blind"] }),
        Edge("self-test missing", 4, run: { $0.selfTest = nil }),
        Edge("self-test of nothing", 4, run: { $0.selfTest = SelfTestRecord(checks: 0, failures: []) }),
        Edge("self-test not demanded", 0, policy: { $0.proof.selfTest = [] }, run: { $0.selfTest = nil }),
        Edge(
            "one flaky", 2,
            run: {
                $0.totals.agreed -= 1; $0.totals.flaky = 1
            }),
        Edge(
            "one flaky, as allowed", 0, policy: { $0.limits.flakyMax = 1 },
            run: {
                $0.totals.agreed -= 1; $0.totals.flaky = 1
            }),
        Edge(
            "one error", 2,
            run: {
                $0.totals.planned = 301; $0.totals.errors = 1
            }),
        Edge(
            "errors at their share", 0, policy: { $0.limits.errorsMax = .init(thousandths: 25_000) },
            run: {
                $0.totals.planned = 400; $0.totals.errors = 100
            }),
        Edge(
            "errors above it", 2, policy: { $0.limits.errorsMax = .init(thousandths: 24_999) },
            run: {
                $0.totals.planned = 400; $0.totals.errors = 100
            }),
        Edge(
            "errors alone", 2, policy: { $0.limits.errorsMax = .all },
            run: {
                $0.totals = RunTotals(); $0.totals.planned = 9; $0.totals.errors = 9; $0.operations = []; $0.dimensions = []
            }),
        Edge(
            "flaky alone", 2,
            run: {
                $0.totals.agreed = 0; $0.totals.flaky = 300
            }),
        Edge(
            "not all run", 2,
            run: {
                $0.totals.planned = 301; $0.totals.notRun = 1
            }),
        Edge(
            "not all run, as allowed", 0, policy: { $0.limits.notRunMax = .init(thousandths: 1_000) },
            run: {
                $0.totals.planned = 301; $0.totals.notRun = 1
            }),
        Edge(
            "excused as allowed", 0, policy: { $0.limits.excusedMax = 2 },
            run: {
                $0.totals.agreed -= 2; $0.totals.excused = 2
            }),
        Edge(
            "excused too often", 1, policy: { $0.limits.excusedMax = 1 },
            run: {
                $0.totals.agreed -= 2; $0.totals.excused = 2
            }),
        Edge("young enough", 0, policy: { $0.runs.ageMaxMs = 2_995_750 }),
        Edge("a millisecond too old", 2, policy: { $0.runs.ageMaxMs = 2_995_749 }),
        Edge("of no known age", 2, policy: { $0.runs.ageMaxMs = 2_995_750 }, run: { $0.finishedAt = "yesterday" }),
        Edge("from the future", 2, policy: { $0.runs.ageMaxMs = 2_995_750 }, run: { $0.finishedAt = "2026-03-02T01:05:01Z" }),
        Edge("the build", 0, policy: { $0.runs.candidateBuild = "4f2a" }),
        Edge("another build", 2, policy: { $0.runs.candidateBuild = "4f2b" }),
        Edge(
            "a required run", 0,
            policy: {
                $0.runs.required = [RequiredRun(kind: .matrix, name: "core", comparedMin: 300, strengthMin: 3, coverageMin: .all)]
            }),
        Edge(
            "with floors of its own", 2,
            policy: { $0.runs.required = [RequiredRun(kind: .matrix, name: "core", comparedMin: 301)] }),
        Edge(
            "with a strength of its own", 2,
            policy: { $0.runs.required = [RequiredRun(kind: .matrix, name: "core", strengthMin: 4)] }),
        Edge("another name", 2, policy: { $0.runs.required = [RequiredRun(kind: .matrix, name: "money")] }),
        Edge("another kind", 2, policy: { $0.runs.required = [RequiredRun(kind: .proxy)] }),
        Edge("unreachable", 3, run: { $0.unreachable = [UnreachableRecord(side: "legacy", sentence: "refused")] }),
        Edge("counts that don't add up", 4, run: { $0.totals.agreed -= 1 }),
        Edge("planned rows that vanished", 4, run: { $0.totals.planned += 1 }),
        Edge(
            "a negative count", 4,
            run: {
                $0.totals.flaky = -1; $0.totals.agreed += 1
            }),
        Edge("a mismatch that the totals forgot", 4, run: { $0.cases = [SampleRuns.record()] }),
        Edge("an operation's mismatch that they forgot", 4, run: { $0.operations[0].mismatched = 1 }),
        Edge(
            "numbers that would overflow", 4,
            run: {
                $0.totals.planned = .max; $0.totals.errors = .max
            }),
        Edge("faults all seen", 0, run: { $0 = SampleRuns.prove() }),
        Edge("a fault missed", 1, run: { $0 = SampleRuns.prove(missed: 1) }),
        Edge(
            "… within the share", 0,
            policy: { $0.proof.killedMin = .init(thousandths: 97_500) }, run: { $0 = SampleRuns.prove(missed: 1) }),
        Edge(
            "… and a mismatch that is no fault", 1, policy: { $0.proof.killedMin = .init(thousandths: 97_500) },
            run: {
                $0 = SampleRuns.prove(missed: 1); $0.totals.agreed -= 1; $0.totals.mismatched += 1
            }),
        Edge(
            "a proof is no sample of traffic", 0, policy: { $0.mismatches.rateMax = .init(thousandths: 1_000) },
            run: { $0 = SampleRuns.prove() }),
        Edge(
            "a proof without control", 4,
            run: {
                $0 = SampleRuns.prove(); $0.positiveControl = nil
            }),
        Edge(
            "a row of the equal pair without a verdict", 2,
            run: {
                $0 = SampleRuns.prove(); $0.cases = [SampleRuns.record("core#1", .error)]
            }),
        Edge(
            "a flaky row of the equal pair", 2,
            run: {
                $0 = SampleRuns.prove(); $0.cases = [SampleRuns.record("core#1", .flaky)]
            }),
        Edge("enough faults", 0, policy: { $0.proof.faultsMin = 40 }, run: { $0 = SampleRuns.prove() }),
        Edge("too few faults", 2, policy: { $0.proof.faultsMin = 41 }, run: { $0 = SampleRuns.prove() }),
        Edge("a proof of nothing", 2, run: { $0 = SampleRuns.prove(faults: 0) }),
    ]

    @Test("Each threshold, on either side of its edge", arguments: edges)
    func edge(_ edge: Edge) {
        var policy = GatePolicy()
        var run = SampleRuns.matrix()
        edge.policy(&policy)
        edge.run(&run)
        let decision = SampleRuns.report([run], policy: policy).decision
        #expect(decision.exitCode == edge.code, "\(decision.findings.map(\.sentence))")
        #expect((decision.exitCode == 0) == decision.findings.isEmpty)
    }

    @Test("The gravest reason decides: untrusted, mismatch, unreachable, too little")
    func precedence() {
        func run(_ change: (inout RunRecord) -> Void) -> RunRecord {
            var run = SampleRuns.matrix()
            change(&run)
            return run
        }
        let silent = run { $0.positiveControl?.fired = false }
        let mismatch = SampleRuns.matrix(mismatched: 1)
        let down = run { $0.unreachable = [UnreachableRecord(side: "candidate", sentence: "refused")] }
        let empty = run {
            $0.totals = RunTotals(); $0.operations = []; $0.dimensions = []
        }
        let sound = SampleRuns.matrix()
        #expect(SampleRuns.code([sound, empty, down, mismatch, silent]) == 4)
        #expect(SampleRuns.code([sound, empty, down, mismatch]) == 1)
        #expect(SampleRuns.code([sound, empty, down]) == 3)
        #expect(SampleRuns.code([sound, empty]) == 2)
        #expect(SampleRuns.code([sound]) == 0)
        #expect(SampleRuns.code([]) == 2)
        let tones = SampleRuns.report([empty, mismatch, silent, down]).decision.reasons.map(\.tone)
        #expect(tones == tones.sorted(by: >))
    }

    @Test("--inconclusive pass lets only too little evidence through, and says so everywhere")
    func waved() throws {
        var empty = SampleRuns.matrix()
        empty.totals = RunTotals()
        let pass = { (policy: inout GatePolicy) in policy.inconclusivePasses = true }
        #expect(SampleRuns.code([empty], pass) == 0)
        #expect(SampleRuns.code([SampleRuns.matrix(mismatched: 1)], pass) == 1)
        var down = empty
        down.unreachable = [UnreachableRecord(side: "candidate", sentence: "refused")]
        #expect(SampleRuns.code([down], pass) == 3)
        var policy = GatePolicy()
        pass(&policy)
        let report = SampleRuns.report([empty], policy: policy)
        #expect(report.decision.waved && report.decision.verdict == .inconclusive)
        let outputs = [
            GateTerminalText.lines(report).map(\.text).joined(separator: "\n"), JUnitReport.render(report),
            MarkdownSummary.render(report), try GateHTML.render(report), GateAnnotations.render(report),
            try GateReportFile.write(report),
        ]
        for output in outputs { #expect(output.contains("--inconclusive pass") || output.contains(#""waved" : true"#)) }
        #expect(GateAnnotations.render(report).hasPrefix("::warning "))
    }

    @Test("Runs of several candidates are not one proof; ledgers don't count")
    func candidates() {
        var other = SampleRuns.matrix("money")
        other.candidate = "http://127.0.0.1:7200 (build 4f2b)"
        var ledgers = SampleRuns.matrix()
        ledgers.kind = .reconciliation
        ledgers.candidate = "payout.db"
        let same = { (policy: inout GatePolicy) in policy.runs.sameCandidate = true }
        #expect(SampleRuns.code([SampleRuns.matrix(), SampleRuns.matrix("money"), ledgers], same) == 0)
        #expect(SampleRuns.code([SampleRuns.matrix(), other], same) == 2)
        #expect(SampleRuns.code([SampleRuns.matrix(), other]) == 0)
    }

    @Test("An operation named in the policy is counted over all runs")
    func operationsTogether() {
        let two = [SampleRuns.matrix(), SampleRuns.matrix("money")]
        #expect(SampleRuns.code(two) { $0.compared.operations = ["payout": 600] } == 0)
        #expect(SampleRuns.code(two) { $0.compared.operations = ["payout": 601] } == 2)
        let twice = [SampleRuns.matrix(), SampleRuns.matrix()]
        #expect(SampleRuns.code(twice) { $0.compared.operations = ["payout": 301] } == 2, "one run named twice is one run")
    }

    @Test(
        "A critical path takes its place and what is below it",
        arguments: [
            ("$.netInterest", "payout", "$.netInterest", true), ("$.net", "payout", "$.netInterest", false),
            ("$.lines", "journal", "$.lines[3].debit", true), ("$.lines[].debit", "journal", "$.lines[3].debit", true),
            ("$.lines[*].debit", "journal", "$.lines[3].credit", false), ("journal $.lines", "books", "$.lines[0]", false),
            ("journal $.lines", "journal", "$.lines[0]", true), ("$..amount", "a", "$.x[2].amount", true),
            ("$..amount", "a", "$.x.amounts", false), ("status", "payout", "status", true), ("$", "a", "$.b", true),
        ])
    func paths(_ pattern: String, _ answer: String, _ path: String, _ takes: Bool) {
        let difference = CaseDifference(
            answer: answer, path: path, kind: "value", legacy: "1", candidate: "2", expected: nil, critical: false)
        #expect(CriticalPath(pattern).takes(difference) == takes)
    }
}
